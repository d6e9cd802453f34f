import { Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import type { gateway } from '@parley/contracts';
import { ApiError, ErrorCode } from '@parley/kernel';
import { codeName, decodeStatus, encodeStatus, toCode } from '@parley/messaging';

const DETAILS = 'grpc-status-details-bin';
/** What grpc-js says of messages above its limits, sent, received or unpacked. */
const TOO_LARGE = /larger than/;

/** The error as a gRPC status with google.rpc details in its trailers. */
export const toGrpcError = (error: ApiError): StatusObject => {
  const metadata = new Metadata();
  metadata.set(DETAILS, Buffer.from(encodeStatus(error)));
  return { code: error.code, details: error.message, metadata };
};

/** What toGrpcError made, on the client's side; errors of the connection itself keep their code. */
export const fromGrpcError = (error: ServiceError): ApiError => {
  const details = error.metadata?.get(DETAILS)[0];
  if (Buffer.isBuffer(details)) return decodeStatus(details);
  const code = toCode(error.code);
  if (code === ErrorCode.unavailable)
    return new ApiError(code, 'The service cannot be reached at the moment; try again shortly.', {
      reason: 'SERVICE_UNAVAILABLE',
    });
  if (code === ErrorCode.deadlineExceeded)
    return new ApiError(code, 'No answer in time; try again.', { reason: 'DEADLINE_EXCEEDED' });
  // The transport says both "too much at once" and "too large"; the same again is as large again.
  if (code === ErrorCode.resourceExhausted && TOO_LARGE.test(error.details))
    return new ApiError(
      ErrorCode.outOfRange,
      'This is more than one message between services holds: ask for less at once.',
      { reason: 'MESSAGE_TOO_LARGE' },
    );
  return new ApiError(code, error.details, {});
};

const HTTP: Readonly<Record<ErrorCode, number>> = {
  [ErrorCode.cancelled]: 499,
  [ErrorCode.unknown]: 500,
  [ErrorCode.invalidArgument]: 400,
  [ErrorCode.deadlineExceeded]: 504,
  [ErrorCode.notFound]: 404,
  [ErrorCode.alreadyExists]: 409,
  [ErrorCode.permissionDenied]: 403,
  [ErrorCode.resourceExhausted]: 429,
  [ErrorCode.failedPrecondition]: 400,
  [ErrorCode.aborted]: 409,
  [ErrorCode.outOfRange]: 400,
  [ErrorCode.unimplemented]: 501,
  [ErrorCode.internal]: 500,
  [ErrorCode.unavailable]: 503,
  [ErrorCode.dataLoss]: 500,
  [ErrorCode.unauthenticated]: 401,
};

/** RFC 9457, to be sent as application/problem+json, with the members of gateway.Error beside the standard ones. */
export interface HttpProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly reason: string;
  readonly violations?: readonly { readonly field: string; readonly description: string }[];
  readonly retryAfterMs?: number;
}

/** The error as a problem document; its `status` is the HTTP status to answer with. */
export const toHttpProblem = (error: ApiError): HttpProblem => {
  const { reason, violations, retryAfterMs } = error.details;
  const title = codeName(error.code).replaceAll('_', ' ');
  return {
    type: 'about:blank',
    title: title[0]!.toUpperCase() + title.slice(1),
    status: HTTP[error.code],
    detail: error.message,
    code: error.code,
    reason: reason ?? '',
    ...(violations ? { violations } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
};

/** The error as a socket frame's Error; `close` says that the socket is closed after it. */
export const toFrameError = (error: ApiError, { close = false } = {}): gateway.Error => ({
  code: error.code,
  message: error.message,
  reason: error.details.reason ?? '',
  violations: [...(error.details.violations ?? [])],
  retryAfterMs: Math.ceil(error.details.retryAfterMs ?? 0),
  close,
});
