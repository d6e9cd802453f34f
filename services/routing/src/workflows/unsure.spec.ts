import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import { namesIn } from '../expressions/expressions.js';
import type { Arrival } from './recording.js';
import { unsureBy } from './unsure.js';

const workflow = (...when: string[]): routing.Workflow =>
  routing.Workflow.fromPartial({ filters: when.map((condition) => ({ when: condition })) });
const arrival = (topic: string, queueKnown = true): Arrival => ({
  conversationId: '0-a',
  at: 0,
  entry: routing.ConversationEnqueued.fromPartial({ topic }),
  queueKnown,
  talk: 1,
  patience: 1,
});

describe('an arrival is judged', () => {
  it('unless a filter asks for what is not kept before another one is certain', () => {
    const unsure = unsureBy(workflow('topic == "a"', 'contact.plan == "gold"', ''));
    expect(['a', 'b'].map((topic) => unsure(arrival(topic)))).toEqual([false, true]);
    const all = ['prechat.order != ""', '"vip" in contact', 'contactVerified ? topic == "b" : false'];
    for (const when of all) expect(unsureBy(workflow(when))(arrival('a'))).toBe(true);
  });
  it('by the queue that was asked for only where that is known', () => {
    const unsure = unsureBy(workflow('queue == "sales"'));
    expect([unsure(arrival('a')), unsure(arrival('a', false))]).toEqual([false, true]);
  });
  it('when there is no workflow, or nothing in it asks for such', () => {
    expect(unsureBy(undefined)(arrival('a', false))).toBe(false);
    expect(unsureBy(workflow('["contact"].exists(part, topic.contains(part))'))(arrival('a', false))).toBe(
      false,
    );
  });
});

it('finds the names in conditions, and none in what is no condition', () => {
  const names = namesIn('page.url.contains(topic) && (prechat["a"] == "b" || language in ["de"])');
  expect([...names].sort()).toEqual(['language', 'page', 'prechat', 'topic']);
  expect(namesIn('topic ==').size).toBe(0);
});
