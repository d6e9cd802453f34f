import { beforeEach, describe, expect, it } from '@jest/globals';
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
  const clock = new ManualClock();
  let throttle = new LoginThrottle(clock);
  /** How long a try has to wait; 0: it was begun. */
  const begun = (account = 'a'): number => {
    try {
      throttle.begin(account);
      return 0;
    } catch (error) {
      return (error as { details: { retryAfterMs: number } }).details.retryAfterMs;
    }
  };
  const failed = (account = 'a'): number => {
    const waitMs = begun(account);
    if (waitMs === 0) throttle.failed(account);
    return waitMs;
  };
  const times = (n: number, account = 'a'): number[] => Array.from({ length: n }, () => failed(account));
  /** As many made-up accounts as are kept of a kind, each tried so often. */
  const flood = (tries: number): void => {
    for (let i = 0; i < 10_000; i++) times(tries, `nobody-${i}`);
  };
  beforeEach(() => void (throttle = new LoginThrottle(clock)));

  it('make an account wait longer and longer, until a login succeeds', () => {
    expect(times(7)).toEqual([0, 0, 0, 0, 0, 1000, 1000]);
    clock.advance(1000);
    expect([failed(), failed()]).toEqual([0, 2000]);
    clock.advance(2000);
    expect([failed(), failed()]).toEqual([0, 4000]);
    throttle.succeeded('a');
    expect([failed(), failed()]).toEqual([0, 0]);
  });

  it('count while they are checked: many at once are no way around', () => {
    expect(Array.from({ length: 7 }, () => begun())).toEqual([0, 0, 0, 0, 0, 30_000, 30_000]);
    throttle.failed('a');
    clock.advance(2000);
    expect(begun()).toBe(28_000);
    for (let i = 0; i < 4; i++) throttle.failed('a');
    expect(begun()).toBe(1000);
  });

  it('do not count when the password was not checked after all', () => {
    for (let i = 0; i < 7; i++) {
      expect(begun()).toBe(0);
      throttle.withdrawn('a');
    }
    expect(times(6)).toEqual([0, 0, 0, 0, 0, 1000]);
    clock.advance(1000);
    expect(begun()).toBe(0);
    throttle.withdrawn('a');
    expect([failed(), failed()]).toEqual([0, 2000]);
  });

  it('of made-up accounts let none go that has had to wait, also once its wait is over', () => {
    expect(times(6)).toEqual([0, 0, 0, 0, 0, 1000]);
    flood(1);
    expect(failed()).toBe(1000);
    clock.advance(1000);
    flood(1);
    expect([failed(), failed()]).toEqual([0, 2000]);
  });

  it('are forgotten first where the wait is over', () => {
    times(5);
    clock.advance(1000);
    expect([failed(), failed()]).toEqual([0, 2000]);
    flood(4);
    for (let i = 0; i < 9_999; i++) failed(`nobody-${i}`);
    clock.advance(1000);
    expect(failed('nobody-9999')).toBe(0);
    expect(failed()).toBe(1000);
    expect(failed('nobody-9999')).toBe(1000);
  });
});
