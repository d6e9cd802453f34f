import { ApiError, backoffMs, ErrorCode, isTransient } from '@parley/client';

/** Resolves after so many ms. */
export const pause = (timeMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, timeMs));

/** How much longer the pause after an answer `internal` is: 3 to 6 s at first, 2.5 to 5 min in the end. */
const SLOWER = 20;

/**
 * Pauses of somebody who tries again: they grow with each failure, and differ from those of others. After answers
 * `internal` they are SLOWER times as long: these may come for good, from a fault that no try mends, and may pass, as
 * with a database that changes its primary.
 */
export class Pauses {
  #failures = 0;
  #internals = 0;
  #end = (): void => undefined;

  /** Resolves after the pause that follows this failure, which begins after `atLeastMs`, or when it is cut short. */
  after(error: unknown, atLeastMs = 0): Promise<void> {
    this.#failures++;
    this.#internals = isInternal(error) ? this.#internals + 1 : 0;
    const times = this.#internals ? SLOWER : 1;
    const timeMs = atLeastMs + times * backoffMs(this.#internals || this.#failures, Math.random());
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeMs);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends a pause that goes on; does nothing otherwise. */
  cutShort(): void {
    this.#end();
  }
}

/** The ms for which the gateway has asked not to be asked again; 0 when it has not. */
export const askedPauseMs = (error: unknown): number =>
  (error instanceof ApiError ? error.details.retryAfterMs : undefined) ?? 0;

/**
 * Does `work` again, after Pauses, while its failure may pass, it is still wanted and `goesOn` agrees. Rejects with the
 * last failure. `work` is told how often it has failed, `goesOn` as well and by what.
 */
export const insist = async <T>(
  work: (failures: number) => Promise<T>,
  wanted: () => boolean,
  goesOn: (failures: number, error: unknown) => boolean = () => true,
): Promise<T> => {
  const pauses = new Pauses();
  for (let failures = 1; ; failures++) {
    try {
      return await work(failures - 1);
    } catch (error) {
      if (!mayPass(error) || !goesOn(failures, error)) throw error;
      await pauses.after(error);
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
