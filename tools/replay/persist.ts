import { ApiError, isTransient } from '@parley/client';
import { setTimeout as pause } from 'node:timers/promises';

/** Repeats a call until it succeeds, fails for good or the time is over. Safe, as every command carries its id. */
export const persist = async <T>(call: () => Promise<T>, forMs = 120_000): Promise<T> => {
  const until = Date.now() + forMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isTransient(error) || Date.now() > until) throw error;
      const told = error instanceof ApiError ? error.details.retryAfterMs : undefined;
      await pause(told ?? Math.min(1000, 50 * 2 ** attempt));
    }
  }
};

/** A promise that is resolved from outside. */
export class Signal<T = void> {
  resolve!: (value: T) => void;
  reject!: (error: Error) => void;
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  constructor() {
    this.promise.catch(() => {}); // whoever waits for it hears it
  }
}

/** The promise's value, or an error that tells what was waited for. */
export const within = async <T>(promise: Promise<T>, ms: number, what: string): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};
