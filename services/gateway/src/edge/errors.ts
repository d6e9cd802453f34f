import { ApiError, ErrorCode, type FieldViolation } from '@parley/kernel';

/** RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Name of the canonical code, such as NOT_FOUND, and the machine-readable reason. */
  readonly code: string;
  readonly reason?: string;
  readonly violations?: readonly FieldViolation[];
  readonly retryAfterMs?: number;
}

/** HTTP status and name of each canonical code, as Google's API guide maps them. */
const CODES: Readonly<Record<ErrorCode, readonly [number, string]>> = {
  [ErrorCode.cancelled]: [499, 'CANCELLED'],
  [ErrorCode.unknown]: [500, 'UNKNOWN'],
  [ErrorCode.invalidArgument]: [400, 'INVALID_ARGUMENT'],
  [ErrorCode.deadlineExceeded]: [504, 'DEADLINE_EXCEEDED'],
  [ErrorCode.notFound]: [404, 'NOT_FOUND'],
  [ErrorCode.alreadyExists]: [409, 'ALREADY_EXISTS'],
  [ErrorCode.permissionDenied]: [403, 'PERMISSION_DENIED'],
  [ErrorCode.resourceExhausted]: [429, 'RESOURCE_EXHAUSTED'],
  [ErrorCode.failedPrecondition]: [409, 'FAILED_PRECONDITION'],
  [ErrorCode.aborted]: [409, 'ABORTED'],
  [ErrorCode.outOfRange]: [400, 'OUT_OF_RANGE'],
  [ErrorCode.unimplemented]: [501, 'UNIMPLEMENTED'],
  [ErrorCode.internal]: [500, 'INTERNAL'],
  [ErrorCode.unavailable]: [503, 'UNAVAILABLE'],
  [ErrorCode.dataLoss]: [500, 'DATA_LOSS'],
  [ErrorCode.unauthenticated]: [401, 'UNAUTHENTICATED'],
};

/** An error meant for the caller as it is; anything else, reported to `onDefect`, as `internal` without its text. */
export const asApiError = (error: unknown, onDefect: (error: unknown) => void): ApiError => {
  if (error instanceof ApiError) return error;
  onDefect(error);
  return new ApiError(ErrorCode.internal, 'something went wrong on our side: try again', { reason: 'INTERNAL' });
};

/** The error as problem details; `status` overrides what follows from its code (404 of a path, 405, 413, 415). */
export const toProblem = (error: ApiError, status?: number): Problem => {
  const [usual, code] = CODES[error.code];
  const { reason, violations, retryAfterMs } = error.details;
  return {
    type: 'about:blank',
    title: titleOf(code),
    status: status ?? usual,
    detail: error.message,
    code,
    ...(reason ? { reason } : {}),
    ...(violations?.length ? { violations } : {}),
    ...(retryAfterMs ? { retryAfterMs: Math.ceil(retryAfterMs) } : {}),
  };
};

/** The error as `error` of a frame (parley.gateway.v1.Error in JSON). */
export const toFrameError = (error: ApiError, close = false): Record<string, unknown> => {
  const { reason, violations, retryAfterMs } = error.details;
  return {
    code: error.code,
    message: error.message,
    ...(reason ? { reason } : {}),
    ...(violations?.length ? { violations } : {}),
    ...(retryAfterMs ? { retryAfterMs: Math.ceil(retryAfterMs) } : {}),
    ...(close ? { close } : {}),
  };
};

const titleOf = (code: string): string => {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words[0]?.toUpperCase() + words.slice(1);
};
