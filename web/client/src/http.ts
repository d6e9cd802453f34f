import { ApiError, ErrorCode } from '@parley/kernel';
import { errorOf } from './errors.js';
import type { Error as ErrorFrame } from './gen/parley/gateway/v1/frames.js';
import type { Methods } from './gen/methods.js';

export interface FetchOptions {
  /** Bearer token; none for methods that anyone may call. */
  token?: string;
  signal?: AbortSignal;
  /** Lets the request outlive the page (beacons). */
  keepalive?: boolean;
}

/**
 * Calls a public method as JSON over HTTP. `base` is the gateway's origin, empty for the page's own. Rejects with an
 * ApiError: the gateway's, or `unavailable` when it could not be reached.
 */
export const fetchJson = async <M extends keyof Methods>(
  base: string,
  method: M,
  request: Methods[M][0],
  { token, signal, keepalive }: FetchOptions = {},
): Promise<Methods[M][1]> => {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${base}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(request),
      ...(signal ? { signal } : {}),
      ...(keepalive ? { keepalive } : {}),
    });
    text = await response.text();
  } catch (cause) {
    throw Object.assign(new ApiError(ErrorCode.unavailable, 'The server cannot be reached.'), { cause });
  }
  const body = parse(text);
  if (response.ok && body) return body;
  throw failureOf(response.status, text);
};

/** The ApiError of an answer with this status and body, whoever sent it. */
export const failureOf = (status: number, text: string): ApiError => {
  const body = parse(text);
  return errorOf(body && 'code' in body ? problem(body) : { code: codeOf(status), message: text });
};

const parse = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/** RFC 9457 calls the message `detail`. */
const problem = (body: object): ErrorFrame => {
  const { detail, ...rest } = body as ErrorFrame & { detail?: string };
  return { ...rest, message: rest.message ?? detail };
};

/** For answers that do not come from the gateway itself, such as a proxy's. */
const codeOf = (status: number): ErrorCode => {
  if (status === 401) return ErrorCode.unauthenticated;
  if (status === 403) return ErrorCode.permissionDenied;
  if (status === 404) return ErrorCode.unimplemented;
  if (status === 429) return ErrorCode.resourceExhausted;
  return status >= 500 ? ErrorCode.unavailable : ErrorCode.invalidArgument;
};
