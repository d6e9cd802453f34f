import { ApiError, backoffMs, isTransient } from '@parley/kernel';
import type { ToApiError } from '../edge/call.js';

const BACKOFF = { baseMs: 200, capMs: 5_000 };

export interface PersistOptions {
  /** Asked after a failure; undefined: until it succeeds. */
  readonly while?: () => boolean;
  /** Told of failures that say nothing to the caller, so that they are in the log. */
  readonly toApiError: ToApiError;
}

/**
 * Repeats what fails only for the moment (the log or its owner does not answer), with growing pauses. Rejects with what
 * fails for good, and with the last failure once nobody waits any more.
 */
export const persist = async <T>(work: () => Promise<T>, options: PersistOptions): Promise<T> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || options.while?.() === false) throw error;
      if (!(error instanceof ApiError)) options.toApiError(error);
      await new Promise((resolve) => setTimeout(resolve, 100 + backoffMs(attempt, BACKOFF)).unref());
      if (options.while?.() === false) throw error;
    }
  }
};
