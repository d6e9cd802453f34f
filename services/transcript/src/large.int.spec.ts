import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conversation, log as contracts, transcript } from '@parley/contracts';
import { createConsumer, openEventLog, type EventLog } from '@parley/eventlog';
import { newAggregateId, type RequestContext } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { transcriptHandlers } from './api.js';
import { openCollections } from './documents.js';
import { transcriptInternalHandlers } from './internal-api.js';
import { transcriptProjection } from './projection.js';
import { openTranscripts, type Transcripts } from './store.js';
import { AGENT, Chat, closed, noted, said, started, VISITOR } from './testing/chats.js';

const MESSAGES = 300;
const BEGUN_WITHIN_MS = 180_000;
const PART_BYTES = 1 << 20;
/** As large as a message may be; larger in a file. */
const text = '<&"\n'.repeat(4_096) + 'x'.repeat(49_152);
const { ExportTranscriptRequest_Format: Format } = transcript;

let nats: TestNats;
let bus: Bus;
let log: EventLog;
let folder: string;
let store: Store;
let transcripts: Transcripts;
let chat: Chat;

const as = (role: 'admin' | 'visitor' | 'system', id: string): RequestContext => ({
  tenant: 'acme',
  principal: { role, id },
  deadline: Date.now() + 40_000,
});
const admin = as('admin', 'ada');
const api = () => transcriptHandlers({ transcripts, contacts: { family: async (id) => [id] } });

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'transcript-spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 1 });
  folder = await mkdtemp(join(tmpdir(), 'parley-transcript-'));
  store = await openStore({ name: 'transcript', durability: 'record', folder });
  const docs = await openCollections(store);
  transcripts = openTranscripts(docs);
  chat = new Chat(log, 'acme', newAggregateId(0, Date.now()));
  await chat.commit(VISITOR, started(), said('m0', text));
  for (let i = 1; i < MESSAGES - 1; i++) await chat.commit(i % 2 ? AGENT : VISITOR, said(`m${i}`, text));
  await chat.commit(AGENT, said('last', text), noted('A private remark'), closed());
  const consumer = createConsumer({ log, projection: transcriptProjection(docs), checkpoints: store });
  await consumer.start(0);
  // With so much to write and read, a server that shares its machine may not answer in time.
  await eventually(() => consumer.caughtUp(), { timeoutMs: BEGUN_WITHIN_MS / 2 });
  await consumer.stopAll();
}, BEGUN_WITHIN_MS);
afterAll(async () => {
  await store.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

/** All parts, each asked for after the one before. */
const inParts = async <T extends { readonly nextAfterVersion: number }>(
  ask: (part: { conversationId: string; afterVersion: number; maxBytes: number }) => Promise<T>,
): Promise<T[]> => {
  const parts: T[] = [];
  for (let afterVersion = 0; ;) {
    const part = await ask({ conversationId: chat.id, afterVersion, maxBytes: PART_BYTES });
    parts.push(part);
    if (part.nextAfterVersion === 0) return parts;
    expect(part.nextAfterVersion).toBeGreaterThan(afterVersion);
    afterVersion = part.nextAfterVersion;
  }
};
const whole = { afterVersion: 0, maxBytes: 0 };
const versions = Array.from({ length: MESSAGES + 3 }, (_, i) => i + 1);

describe('a transcript of messages that are as large as may be', () => {
  it('is read in parts', async () => {
    const parts = await inParts((part) => api().getTranscript(part, admin));
    expect(parts.flatMap(({ events }) => events.map(({ version }) => version))).toEqual(versions);
    for (const { summary, events } of parts) {
      expect(summary?.messages).toBe(MESSAGES);
      const bytes = conversation.ListEventsResponse.encode({ events, headVersion: 0 }).finish().length;
      expect(bytes).toBeLessThan(PART_BYTES * 1.01);
    }
    const own = await inParts((part) => api().getTranscript(part, as('visitor', 'contact-1')));
    expect(JSON.stringify(own.at(-1))).not.toContain('A private remark');
  });

  it('is refused, with what to do, where it is asked for as a whole', async () => {
    const refused = { code: 9, details: { reason: 'TRANSCRIPT_TOO_LARGE' } };
    const request = { conversationId: chat.id, ...whole };
    await expect(api().getTranscript(request, admin)).rejects.toMatchObject(refused);
    for (const format of [Format.FORMAT_JSON, Format.FORMAT_HTML])
      await expect(api().exportTranscript({ ...request, format }, admin)).rejects.toMatchObject(refused);
  });

  it('is exported as JSON in parts that are the file together', async () => {
    const parts = await inParts((part) =>
      api().exportTranscript({ ...part, format: Format.FORMAT_JSON }, admin),
    );
    for (const { content } of parts) expect(content.length).toBeLessThan(PART_BYTES * 1.01);
    const file = Buffer.concat(parts.map(({ content }) => content)).toString();
    const { summary, events } = transcript.GetTranscriptResponse.fromJSON(JSON.parse(file));
    expect(summary?.conversationId).toBe(chat.id);
    expect(events.map(({ version }) => version)).toEqual(versions);
    expect(`${JSON.stringify(JSON.parse(file), null, 2)}\n`).toBe(file);
  });

  it('is exported as HTML in parts that are the file together', async () => {
    const parts = await inParts((part) =>
      api().exportTranscript({ ...part, format: Format.FORMAT_HTML }, admin),
    );
    for (const { content } of parts) expect(content.length).toBeLessThan(PART_BYTES * 1.01);
    const file = Buffer.concat(parts.map(({ content }) => content)).toString();
    expect(file.match(/<!doctype html>/g)).toHaveLength(1);
    expect(file.match(/<li class="message/g)).toHaveLength(MESSAGES);
    expect(file).toMatch(/<\/ol>\n<\/main>\n<\/body>\n<\/html>\n$/);
  });

  it('is read by services in parts of any size', async () => {
    const { readCommits } = transcriptInternalHandlers(transcripts);
    const request = { tenant: 'acme', aggregateId: chat.id, afterVersion: 1, maxBytes: 200_000 };
    const { commits } = await readCommits(request, as('system', 'conversation'));
    expect(commits.map((bytes) => contracts.Commit.decode(bytes).firstVersion)).toEqual([1, 3, 4]);
  });
});
