/**
 * What every entry point of Parley can answer besides a result. The codes are gRPC's canonical ones
 * (google.rpc.Code), so that one table maps them to gRPC, HTTP and socket frames.
 */
export const ErrorCode = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  dataLoss: 15,
  unauthenticated: 16,
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

export interface FieldViolation {
  /** Path of the field in JSON names, such as `message.text`. */
  readonly field: string;
  /** What is wrong and what to send instead. */
  readonly description: string;
}

export interface ErrorDetails {
  /** Stable, machine-readable, UPPER_SNAKE_CASE; such as NOT_A_PARTICIPANT (google.rpc.ErrorInfo.reason). */
  readonly reason?: string;
  readonly violations?: readonly FieldViolation[];
  /** Wait this long before the next try (google.rpc.RetryInfo). */
  readonly retryAfterMs?: number;
}

/** An error meant for the caller: its message says what to do. Everything else becomes `internal` without its text. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message);
  }
}

/** True when another try may succeed: nothing is wrong with the request. */
export const isTransient = (error: unknown): boolean =>
  !(error instanceof ApiError) ||
  error.code === ErrorCode.unavailable ||
  error.code === ErrorCode.deadlineExceeded ||
  error.code === ErrorCode.internal ||
  error.code === ErrorCode.resourceExhausted ||
  error.code === ErrorCode.aborted;

const make =
  (code: ErrorCode) =>
  (reason: string, message: string, details: Omit<ErrorDetails, 'reason'> = {}): ApiError =>
    new ApiError(code, message, { reason, ...details });

export const notFound = make(ErrorCode.notFound);
export const permissionDenied = make(ErrorCode.permissionDenied);
export const failedPrecondition = make(ErrorCode.failedPrecondition);
export const alreadyExists = make(ErrorCode.alreadyExists);
export const unauthenticated = make(ErrorCode.unauthenticated);
export const unavailable = make(ErrorCode.unavailable);
export const aborted = make(ErrorCode.aborted);
export const resourceExhausted = make(ErrorCode.resourceExhausted);
export const invalidArgument = (field: string, description: string): ApiError =>
  new ApiError(ErrorCode.invalidArgument, `${field}: ${description}`, {
    reason: 'INVALID_ARGUMENT',
    violations: [{ field, description }],
  });
