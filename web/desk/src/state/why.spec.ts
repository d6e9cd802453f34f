import { describe, expect, it } from '@jest/globals';
import { reasonOf, sieveOf, toneOf } from './why.js';

describe('the sieve of the rules', () => {
  it('says how many each took out and how many were left', () => {
    expect(
      sieveOf(14, [
        { rule: 'serves_queue', agents: 5 },
        { rule: 'skill', agents: 0 },
        { rule: 'available', agents: 9 },
      ]),
    ).toEqual([
      { rule: 'serves_queue', out: 5, left: 9 },
      { rule: 'available', out: 9, left: 0 },
    ]);
  });

  it('never has fewer than nobody left', () => {
    expect(sieveOf(1, [{ rule: 'skill', agents: 3 }])).toEqual([{ rule: 'skill', out: 3, left: 0 }]);
  });
});

describe('reasons', () => {
  it('are codes with values', () => {
    expect(reasonOf('skill:billing:3')).toEqual({ kind: 'skill', values: ['billing', '3'] });
    expect(reasonOf('most_free')).toEqual({ kind: 'most_free', values: [] });
  });
});

describe('steps', () => {
  it('are good, bad or neither', () => {
    expect(toneOf({ offerAccepted: {} })).toBe('good');
    expect(toneOf({ offerTimedOut: {} })).toBe('bad');
    expect(toneOf({ conversationEnqueued: {} })).toBe('plain');
    expect(toneOf({ transferEnded: { outcome: 'OUTCOME_ACCEPTED' } })).toBe('good');
    expect(toneOf({ transferEnded: { outcome: 'OUTCOME_DECLINED' } })).toBe('bad');
  });
});
