import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { log as contracts, transcript } from '@parley/contracts';
import { createConsumer, openEventLog, type Consumer, type EventLog } from '@parley/eventlog';
import { ErrorCode, newAggregateId, type RequestContext, type Role } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { startNats, type TestNats } from '@parley/testkit';
import { transcriptHandlers } from './api.js';
import { transcriptInternalHandlers } from './internal-api.js';
import { openCollections } from './documents.js';
import { transcriptProjection } from './projection.js';
import { openTranscripts, type Transcripts } from './store.js';
import { Chat } from './testing/chats.js';

let nats: TestNats;
let bus: Bus;
let log: EventLog;
let folder: string;
let store: Store;
let transcripts: Transcripts;
let consumer: Consumer;

const newChat = (tenant = 'acme'): Chat => new Chat(log, tenant, newAggregateId(0, Date.now()));
const whole = ({ id }: Chat) => ({ conversationId: id, afterVersion: 0, maxBytes: 0 });
const as = (role: Role, id = role as string, tenant = 'acme'): RequestContext => ({
  tenant,
  principal: { role, id },
  deadline: Date.now() + 20_000,
});
const api = () =>
  transcriptHandlers({
    transcripts,
    contacts: { family: async (id) => (id === 'contact-2' ? ['contact-2', 'contact-1'] : [id]) },
  });

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'transcript-spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 1 });
  folder = await mkdtemp(join(tmpdir(), 'parley-transcript-'));
  store = await openStore({ name: 'transcript', durability: 'record', folder });
  const docs = await openCollections(store);
  transcripts = openTranscripts(docs);
  consumer = createConsumer({ log, projection: transcriptProjection(docs), checkpoints: store });
  await consumer.start(0);
});
afterAll(async () => {
  await consumer.stopAll();
  await store.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('what is stored', () => {
  it('is what was appended, byte for byte', async () => {
    const chat = await newChat().story('good day');
    await consumer.caughtUp();
    const kept = await transcripts.commits('acme', chat.id);
    expect(kept.map((bytes) => bytes.toString('base64'))).toEqual(
      chat.stored.map(({ bytes }) => Buffer.from(bytes ?? []).toString('base64')),
    );
    expect((await consumer.parked()).length).toBe(0);
  });

  it('stays the same when it is applied again', async () => {
    const chat = await newChat().story('once more');
    await consumer.caughtUp();
    const before = await transcripts.summary('acme', chat.id);
    const docs = await openCollections(store);
    const run = { tenant: 'acme', id: chat.id, commits: chat.stored };
    await transcriptProjection(docs).apply([run]);
    expect(await transcripts.commits('acme', chat.id)).toHaveLength(chat.stored.length);
    expect(await transcripts.summary('acme', chat.id)).toEqual(before);
  });

  it('is read by services behind a version', async () => {
    const chat = await newChat().story('for owners');
    await consumer.caughtUp();
    const { readCommits } = transcriptInternalHandlers(transcripts);
    const request = { tenant: 'acme', aggregateId: chat.id, afterVersion: 4, maxBytes: 0 };
    const { commits } = await readCommits(request, as('system', 'conversation'));
    expect(commits.map((bytes) => contracts.Commit.decode(bytes).firstVersion)).toEqual([4, 6, 7]);
    await expect(readCommits(request, as('admin'))).rejects.toMatchObject({
      code: ErrorCode.permissionDenied,
    });
  });
});

describe('reading', () => {
  it('gives agents everything and visitors only what is theirs', async () => {
    const chat = await newChat().story('who may read');
    await consumer.caughtUp();
    const request = whole(chat);
    const full = await api().getTranscript(request, as('agent'));
    expect(full.summary).toMatchObject({
      messages: 3,
      agentIds: ['agent-1'],
      queueId: 'queue-1',
      version: 7,
    });
    expect(full.events.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(JSON.stringify(transcript.GetTranscriptResponse.toJSON(full))).toContain('A private remark');
    for (const contact of ['contact-1', 'contact-2']) {
      const own = await api().getTranscript(request, as('visitor', contact));
      expect(own.events.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(JSON.stringify(transcript.GetTranscriptResponse.toJSON(own))).not.toContain('A private remark');
    }
    await expect(api().getTranscript(request, as('visitor', 'contact-9'))).rejects.toMatchObject({
      code: ErrorCode.notFound,
    });
    await expect(api().getTranscript(request, as('admin', 'admin', 'other'))).rejects.toMatchObject({
      code: ErrorCode.notFound,
    });
  });

  it('lists by contact, newest first, page by page', async () => {
    const ids: string[] = [];
    for (let day = 1; day <= 3; day++) {
      const chat = new Chat(log, 'lists', newAggregateId(0, Date.now()), Date.UTC(2026, 1, day));
      await chat.story(`day ${day}`);
      ids.unshift(chat.id);
    }
    await consumer.caughtUp();
    const context = as('agent', 'agent', 'lists');
    const first = await api().listTranscripts(
      { contactId: 'contact-1', page: { limit: 2, cursor: '' } },
      context,
    );
    const rest = await api().listTranscripts(
      { contactId: 'contact-1', page: { limit: 2, cursor: first.nextCursor } },
      context,
    );
    expect([...first.transcripts, ...rest.transcripts].map((t) => t.conversationId)).toEqual(ids);
    expect(rest.nextCursor).toBe('');
    const own = await api().listTranscripts(
      { contactId: 'contact-1', page: undefined },
      as('visitor', 'contact-9', 'lists'),
    );
    expect(own.transcripts).toEqual([]);
  });

  it('finds by every word, time and agent, and never in another tenant', async () => {
    const chat = await newChat('searching').story('the zebra arrived late');
    await consumer.caughtUp();
    const context = as('supervisor', 'supervisor', 'searching');
    const search = async (query: string, more = {}, by = context) =>
      (
        await api().searchTranscripts(
          { query, from: undefined, to: undefined, agentId: '', page: undefined, ...more },
          by,
        )
      ).transcripts.map((t) => t.conversationId);
    expect(await search('zebra parcel')).toEqual([chat.id]);
    expect(await search('zebra giraffe')).toEqual([]);
    expect(await search('private remark')).toEqual([chat.id]);
    expect(await search('zebra', { agentId: 'agent-1' })).toEqual([chat.id]);
    expect(await search('zebra', { agentId: 'agent' })).toEqual([]);
    expect(await search('zebra', { from: new Date(Date.UTC(2026, 0, 6)) })).toEqual([]);
    expect(await search('zebra', { to: new Date(Date.UTC(2026, 0, 6)) })).toEqual([chat.id]);
    expect(await search('zebra', {}, as('admin', 'admin', 'acme'))).toEqual([]);
    await expect(search('zebra', {}, as('visitor', 'contact-1', 'searching'))).rejects.toMatchObject({
      code: ErrorCode.permissionDenied,
    });
  });

  it('exports JSON that reads back and a page without live content', async () => {
    const chat = await newChat().story('export <script>alert(1)</script>');
    await consumer.caughtUp();
    const { ExportTranscriptRequest_Format: Format } = transcript;
    const json = await api().exportTranscript({ ...whole(chat), format: Format.FORMAT_JSON }, as('admin'));
    const back = transcript.GetTranscriptResponse.fromJSON(JSON.parse(json.content.toString()));
    expect(back).toEqual(await api().getTranscript(whole(chat), as('admin')));
    const html = await api().exportTranscript(
      { ...whole(chat), format: Format.FORMAT_HTML },
      as('visitor', 'contact-1'),
    );
    const page = html.content.toString();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toContain('<script');
    expect(page).not.toContain('A private remark');
    await expect(
      api().exportTranscript({ ...whole(chat), format: Format.FORMAT_UNSPECIFIED }, as('admin')),
    ).rejects.toMatchObject({ code: ErrorCode.invalidArgument });
  });
});
