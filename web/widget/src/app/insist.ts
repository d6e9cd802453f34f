import { ApiError, backoffMs, ErrorCode, isTransient } from '@parley/client';

/** Resolves after so many ms. */
export const pause = (timeMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, timeMs));

/** How much longer the pause after an answer `internal` is: 3 to 6 s at first, 2.5 to 5 min in the end. */
const SLOWER = 20;

/**
 * Does `work` again, after pauses that grow, while its failure may pass, it is still wanted and `goesOn` agrees. After
 * answers `internal` the pauses are SLOWER times as long: they may come for good, from a fault that no try mends, and
 * may pass, as with a database that changes its primary. Rejects with the last failure. `work` is told how often it has
 * failed, `goesOn` as well and by what.
 */
export const insist = async <T>(
  work: (failures: number) => Promise<T>,
  wanted: () => boolean,
  goesOn: (failures: number, error: unknown) => boolean = () => true,
): Promise<T> => {
  let internals = 0;
  for (let failures = 1; ; failures++) {
    try {
      return await work(failures - 1);
    } catch (error) {
      if (!mayPass(error) || !goesOn(failures, error)) throw error;
      internals = isInternal(error) ? internals + 1 : 0;
      const times = internals ? SLOWER : 1;
      await pause(times * backoffMs(internals || failures, Math.random()));
      if (!wanted()) throw error;
    }
  }
};

/** Whether the gateway has answered that it failed for a reason of its own. */
export const isInternal = (error: unknown): boolean =>
  error instanceof ApiError && error.code === ErrorCode.internal;

/** `unauthenticated` does not pass here: `work` has renewed its session already. */
const mayPass = (error: unknown): boolean =>
  isTransient(error) && !(error instanceof ApiError && error.code === ErrorCode.unauthenticated);
