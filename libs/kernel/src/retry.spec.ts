import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './retry.js';

describe('backoff', () => {
  it('doubles its ceiling up to the cap and spreads below it', () => {
    const most = (attempt: number): number => backoffMs(attempt, { baseMs: 100, capMs: 1000 }, () => 0.999);
    expect([0, 1, 2, 3, 4, 50].map(most)).toEqual([99, 199, 399, 799, 999, 999]);
    expect(backoffMs(3, { baseMs: 100, capMs: 1000 }, () => 0)).toBe(0);
  });
});
