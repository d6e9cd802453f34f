import { natsConnection, newInbox, type Bus } from '@parley/messaging';
import { apiRequest, apiResult, JetStreamApiError } from './jetstream-api.js';
import { LogUnavailableError } from './types.js';

const LOG_STREAM = /^(CONVERSATION|ROUTING|TENANT)_\d+$/;
const CHUNK_BYTES = 128 * 1024;
const CHUNK_WITHIN_MS = 30_000;
const STREAM_NOT_FOUND = 10059;

/** What JetStream needs to make the stream again. */
export interface StreamDescription {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly state: { readonly messages: number; readonly first_seq: number; readonly last_seq: number };
}

/** The names of the streams of all logs. */
export const listLogStreams = async (bus: Bus): Promise<string[]> => {
  const names: string[] = [];
  for (let more = true; more;) {
    const page = await apiRequest<{ streams: string[] | null; total: number }>(
      natsConnection(bus),
      'STREAM.NAMES',
      { offset: names.length },
    );
    names.push(...(page.streams ?? []));
    more = (page.streams ?? []).length > 0 && names.length < page.total;
  }
  return names.filter((name) => LOG_STREAM.test(name)).sort();
};

/**
 * Hands over a stream as it is at this moment, in pieces, sequences included; returns what it is. Each piece is
 * acknowledged once `write` has resolved. Rejects with LogUnavailableError when the pieces end too early.
 */
export const snapshotStream = async (
  bus: Bus,
  name: string,
  write: (piece: Uint8Array) => Promise<void>,
): Promise<StreamDescription> => {
  const nats = natsConnection(bus);
  const inbox = newInbox(nats);
  const pieces = nats.subscribe(inbox);
  let timer: NodeJS.Timeout | undefined;
  const patience = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => pieces.unsubscribe(), CHUNK_WITHIN_MS);
  };
  try {
    const answer = await apiRequest<Omit<StreamDescription, 'name'>>(nats, `STREAM.SNAPSHOT.${name}`, {
      deliver_subject: inbox,
      chunk_size: CHUNK_BYTES,
      no_consumers: true,
      jsck: true,
    });
    patience();
    for await (const piece of pieces) {
      patience();
      const status = piece.headers?.code ?? 0;
      if (status >= 400) throw new LogUnavailableError(`${name}: ${piece.headers?.description}`);
      if (piece.data.length === 0) {
        piece.respond();
        return { name, config: answer.config, state: answer.state };
      }
      await write(piece.data);
      piece.respond();
    }
    throw new LogUnavailableError(`the pieces of ${name} ended too early`);
  } finally {
    clearTimeout(timer);
    pieces.unsubscribe();
  }
};

/** Makes the stream again from what snapshotStream gave; `replicas` instead of the number it had. */
export const restoreStream = async (
  bus: Bus,
  { name, config, state }: StreamDescription,
  pieces: AsyncIterable<Uint8Array>,
  replicas?: number,
): Promise<void> => {
  const nats = natsConnection(bus);
  const { deliver_subject: to } = await apiRequest<{ deliver_subject: string }>(
    nats,
    `STREAM.RESTORE.${name}`,
    { config: { ...config, ...(replicas ? { num_replicas: replicas } : {}) }, state },
  );
  const send = async (piece: Uint8Array): Promise<Uint8Array> =>
    (await nats.request(to, piece, { timeout: CHUNK_WITHIN_MS })).data;
  for await (const piece of pieces) {
    const answer = await send(piece);
    if (answer.length > 0) apiResult(answer);
  }
  const end = apiResult<{ state: StreamDescription['state'] }>(await send(new Uint8Array()));
  if (end.state.last_seq !== state.last_seq || end.state.messages !== state.messages)
    throw new LogUnavailableError(`${name} was not restored whole`);
};

/** Deletes a stream of a log, with all that is in it. */
export const deleteStream = async (bus: Bus, name: string): Promise<void> => {
  try {
    await apiRequest(natsConnection(bus), `STREAM.DELETE.${name}`);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.errCode !== STREAM_NOT_FOUND) throw error;
  }
};
