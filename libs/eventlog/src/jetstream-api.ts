import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { ReplyBox } from './reply-box.js';
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

interface Answer {
  readonly messages: readonly DirectMessage[];
  /** How many the stream holds beyond them, at least. */
  readonly more: number;
}

interface DirectGet {
  readonly seq: number;
  readonly batch: number;
  readonly next_by_subj?: string;
  readonly max_bytes?: number;
}

/**
 * Reads messages by JetStream's direct get, all that the request's batch holds, in order and without a gap. Any replica
 * may answer, a lagging one too. Rejects with LogUnavailableError.
 */
export const directGet = async (replies: ReplyBox, stream: string, request: DirectGet): Promise<Answer> => {
  let previous = 0;
  const messages: DirectMessage[] = [];
  const end = await stepThrough(replies, stream, request, ({ headers, data }) => {
    // Each names the one before it, so that one that got lost on the way is noticed.
    if (Number(headers?.get('Nats-Last-Sequence')) !== previous) throw lost(stream);
    previous = Number(headers?.get('Nats-Sequence'));
    messages.push({ seq: previous, data });
  });
  if (end.lastSeq !== previous) throw lost(stream);
  return { messages, more: end.more };
};

/**
 * The same for whatever follows a sequence. Six headers a message cost more than the message: they are left out, and
 * asked for only where the stream has gaps, so that counting does not tell where each message stands.
 */
export const directGetFrom = async (
  replies: ReplyBox,
  stream: string,
  request: Omit<DirectGet, 'next_by_subj'>,
): Promise<Answer> => {
  const messages: DirectMessage[] = [];
  const end = await stepThrough(replies, stream, { ...request, no_hdr: true }, ({ data }) => {
    messages.push({ seq: request.seq + messages.length, data });
  });
  const isDense = end.lastSeq === (messages.at(-1)?.seq ?? 0);
  if (!isDense) return directGet(replies, stream, request);
  // Without headers the server does not count down; where it counted anew, it is more than this says.
  return { messages, more: Math.max(0, end.more - messages.length) };
};

const lost = (stream: string): Error =>
  new LogUnavailableError(`direct get from ${stream}: a message got lost on the way`);

/** Hands over the messages of one request; resolves with the sequence of the last (0: none) and how many follow. */
const stepThrough = (
  replies: ReplyBox,
  stream: string,
  request: DirectGet & { readonly no_hdr?: boolean },
  onMessage: (message: Msg) => void,
): Promise<{ lastSeq: number; more: number }> =>
  new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      replies.close(reply);
      reject(
        cause instanceof LogUnavailableError
          ? cause
          : new LogUnavailableError(`direct get from ${stream}`, { cause }),
      );
    };
    const finish = (lastSeq: number, more: number): void => {
      replies.close(reply);
      resolve({ lastSeq, more });
    };
    const hear = (message: Msg): void => {
      const { headers } = message;
      const code = headers?.code ?? 0;
      if (code === 204)
        finish(Number(headers?.get('Nats-Last-Sequence')), Number(headers?.get('Nats-Num-Pending') || 0));
      else if (code === 404) finish(0, 0);
      else if (code !== 0) fail(new Error(`${code} ${headers?.description ?? ''}`));
      else
        try {
          onMessage(message);
        } catch (error) {
          fail(error);
        }
    };
    const reply = replies.open(TIMEOUT_MS, hear, fail);
    try {
      replies.nats.publish(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify(request), { reply });
    } catch (error) {
      fail(error);
    }
  });
