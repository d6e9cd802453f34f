import type { Method } from '@parley/contracts';
import { ApiError, ErrorCode } from '@parley/kernel';
import { observer, type Binding, type RpcTransport } from '@parley/messaging';
import { HttpError } from './respond.js';

type EdgeTransport = Exclude<RpcTransport, 'nats'>;

/** The method of the metrics for calls of what does not exist: callers must not make labels. */
const NO_METHOD = 'none';

const observers = new Map<string, Binding['observe']>();

const observerOf = (transport: EdgeTransport, path: string): Binding['observe'] => {
  const key = `${transport} ${path}`;
  let found = observers.get(key);
  if (!found) observers.set(key, (found = observer(transport, path)));
  return found;
};

/** Counts and times a public call (rate, errors, duration); settles as `work` does. */
export const observed = async <T>(
  transport: EdgeTransport,
  method: Pick<Method, 'path'> | undefined,
  work: () => Promise<T>,
): Promise<T> => {
  const observe = observerOf(transport, method?.path ?? NO_METHOD);
  const startedAt = performance.now();
  try {
    const result = await work();
    observe(0, startedAt);
    return result;
  } catch (error) {
    observe(codeOf(error), startedAt);
    throw error;
  }
};

const codeOf = (error: unknown): number => {
  if (error instanceof HttpError) return error.problem.code;
  return error instanceof ApiError ? error.code : ErrorCode.internal;
};
