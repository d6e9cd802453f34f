import type { NatsConnection } from '@nats-io/transport-node';
import { errors } from '@nats-io/transport-node';
import { LogUnavailableError } from './types.js';

const TIMEOUT_MS = 3_000;

/** What JetStream answers instead of a result. `code` is HTTP-like, `errCode` its own (10071: wrong last sequence). */
export class JetStreamApiError extends Error {
  override readonly name = 'JetStreamApiError';
  constructor(
    readonly code: number,
    readonly errCode: number,
    description: string,
  ) {
    super(description);
  }
}

interface ErrorBody {
  readonly error?: { readonly code?: number; readonly err_code?: number; readonly description?: string };
}

/** Decodes an answer of JetStream's API; throws JetStreamApiError when it is an error. */
export const apiResult = <T>(data: Uint8Array): T => {
  const body = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString()) as T &
    ErrorBody;
  if (body.error) {
    throw new JetStreamApiError(
      body.error.code ?? 500,
      body.error.err_code ?? 0,
      body.error.description ?? 'failed',
    );
  }
  return body;
};

/** Asks JetStream's API (`STREAM.INFO.X`). Rejects with JetStreamApiError, or LogUnavailableError without an answer. */
export const apiRequest = async <T>(nats: NatsConnection, name: string, body: unknown = {}): Promise<T> => {
  let data: Uint8Array;
  try {
    ({ data } = await nats.request(`$JS.API.${name}`, JSON.stringify(body), { timeout: TIMEOUT_MS }));
  } catch (error) {
    throw new LogUnavailableError(`no answer to ${name}`, { cause: error });
  }
  try {
    return apiResult<T>(data);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === 503) {
      throw new LogUnavailableError(`${name}: ${error.message}`, { cause: error });
    }
    throw error;
  }
};

export interface DirectMessage {
  readonly seq: number;
  readonly data: Uint8Array;
}

/**
 * Reads messages by JetStream's direct get, all that the request's batch holds, in order. Any replica may answer, a
 * lagging one too. `more`: how many the stream holds beyond them. Rejects with LogUnavailableError.
 */
export const directGet = (
  nats: NatsConnection,
  stream: string,
  request: { seq: number; next_by_subj: string; batch: number },
): Promise<{ messages: DirectMessage[]; more: number }> =>
  new Promise((resolve, reject) => {
    const messages: DirectMessage[] = [];
    const inbox = `_INBOX.${crypto.randomUUID()}`;
    const finish = (failure?: unknown, more = 0): void => {
      clearTimeout(timer);
      subscription.unsubscribe();
      if (failure) reject(new LogUnavailableError(`direct get from ${stream}`, { cause: failure }));
      else resolve({ messages, more });
    };
    const subscription = nats.subscribe(inbox, {
      callback: (error, message) => {
        if (error) return finish(error);
        const code = message.headers?.code ?? 0;
        if (code === 0) {
          messages.push({ seq: Number(message.headers?.get('Nats-Sequence')), data: message.data });
        } else if (code === 204) finish(undefined, Number(message.headers?.get('Nats-Num-Pending') || 0));
        else if (code === 404) finish();
        else finish(new Error(`${code} ${message.headers?.description ?? ''}`));
      },
    });
    // After subscribing: that throws on a closed connection, and must not leave a timer behind.
    const timer = setTimeout(() => finish(new errors.TimeoutError()), TIMEOUT_MS);
    nats.publish(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify(request), { reply: inbox });
  });
