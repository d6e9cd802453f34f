import { describe, expect, it } from '@jest/globals';
import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import type { FilterContext } from '../domain/ports.js';
import { compileFilter, expressionProblem } from './expressions.js';

const WORDS = ['returns', 'Sales', 'a', '', 'ä', '😀b', 'https://shop.example/a?b=c'];
const word = fc.constantFrom(...WORDS);
const quoted = word.map((text) => JSON.stringify(text));
const texts = fc.array(quoted, { minLength: 1, maxLength: 4 }).map((list) => `[${list.join(', ')}]`);

const { condition } = fc.letrec<{ text: string; number: string; condition: string }>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    quoted,
    fc.constantFrom('page.url', 'topic', 'language', 'queue', 'prechat.order', 'contact["plan"]'),
    tie('text').map((text) => `(${text}).trim()`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a} + ${b})`),
  ),
  number: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.integer({ min: -20, max: 20 }).map(String),
    tie('text').map((text) => `size(${text})`),
    fc.tuple(tie('number'), fc.constantFrom('+', '-'), tie('number')).map((parts) => `(${parts.join(' ')})`),
  ),
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('true', 'false', 'contactVerified', 'has(prechat.order)', '"plan" in contact'),
    fc
      .tuple(tie('text'), fc.constantFrom('==', '!=', '<', '>='), tie('text'))
      .map((parts) => parts.join(' '))
      .map((text) => `(${text})`),
    fc
      .tuple(tie('number'), fc.constantFrom('==', '<=', '>'), tie('number'))
      .map((parts) => `(${parts.join(' ')})`),
    fc
      .tuple(tie('text'), fc.constantFrom('contains', 'startsWith', 'endsWith'), tie('text'))
      .map(([a, name, b]) => `(${a}).${name}(${b})`),
    fc.tuple(tie('text'), texts).map(([a, list]) => `(${a}) in ${list}`),
    fc
      .tuple(texts, fc.constantFrom('exists', 'all'), tie('text'))
      .map(([list, name, b]) => `${list}.${name}(w, w != ${b})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map((parts) => `(${parts.join(' ')})`),
    tie('condition').map((inner) => `!(${inner})`),
    fc.tuple(tie('condition'), tie('condition'), tie('condition')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
}));

const context = (words: fc.Arbitrary<string>): fc.Arbitrary<FilterContext> =>
  fc.record({
    page: fc.record({ url: words, title: words }),
    topic: words,
    language: words,
    locale: words,
    channel: words,
    prechat: fc.record({ order: words }),
    contact: fc.record({ plan: words }),
    contactVerified: fc.boolean(),
    queue: words,
  });

const library = new Environment({ limits: { maxAstNodes: 5000, maxDepth: 200 } })
  .registerVariable({ name: 'page', schema: { url: 'string', title: 'string' } })
  .registerVariable('topic', 'string')
  .registerVariable('language', 'string')
  .registerVariable('locale', 'string')
  .registerVariable('channel', 'string')
  .registerVariable('queue', 'string')
  .registerVariable('prechat', 'map<string, string>')
  .registerVariable('contact', 'map<string, string>')
  .registerVariable('contactVerified', 'bool');

describe('conditions', () => {
  it('say what the library says', () => {
    let compared = 0;
    fc.assert(
      fc.property(condition, context(word), (text, chat) => {
        const problem = expressionProblem('filter', text);
        if (problem) {
          // Too large is the only thing that may be wrong with these.
          expect(problem.reason).toMatch(/Exceeded|longer|steps/);
          return;
        }
        compared++;
        expect(compileFilter(text)(chat)).toBe(library.evaluate(text, chat));
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(200);
  });

  it('of any text are a problem with a reason, or a condition; neither saving nor asking ever throws', () => {
    const fragments = fc.constantFrom(
      ...[
        'page',
        '.url',
        'prechat',
        '["a"]',
        '.matches("(a+)+$")',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '\\',
      ],
      ...[
        '&&',
        '||',
        '!',
        '==',
        '<',
        '+',
        '-',
        '*',
        '/',
        '%',
        '?',
        ':',
        ',',
        '.',
        ' in ',
        'has(',
        '1',
        '1.5',
        '-1',
      ],
      ...[
        '.exists(w, ',
        '.map(w, ',
        'cel.bind(x, ',
        'dyn(',
        'int(',
        'timestamp(',
        'r"',
        'b"',
        '"""',
        '\n',
        '//',
      ],
      ...[
        'true',
        'null',
        'queue',
        'contact',
        'w',
        'size(',
        '.size()',
        '9223372036854775807',
        '1e400',
        '\u0000',
        '😀',
      ],
    );
    const anything = fc.oneof(
      fc.array(fragments, { maxLength: 25 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .tuple(condition, fragments, fc.nat())
        .map(
          ([text, part, at]) =>
            text.slice(0, at % (text.length + 1)) + part + text.slice(at % (text.length + 1)),
        ),
    );
    fc.assert(
      fc.property(anything, context(fc.string({ unit: 'binary' })), (text, chat) => {
        const problem = expressionProblem('filter', text);
        if (problem) {
          expect(problem.reason).not.toBe('');
          expect(expressionProblem('filter', problem.example)).toBeUndefined();
        }
        const holds = compileFilter(text)(chat);
        expect(typeof holds).toBe('boolean');
        if (problem) expect(holds).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
