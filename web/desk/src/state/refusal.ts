import { ApiError, ErrorCode } from '@parley/client';

/** Why something was refused: what its words are found by. Plain data, so that it can be stored. */
export interface Refusal {
  readonly code: ErrorCode;
  /** Such as QUEUE_CLOSED; may be empty. */
  readonly reason: string;
  /** The server's own words, in English. */
  readonly said: string;
}

/** What an error says of why it came. */
export const refusalOf = (error: unknown): Refusal =>
  error instanceof ApiError
    ? { code: error.code, reason: error.details.reason ?? '', said: error.message }
    : { code: ErrorCode.unknown, reason: '', said: error instanceof Error ? error.message : String(error) };
