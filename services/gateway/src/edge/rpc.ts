import type { IncomingMessage, ServerResponse } from 'node:http';
import { longestMs, type Method } from '@parley/contracts';
import { ApiError, ErrorCode, isId, notFound, unauthenticated, type Clock } from '@parley/kernel';
import { traceOf, type Caller, type Session, type ToApiError } from './call.js';
import { isOpen, type Invoker } from './invoke.js';
import { answerStream } from './ndjson.js';
import { observed } from './observe.js';
import { originOf, type Cors } from './origins.js';
import { HttpError, readJson, sendJson } from './respond.js';

/** Largest request of any transport, bytes. */
export const MOST_BYTES = 128 * 1024;

export interface RpcOptions {
  readonly invoker: Invoker;
  readonly authenticate: (token: string) => Promise<Session>;
  readonly cors: Cors;
  readonly remoteOf: (request: IncomingMessage) => string;
  readonly clock: Clock;
  readonly toApiError: ToApiError;
}

/** Answers `POST /parley.<service>.v1.<Service>/<Method>`. Rejects with ApiError or HttpError before it has answered. */
export const answerRpc = async (
  options: RpcOptions,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const method = options.invoker.method(path);
  const answer = await observed('http', method, () => carryOut(options, path, method, request, response));
  await answer();
};

/** Carries a call out, up to what sends the answer, which a stream may take hours to do. */
const carryOut = async (
  options: RpcOptions,
  path: string,
  method: Method | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<() => Promise<void> | void> => {
  const { invoker, cors, clock } = options;
  if (!method)
    throw new HttpError(
      404,
      notFound(
        'NO_SUCH_METHOD',
        `there is no method ${path.slice(0, 200)}: the public ones are listed by gRPC reflection and in proto/`,
      ),
    );
  if (request.method !== 'POST')
    throw new HttpError(
      405,
      new ApiError(ErrorCode.unimplemented, `methods are called with POST, not ${request.method}`, {
        reason: 'METHOD_NOT_ALLOWED',
      }),
      { allow: 'POST, OPTIONS' },
    );
  const session = isOpen(method) ? undefined : await sessionOf(request, options.authenticate);
  if (session) setHeaders(response, await cors.answer(request, session.tenant));
  const json = await readJson(request, MOST_BYTES);
  if (!session) setHeaders(response, await cors.answer(request, tenantIn(json)));
  const caller: Caller = {
    ...(session ? { session } : {}),
    origin: originOf(request),
    host: request.headers.host,
    remote: options.remoteOf(request),
    deadline: clock.now() + longestMs(method),
    transport: 'http',
    traceparent: traceOf(session, request.headers['traceparent']),
  };
  if (method.serverStreaming) {
    const streamed = await invoker.streamJson(method, json, caller);
    return () => answerStream(streamed, method, response, options.toApiError);
  }
  const result = await invoker.invokeJson(method, json, caller);
  return () => sendJson(response, 200, JSON.stringify(method.responseType.toJSON(result)));
};

/** The token of an `authorization: Bearer …` value. Throws `unauthenticated` when it is something else. */
export const bearerToken = (authorization: string): string => {
  const token = /^Bearer +([A-Za-z0-9._~+/=-]{1,4096})$/i.exec(authorization)?.[1];
  if (!token)
    throw unauthenticated('MALFORMED_AUTHORIZATION', 'the authorization must read "Bearer <token>"');
  return token;
};

const sessionOf = async (
  request: IncomingMessage,
  authenticate: RpcOptions['authenticate'],
): Promise<Session | undefined> => {
  const { authorization } = request.headers;
  return authorization === undefined ? undefined : authenticate(bearerToken(authorization));
};

const tenantIn = (json: unknown): string | undefined => {
  const tenant =
    typeof json === 'object' && json !== null ? (json as { tenant?: unknown }).tenant : undefined;
  return isId(tenant) ? tenant : undefined;
};

const setHeaders = (response: ServerResponse, headers: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
};
