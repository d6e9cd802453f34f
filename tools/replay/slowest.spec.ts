import { describe, expect, it } from '@jest/globals';
import { Slowest } from './slowest.js';

describe('the slowest messages of a run', () => {
  it('are the five that took longest by whoever saw them last, the slowest first', () => {
    const slowest = new Slowest();
    for (const ms of [3, 9, 1, 7, 2, 8, 6]) slowest.note('visitor', 0.4, ms, 1);
    slowest.note('agent', 0, 1, 10.6);
    expect(slowest.messages.map(({ agent, visitor }) => Math.max(agent, visitor))).toEqual([11, 9, 8, 7, 6]);
    expect(slowest.messages[0]).toMatchObject({ from: 'agent', durable: 0, agent: 1, visitor: 11 });
    expect(slowest.longestMs).toBe(11);
  });

  it('took no time when there is none', () => expect(new Slowest().longestMs).toBe(0));
});
