import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApiError, ErrorCode } from '@parley/client';
import { askedPauseMs, insist, Pauses } from './insist.js';

const unreachable = new ApiError(ErrorCode.unavailable, 'The server cannot be reached.');
const internal = new ApiError(ErrorCode.internal, 'It failed.');

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** How often something is tried in ten minutes that always fails with this. */
const triesWith = async (error: ApiError): Promise<number> => {
  let tries = 0;
  let wanted = true;
  const insisted = insist(
    () => {
      tries++;
      return Promise.reject(error);
    },
    () => wanted,
  ).catch(() => undefined);
  await jest.advanceTimersByTimeAsync(600_000);
  const inTime = tries;
  wanted = false;
  await jest.advanceTimersByTimeAsync(600_000);
  await insisted;
  return inTime;
};

/** When such a pause has ended, in ms. */
const pauseOf = async (pauses: Pauses, error: unknown, atLeastMs?: number): Promise<number> => {
  const from = Date.now();
  const ended = pauses.after(error, atLeastMs).then(() => Date.now() - from);
  await jest.advanceTimersByTimeAsync(3_600_000);
  return ended;
};

describe('pauses between tries', () => {
  it('grow, and more so when the gateway has failed for a reason of its own', async () => {
    // At most 80 at the longest pauses, and some six before those.
    expect(await triesWith(unreachable)).toBeLessThan(90);
    expect(await triesWith(internal)).toBeLessThan(12);
  });

  it('are not the same for all', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => pauseOf(new Pauses(), internal)));
    expect(new Set(all).size).toBeGreaterThan(1);
  });

  it('begin after the time that the gateway has asked for', async () => {
    const busy = new ApiError(ErrorCode.unavailable, 'Come back later.', { retryAfterMs: 60_000 });
    expect([askedPauseMs(busy), askedPauseMs(unreachable), askedPauseMs(new Error())]).toEqual([
      60_000, 0, 0,
    ]);
    const paused = await pauseOf(new Pauses(), busy, askedPauseMs(busy));
    expect(paused).toBeGreaterThan(60_000);
    expect(paused).toBeLessThanOrEqual(60_300);
  });

  it('end at once when they are cut short', async () => {
    const pauses = new Pauses();
    pauses.cutShort();
    const from = Date.now();
    const ended = pauses.after(unreachable, 60_000).then(() => Date.now() - from);
    pauses.cutShort();
    expect(await ended).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});
