import { describe, expect, it } from '@jest/globals';
import type { FilterContext, SkipContext } from '../domain/ports.js';
import { compileFilter, compileSkip, expressionProblem } from './expressions.js';

const chat: FilterContext = {
  page: { url: 'https://shop.example/returns/42', title: 'Rücksendung' },
  topic: 'Returns',
  language: 'de',
  locale: 'de-AT',
  channel: 'WEB_CHAT',
  prechat: { order: '4711', empty: '' },
  contact: { plan: 'gold' },
  contactVerified: true,
  queue: 'sales',
};
const target: SkipContext = {
  page: chat.page,
  topic: chat.topic,
  language: chat.language,
  locale: chat.locale,
  channel: chat.channel,
  queue: { id: 'sales', open: true, waiting: 7, longestWaitSeconds: 90, agentsAvailable: 2, freeCapacity: 0 },
};
const matches = (text: string, change: Partial<FilterContext> = {}): boolean =>
  compileFilter(text)({ ...chat, ...change });
const reason = (text: string): string | undefined => expressionProblem('filter', text)?.reason;

describe('filters', () => {
  it.each([
    [''],
    ['  '],
    ['true'],
    ['page.url.contains("/returns") && language == "de" && locale.endsWith("AT")'],
    ['page.title == "Rücksendung"'],
    ['topic.lowerAscii() == "returns" && topic.upperAscii() == "RETURNS"'],
    ['queue == "sales" || queue == ""'],
    ['prechat.order == "4711"'],
    ['prechat["order"] == "4711"'],
    ['has(prechat.order) && has(prechat.empty) && !has(prechat.other)'],
    ['"order" in prechat && !("other" in prechat)'],
    ['contact.plan in ["gold", "platinum"]'],
    ['["refund", "returns"].exists(word, page.url.contains(word))'],
    ['["https", "shop"].all(word, page.url.contains(word))'],
    ['["a", "b"].all(x, ["b", "a"].exists(y, x == y))'],
    ['page.url.matches("/returns/[0-9]+$")'],
    ['page.url.matches("(?i)RETURNS")'],
    ['size(prechat.order) == 4 && "äö😀".size() == 3 && prechat.size() == 2'],
    ['contactVerified ? contact.plan == "gold" : false'],
    ['2 + 3 - 1 == 4 && -1 < 0 && "a" + "b" == "ab" && "a" < "b"'],
    ['1 in [1, 2] && !(3 in [1, 2]) && !("a" in [])'],
    ['1.5 > 1'],
    ['\'single\' != "double"'],
    ['// a comment\ntrue'],
  ])('%s holds', (text) => {
    expect(reason(text)).toBeUndefined();
    expect(matches(text)).toBe(true);
  });

  it('read what was not given as an empty text', () => {
    expect(matches('prechat.other == ""')).toBe(true);
    expect(matches('prechat["other"].startsWith("x")')).toBe(false);
    expect(matches('contact.constructor == "" && prechat.__proto__ == ""')).toBe(true);
  });

  it('do not take what is beyond their bounds', () => {
    expect(matches('page.url.size() == 2000', { page: { url: 'x'.repeat(5000), title: '' } })).toBe(true);
  });

  it('match nothing when they are no expressions', () => {
    expect(matches('1 +')).toBe(false);
    expect(compileSkip('1 +')(target)).toBe(false);
  });
});

describe('skip_if', () => {
  it.each([
    ['queue.waiting > 5', true],
    ['!queue.open', false],
    ['queue.id == "sales" && queue.freeCapacity == 0 && queue.longestWaitSeconds >= 90', true],
    ['queue.agentsAvailable + queue.freeCapacity < 3 && topic == "Returns"', true],
    ['', false],
  ])('%s', (text, holds) => {
    expect(expressionProblem('skipIf', text)).toBeUndefined();
    expect(compileSkip(text)(target)).toBe(holds);
  });

  it('knows no answers and attributes: they are not kept while a chat waits', () => {
    expect(expressionProblem('skipIf', 'prechat.order == ""')?.reason).toContain('there is no "prechat"');
  });
});

describe('what is wrong is said when saving, with its place and an example', () => {
  it.each([
    ['page.ur.contains("x")', 'at column 6: there is no "ur"; there are url, title'],
    ['pag == "x"', 'at column 1: there is no "pag"; there are page, topic'],
    ['topic ==', 'at column 9: Unexpected token'],
    ['topic == "x', 'at column 10: Unterminated string'],
    ['topic', 'must be true or false in the end'],
    ['topic > 3', 'at column 1: compares two numbers or two texts'],
    ['topic == 3', 'at column 1: compares two texts'],
    ['page == page', 'at column 1: "page" has parts'],
    ['true &&\n  topic', 'at line 2, column 3: must be a bool'],
    ['1 / 0 == 1', '/ is not available'],
    ['int(prechat.order) > 3', '"int" is not available; there are contains'],
    ['timestamp("x") > timestamp("y")', '"timestamp" is not available'],
    ['topic.split("a").size() == 1', '"split" is not available'],
    ['[1, 2].map(x, x).size() == 2', '"map" is not available'],
    ['{"a": 1}.size() == 1', 'not available here'],
    ['b"x" == b"x"', 'only texts'],
    ['null == null', 'only texts'],
    ['1u == 1u', 'only texts'],
    ['9000000000000000 > 1', 'is larger than'],
    ['page.url.matches(topic)', 'must be written out here'],
    ['page.url.matches("(")', 'not a regular expression'],
    ['page.url.matches("(a)\\\\1")', 'not a regular expression'],
    ['page.url.matches("([a-z]{0,100}){0,10}$")', 'is too large'],
    ['topic.contains()', '"contains" is for texts, with 1 argument'],
    ['has(topic)', 'has is for a key'],
    ['has(page.url)', '"page" has parts'],
    ['["a"].exists(topic, true)', 'means something already'],
    ['["a"].exists(w, w)', 'must be a condition'],
    ['topic.exists(w, true)', '"exists" is for lists'],
    ['["a", 1].exists(w, true)', 'texts only, or numbers only'],
    ['prechat.order.exists == ""', 'must be a map'],
    ['topic[0] == "x"', '[ ] is for prechat and contact only'],
    ['topic in [1]', '"in" looks for'],
    ['true ? prechat : contact', 'both sides of ":"'],
    [`topic == "${'x'.repeat(2000)}"`, 'is longer than 2000'],
    [`${'('.repeat(100)}true${')'.repeat(100)}`, 'Exceeded maxDepth'],
    [`${'true && '.repeat(200)}true`, 'Exceeded'],
  ])('%s', (text, expected) => {
    const problem = expressionProblem('filter', text);
    expect(problem?.reason).toContain(expected);
    expect(expressionProblem('filter', problem?.example ?? '1 +')).toBeUndefined();
    expect(matches(text)).toBe(false);
  });

  it('shows an example of what was probably meant', () => {
    const example = (text: string): string | undefined => expressionProblem('filter', text)?.example;
    expect(example('topik == "x"')).toContain('page.url.contains');
    expect(example('topic[0] == "x"')).toContain('prechat.order');
    expect(example('topic.matches("(")')).toContain('.matches("/orders/');
  });

  it('refuses what would take too many steps', () => {
    const list = `[${Array.from({ length: 60 }, (_, i) => `"${i}"`).join(',')}]`;
    expect(reason(`${list}.exists(a, ${list}.exists(b, a == b))`)).toContain('steps; 2000 are allowed');
    expect(reason(`${list}.exists(a, page.url.matches("x"))`)).toContain('steps');
  });
});
