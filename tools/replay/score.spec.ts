import { describe, expect, it } from '@jest/globals';
import { quantile, score, Seen } from './score.js';

const shown = (...messages: [version: number, id: string][]): Seen => {
  const seen = new Seen();
  for (const [version, messageId] of messages) seen.add({ version, event: { messageSent: { messageId } } });
  return seen;
};

describe('the score of a replayed chat', () => {
  const said = ['a', 'b', 'c'];

  it('is zero when everything was shown once and in order', () => {
    expect(score(said, shown([1, 'a'], [2, 'b'], [3, 'c']))).toEqual({
      lost: 0,
      duplicated: 0,
      reordered: 0,
    });
  });

  it('counts what was never shown', () => {
    expect(score(said, shown([1, 'a'], [3, 'c']))).toEqual({ lost: 1, duplicated: 0, reordered: 0 });
  });

  it('counts what was shown twice, under one version or two', () => {
    expect(score(said, shown([1, 'a'], [2, 'b'], [2, 'b'], [3, 'c'])).duplicated).toBe(2);
    expect(score(said, shown([1, 'a'], [2, 'b'], [4, 'b'], [3, 'c'])).duplicated).toBe(1);
  });

  it('counts what was shown in another order', () => {
    expect(score(said, shown([1, 'a'], [3, 'c'], [2, 'b'])).reordered).toBe(1);
  });

  it('takes quantiles of sorted numbers', () => {
    expect(quantile([], 0.5)).toBe(0);
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(3);
    expect(quantile([1, 2, 3, 4], 0.99)).toBe(4);
  });
});
