import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, ErrorCode, resourceExhausted } from '@parley/kernel';
import { toHttpProblem } from '@parley/service';
import { ALWAYS } from './csp.js';
import { malformed, parseJson } from './json.js';

/** An ApiError with an HTTP status of its own (404 of a path, 405, 413, 415). */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly status: number,
    readonly problem: ApiError,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problem.message);
  }
}

/** Sends a JSON body. */
export const sendJson = (
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, {
    ...ALWAYS,
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
};

/** Sends an error as problem details (RFC 9457). */
export const sendProblem = (
  response: ServerResponse,
  error: ApiError,
  status?: number,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const usual = toHttpProblem(error);
  const problem = { ...usual, status: status ?? usual.status };
  sendJson(response, problem.status, JSON.stringify(problem), {
    'content-type': 'application/problem+json',
    ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(problem.retryAfterMs ? { 'retry-after': String(Math.ceil(problem.retryAfterMs / 1000)) } : {}),
    ...headers,
  });
};

/** Reads a JSON body of at most `mostBytes`. Throws HttpError 413 or 415, or `invalidArgument` with the position. */
export const readJson = async (request: IncomingMessage, mostBytes: number): Promise<unknown> => {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (type !== 'application/json' || encoding !== 'identity')
    throw new HttpError(
      415,
      new ApiError(
        ErrorCode.invalidArgument,
        'send the request as JSON, with "content-type: application/json", and not compressed',
        {
          reason: 'UNSUPPORTED_MEDIA_TYPE',
        },
      ),
    );
  const tooLarge = (): HttpError =>
    new HttpError(
      413,
      resourceExhausted(
        'REQUEST_TOO_LARGE',
        `the request has more than ${mostBytes} bytes: send less at once`,
      ),
      { connection: 'close' },
    );
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return bytes === 0 ? {} : parseJson(decodeUtf8(Buffer.concat(chunks)), 'request');
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

const decodeUtf8 = (body: Buffer): string => {
  try {
    return utf8.decode(body);
  } catch {
    throw malformed('the request is not UTF-8');
  }
};
