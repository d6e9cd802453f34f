import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@parley/kernel';
import { LoginThrottle } from '../sessions/throttle.js';
import { Buckets } from './limits.js';

describe('token buckets', () => {
  it('let a burst through, then the rate, each key for itself', () => {
    const clock = new ManualClock();
    const buckets = new Buckets({ perSecond: 10, burst: 3 }, clock, 'this test');
    const passes = (key: string): boolean => {
      try {
        buckets.spend(key);
        return true;
      } catch {
        return false;
      }
    };
    expect([1, 2, 3, 4].map(() => passes('a'))).toEqual([true, true, true, false]);
    expect(passes('b')).toBe(true);
    expect(() => buckets.spend('a')).toThrow('try again in 100 ms');
    clock.advance(100);
    expect([passes('a'), passes('a')]).toEqual([true, false]);
  });
});

describe('failed logins', () => {
  it('make an account wait longer and longer, until a login succeeds', () => {
    const clock = new ManualClock();
    const throttle = new LoginThrottle(clock);
    const waits = (): number => {
      try {
        throttle.assertFree('a');
        return 0;
      } catch (error) {
        return (error as { details: { retryAfterMs: number } }).details.retryAfterMs;
      }
    };
    const seen = Array.from({ length: 7 }, () => {
      throttle.failed('a');
      return waits();
    });
    expect(seen).toEqual([0, 0, 0, 0, 1000, 2000, 4000]);
    clock.advance(4000);
    expect(waits()).toBe(0);
    throttle.failed('a');
    throttle.succeeded('a');
    expect(waits()).toBe(0);
  });
});
