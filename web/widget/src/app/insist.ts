import { ApiError, backoffMs, ErrorCode, isTransient } from '@parley/client';

/** Resolves after so many ms. */
export const pause = (timeMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, timeMs));

/**
 * Does `work` again, after pauses that grow, while its failure may pass, it is still wanted and `tries` are left.
 * Rejects with the last failure. `work` is told how often it has failed.
 */
export const insist = async <T>(
  work: (failures: number) => Promise<T>,
  wanted: () => boolean,
  tries = Infinity,
): Promise<T> => {
  for (let done = 1; ; done++) {
    try {
      return await work(done - 1);
    } catch (error) {
      if (!mayPass(error) || done >= tries) throw error;
      await pause(backoffMs(done, Math.random()));
      if (!wanted()) throw error;
    }
  }
};

/** `unauthenticated` does not pass here: `work` has renewed its session already. */
const mayPass = (error: unknown): boolean =>
  isTransient(error) && !(error instanceof ApiError && error.code === ErrorCode.unauthenticated);
