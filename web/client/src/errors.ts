import { ApiError, ErrorCode, isTransient as mayPass } from '@parley/kernel';
import type { Error as ErrorFrame } from './gen/parley/gateway/v1/frames.js';

/** The ApiError that an Error frame (or the JSON body of a failed HTTP call) describes. */
export const errorOf = (frame: ErrorFrame): ApiError =>
  new ApiError((frame.code ?? ErrorCode.unknown) as ErrorCode, frame.message ?? 'The call failed.', {
    ...(frame.reason ? { reason: frame.reason } : {}),
    ...(frame.retryAfterMs ? { retryAfterMs: frame.retryAfterMs } : {}),
    violations: (frame.violations ?? []).map((violation) => ({
      field: violation.field ?? '',
      description: violation.description ?? '',
    })),
  });

/**
 * Whether the same call may succeed later without a change, a token that has ended included: another one is got then.
 * Safe for every command, as all carry ids.
 */
export const isTransient = (error: unknown): boolean =>
  mayPass(error) || (error instanceof ApiError && error.code === ErrorCode.unauthenticated);
