import { common } from '@parley/contracts';
import { ApiError, ErrorCode, type ErrorDetails } from '@parley/kernel';

const TYPE = 'type.googleapis.com/google.rpc.';
const ERROR_INFO = `${TYPE}ErrorInfo`;
const BAD_REQUEST = `${TYPE}BadRequest`;
const RETRY_INFO = `${TYPE}RetryInfo`;
const DOMAIN = 'parley';

const known = new Set<number>(Object.values(ErrorCode));
const names = new Map<number, string>(
  Object.entries(ErrorCode).map(([name, code]) => [
    code,
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  ]),
);

/** The code's name in snake_case, as metrics and logs show it; `ok` for 0. */
export const codeName = (code: number): string => (code === 0 ? 'ok' : (names.get(code) ?? 'unknown'));

/** The error as an encoded google.rpc.Status with ErrorInfo, BadRequest and RetryInfo where it has them. */
export const encodeStatus = (error: ApiError): Uint8Array => {
  const { reason, violations, retryAfterMs } = error.details;
  const details: common.StatusDetail[] = [];
  if (reason !== undefined)
    details.push(detail(ERROR_INFO, common.ErrorInfo.encode({ reason, domain: DOMAIN, metadata: {} })));
  if (violations !== undefined)
    details.push(detail(BAD_REQUEST, common.BadRequest.encode({ fieldViolations: [...violations] })));
  if (retryAfterMs !== undefined)
    details.push(detail(RETRY_INFO, common.RetryInfo.encode(retryInfo(retryAfterMs))));
  return common.Status.encode({ code: error.code, message: error.message, details }).finish();
};

const detail = (typeUrl: string, message: { finish(): Uint8Array }): common.StatusDetail => ({
  typeUrl,
  value: Buffer.from(message.finish()),
});

const retryInfo = (ms: number): common.RetryInfo => ({
  retryDelay: { seconds: BigInt(Math.floor(ms / 1000)), nanos: Math.round(ms % 1000) * 1_000_000 },
});

/** The ApiError that encodeStatus was given. Details of other origins are ignored; never throws. */
export const decodeStatus = (bytes: Uint8Array): ApiError => {
  try {
    const { code, message, details } = common.Status.decode(bytes);
    return new ApiError(toCode(code), message, decodeDetails(details));
  } catch {
    return new ApiError(ErrorCode.internal, 'The other side answered with an error that cannot be read.');
  }
};

/** A number off the wire as a canonical code; unknown ones are `unknown`. */
export const toCode = (code: number): ErrorCode =>
  known.has(code) ? (code as ErrorCode) : ErrorCode.unknown;

const decodeDetails = (details: readonly common.StatusDetail[]): ErrorDetails => {
  const out: { -readonly [K in keyof ErrorDetails]: ErrorDetails[K] } = {};
  for (const { typeUrl, value } of details) {
    if (typeUrl === ERROR_INFO) out.reason = common.ErrorInfo.decode(value).reason;
    else if (typeUrl === BAD_REQUEST) out.violations = common.BadRequest.decode(value).fieldViolations;
    else if (typeUrl === RETRY_INFO) {
      const delay = common.RetryInfo.decode(value).retryDelay;
      out.retryAfterMs = delay ? Number(delay.seconds) * 1000 + delay.nanos / 1_000_000 : 0;
    }
  }
  return out;
};
