import { setTimeout as pause } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Gives up after this long; 15,000 by default, for machines that do much else. */
  readonly timeoutMs?: number;
  /** Between two tries; 20 by default. */
  readonly intervalMs?: number;
}

/**
 * Runs `check` until it neither throws nor returns false, and returns what it returned. When the time is over it
 * fails with the last error of `check`.
 */
export const eventually = async <T>(
  check: () => T | Promise<T>,
  { timeoutMs = 15_000, intervalMs = 20 }: EventuallyOptions = {},
): Promise<T> => {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const value = await check();
      if (value !== false) return value;
      failure = new Error('the condition stayed false');
    } catch (error) {
      failure = error;
    }
    if (Date.now() >= giveUpAt) {
      throw new Error(`not within ${timeoutMs} ms: ${String((failure as Error).message ?? failure)}`, {
        cause: failure,
      });
    }
    await pause(intervalMs);
  }
};
