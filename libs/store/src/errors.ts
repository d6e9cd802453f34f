export type StoreErrorReason = 'CORRUPT' | 'NOT_WRITABLE' | 'FULL' | 'UNREACHABLE' | 'MISUSE' | 'FAILED';

/**
 * What an operator or a programmer has to mend, in one line that says how. Never shown to callers of an API (it
 * is no ApiError, so they see `internal`): the line may name files and hosts.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly reason: StoreErrorReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A defect of the calling code, found at its first call. */
export const misuse = (message: string): StoreError => new StoreError('MISUSE', message);
