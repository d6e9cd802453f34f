import { methods, type HandlerTable, type Method } from '@parley/contracts';
import { ApiError, ErrorCode, newUlid, permissionDenied, type RequestContext } from '@parley/kernel';
import { metrics, type Logger } from '@parley/telemetry';
import { codeName } from './status.js';

/** What a request came by. */
export type RpcTransport = 'nats' | 'grpc' | 'http' | 'socket';

type Handle = (request: unknown, context: RequestContext) => Promise<unknown>;

/** A method with the handler that carries it out and its metrics (rate, errors, duration). */
export interface Binding {
  readonly method: Method;
  readonly handle: Handle;
  /** Counts an answer: `code` 0 or the error's, `startedAt` from performance.now(). */
  readonly observe: (code: number, startedAt: number) => void;
}

/** The methods of a table that pass the filter, by path. Fails when a handler is missing. */
export const bindHandlers = (
  table: HandlerTable,
  transport: 'nats' | 'grpc',
  serves: (method: Method) => boolean,
): ReadonlyMap<string, Binding> => {
  const bindings = new Map<string, Binding>();
  for (const method of methods.values()) {
    const handlers = (table as Record<string, Record<string, Handle> | undefined>)[method.service];
    if (!handlers || !serves(method)) continue;
    const handle = handlers[method.handler];
    if (!handle) throw new Error(`no handler for ${method.path}`);
    bindings.set(method.path, {
      method,
      handle: handle.bind(handlers),
      observe: observer(transport, method.path),
    });
  }
  return bindings;
};

/** Counts answers of one method. Children of the metrics are kept: looking them up by label costs more than counting. */
export const observer = (transport: RpcTransport, method: string): Binding['observe'] => {
  const duration = metrics.histogram('rpcServerDuration').labels({ transport, method });
  const requests = metrics.counter('rpcServerRequests');
  const byCode = new Map<number, { inc(): void }>();
  return (code, startedAt) => {
    let counter = byCode.get(code);
    if (!counter) byCode.set(code, (counter = requests.labels({ transport, method, code: codeName(code) })));
    counter.inc();
    duration.observe((performance.now() - startedAt) / 1000);
  };
};

/** Throws permissionDenied when the contract does not let the caller's role call the method. */
export const assertRole = (method: Method, context: RequestContext): void => {
  if (method.roles.includes(context.principal.role) || method.roles.includes('anyone')) return;
  throw permissionDenied(
    'ROLE_NOT_ALLOWED',
    `${method.path} is for ${method.roles.join(', ')}; you are ${context.principal.role}.`,
  );
};

/**
 * ApiErrors as they are, told at level debug; everything else is logged under a new id and becomes `internal` without its
 * text.
 */
export const asApiError = (error: unknown, method: string, logger: Logger): ApiError => {
  if (error instanceof ApiError) {
    if (logger.isLevelEnabled('debug'))
      logger.debug({ method, code: codeName(error.code), reason: error.details.reason }, 'request refused');
    return error;
  }
  const errorId = newUlid(Date.now());
  logger.error({ err: error, errorId, method }, 'request failed');
  return new ApiError(
    ErrorCode.internal,
    `Something went wrong on our side. If it stays, report error ${errorId}.`,
    { reason: 'INTERNAL' },
  );
};
