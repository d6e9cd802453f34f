import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { log as contracts, recordedEvents } from '@parley/contracts';
import {
  announcePositions,
  createConsumer,
  openEventLog,
  readPositions,
  type Announcer,
  type Consumer,
  type EventLog,
  type Position,
  type Positions,
} from '@parley/eventlog';
import { ManualClock, newAggregateId, unavailable, type RequestContext } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { createLogger } from '@parley/telemetry';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { transcriptInternalHandlers } from './internal-api.js';
import { openCollections, type Collections } from './documents.js';
import { emptySummary, evolveSummary } from './domain.js';
import { transcriptProjection } from './projection.js';
import { Purge } from './purge.js';
import { sweepRetention } from './retention.js';
import { openTranscripts, type Transcripts } from './store.js';
import {
  AGENT,
  Chat,
  VISITOR,
  closed,
  erased,
  followUpAnswered,
  messageTaken,
  said,
  started,
} from './testing/chats.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const logger = createLogger('transcript', { level: 'silent' });
const system: RequestContext = {
  tenant: 'acme',
  principal: { role: 'system', id: 'conversation' },
  deadline: Date.now() + 60_000,
};

let nats: TestNats;
let bus: Bus;
let log: EventLog;
let folder: string;
let store: Store;
let docs: Collections;
let transcripts: Transcripts;
let consumer: Consumer;
let announcer: Announcer;
let clock: ManualClock;

const newChat = (tenant = 'acme'): Chat => new Chat(log, tenant, newAggregateId(0, Date.now()), clock.now());
const purgeWith = (positions: Positions, consumers = ['transcript'], eventLog = log): Purge =>
  new Purge({ log: eventLog, docs, transcripts, positions, consumers, holdMs: HOUR_MS, clock, logger });
const announced = (positions: Record<string, Position>): Positions => ({
  of: async () => new Map(Object.entries(positions)),
});
const everybody = (): Positions =>
  announced({ transcript: { appliedSeq: Number.MAX_SAFE_INTEGER, parked: [] } });
const inLog = async (chat: Chat) => (await log.load(chat.tenant, chat.id)).commits.length;
const readBack = async (chat: Chat) => {
  const { commits } = await transcriptInternalHandlers(transcripts).readCommits(
    { tenant: chat.tenant, aggregateId: chat.id, afterVersion: 0, maxBytes: 0 },
    system,
  );
  return commits.map((bytes) => contracts.Commit.decode(bytes));
};
const stateOf = (commits: readonly contracts.Commit[]) =>
  commits.flatMap(recordedEvents).reduce(evolveSummary, emptySummary);

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'upkeep-spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 1 });
  folder = await mkdtemp(join(tmpdir(), 'parley-upkeep-'));
  store = await openStore({ name: 'transcript', durability: 'record', folder });
  docs = await openCollections(store);
  transcripts = openTranscripts(docs);
  clock = new ManualClock();
  consumer = createConsumer({ log, projection: transcriptProjection(docs), checkpoints: store });
  await consumer.start(0);
  announcer = await announcePositions({
    bus,
    log: 'conversation',
    name: 'transcript',
    consumer,
    everyMs: 20,
  });
});
afterAll(async () => {
  await announcer.stop();
  await consumer.stopAll();
  await store.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('purge of closed conversations', () => {
  it('leaves the log after the hold time, and the same state is read from transcript', async () => {
    const chat = await newChat().story('to be purged');
    const before = stateOf(chat.stored.map(({ commit }) => commit));
    await consumer.caughtUp();
    const positions = await readPositions(bus);
    await eventually(async () => {
      const told = await positions.of('conversation', 0, ['transcript']);
      expect(told.get('transcript')?.appliedSeq).toBe(chat.stored.at(-1)?.seq);
    });
    const purge = purgeWith(positions);
    expect(await purge.run(0)).toBe(0);
    clock.advance(2 * HOUR_MS);
    expect(await purge.run(0)).toBe(1);
    expect(await inLog(chat)).toBe(0);
    expect(stateOf(await readBack(chat))).toEqual(before);
    expect(await purge.run(0)).toBe(0);
  });

  it('waits for every consumer, and for what one is parked on', async () => {
    const chat = await newChat().story('waiting');
    await consumer.caughtUp();
    clock.advance(2 * HOUR_MS);
    const seq = chat.stored.at(-1)?.seq ?? 0;
    const there = { appliedSeq: seq, parked: [] };
    const consumers = ['transcript', 'analytics'];
    const held: Record<string, Position>[] = [
      { transcript: there },
      { transcript: there, analytics: { appliedSeq: seq - 1, parked: [] } },
      { transcript: there, analytics: { appliedSeq: seq, parked: [`acme/${chat.id}`] } },
    ];
    for (const positions of held) expect(await purgeWith(announced(positions), consumers).run(0)).toBe(0);
    expect(await inLog(chat)).toBe(chat.stored.length);
    expect(await purgeWith(announced({ transcript: there, analytics: there }), consumers).run(0)).toBe(1);
  });

  it('survives an end in the middle: purged but not noted', async () => {
    const chat = await newChat().story('interrupted');
    await consumer.caughtUp();
    clock.advance(2 * HOUR_MS);
    const before = (await transcripts.summary('acme', chat.id))!;
    expect(await purgeWith(everybody()).run(0)).toBe(1);
    await docs.summaries.put([before]);
    expect(await purgeWith(everybody()).run(0)).toBe(1);
    expect((await transcripts.summary('acme', chat.id))?.purgeFrom).toBeNull();
    expect((await readBack(chat)).length).toBe(chat.stored.length);
  });

  it('never purges what is open, newer in the log, or not wholly stored', async () => {
    const open = newChat();
    await open.commit(VISITOR, started(), said('m', 'still here'));
    const partly = await newChat().story('partly stored');
    await consumer.caughtUp();
    clock.advance(2 * HOUR_MS);
    await docs.commits.delete([`acme/${partly.id}/0000000003`]);
    expect(await purgeWith(everybody()).run(0)).toBe(0);
    expect([await inLog(open), await inLog(partly)]).toEqual([1, partly.stored.length]);
    await docs.summaries.delete([`acme/${partly.id}`]);
  });
});

describe('a message that waits for its answer', () => {
  it('stays in the log, however long, until it is answered or erased', async () => {
    const [answered, gone] = [newChat(), newChat()];
    for (const chat of [answered, gone])
      await chat.commit(VISITOR, started(), said('m', 'call me'), messageTaken(), closed());
    await consumer.caughtUp();
    clock.advance(100 * DAY_MS);
    expect(await purgeWith(everybody()).run(0)).toBe(0);
    await answered.commit(AGENT, said('a', 'here I am'), followUpAnswered());
    await gone.commit(AGENT, erased(4));
    await consumer.caughtUp();
    clock.advance(100 * DAY_MS);
    // The erased one twice: its content, then the rest.
    expect(await purgeWith(everybody()).run(0)).toBe(3);
    expect([await inLog(answered), await inLog(gone)]).toEqual([0, 0]);
  });
});

describe('erasure', () => {
  it('leaves no personal byte in the files, keeps versions, and takes the content out of the log', async () => {
    const secret = 'Quetzalcoatlus';
    const other = await newChat().story('bystander');
    const chat = await newChat().story(secret);
    await consumer.caughtUp();
    const raw = async (): Promise<string> => {
      const files = await Promise.all(
        (await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')),
      );
      return files.join('');
    };
    const inBase64 = (text: string): boolean =>
      bytesInBase64(text).some((form) => text.length > 0 && contents.includes(form));
    let contents = await raw();
    expect(contents.toLowerCase()).toContain(secret.toLowerCase());
    await chat.commit(AGENT, erased(7));
    await consumer.caughtUp();
    await store.scrub();
    contents = await raw();
    expect(contents.toLowerCase()).not.toContain(secret.toLowerCase());
    expect(inBase64(secret)).toBe(false);
    expect(inBase64('bystander')).toBe(true);
    const events = await transcripts.events('acme', chat.id);
    expect(events.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const text = JSON.stringify(events.slice(0, 7));
    for (const personal of [
      secret,
      'secret-order-17',
      'secret-title',
      'delivery',
      'Vera',
      'Anna',
      'private remark',
      'parcel',
    ])
      expect(text).not.toContain(personal);
    for (const query of [secret, 'delivery'])
      expect(
        (await transcripts.search('acme', { query, limit: 10 })).items.map(
          ({ conversationId }) => conversationId,
        ),
      ).not.toContain(chat.id);
    expect((await docs.summaries.get(`acme/${chat.id}`))?.topic).toBe('');
    expect((await transcripts.search('acme', { query: 'bystander', limit: 10 })).items).toHaveLength(1);
    await purgeWith(everybody()).run(0);
    const left = (await log.load('acme', chat.id)).commits.map(({ commit }) => commit.firstVersion);
    expect(left).toEqual([8]);
    expect(stateOf(await readBack(chat))).toEqual(stateOf(chat.stored.map(({ commit }) => commit)));
    expect(await inLog(other)).toBe(other.stored.length);
  });

  it('is not undone by a redelivery', async () => {
    const chat = newChat();
    await chat.commit(VISITOR, started(), said('m', 'gone for good'));
    await chat.commit(AGENT, erased(2));
    await consumer.caughtUp();
    await transcriptProjection(docs).apply([
      { tenant: 'acme', id: chat.id, commits: chat.stored.slice(0, 1) },
    ]);
    expect(JSON.stringify(await transcripts.events('acme', chat.id))).not.toContain('gone for good');
  });
});

describe('retention', () => {
  it('has expired content erased, once, for tenants that want it', async () => {
    const old = await newChat('forgetful').story('old');
    const kept = await newChat('keeper').story('kept');
    await consumer.caughtUp();
    clock.advance(10 * DAY_MS);
    const young = await newChat('forgetful').story('young');
    await consumer.caughtUp();
    await transcripts.setRetention('forgetful', 7);
    const asked: string[] = [];
    const sweep = (fails = false) =>
      sweepRetention({
        docs,
        clock,
        logger,
        conversations: {
          eraseConversation: async ({ conversationId, commandId, reason }, { tenant, principal }) => {
            if (fails) throw unavailable('BUSY', 'try again');
            expect([principal.role, reason, commandId.length <= 64]).toEqual(['system', 'retention', true]);
            asked.push(`${tenant}/${conversationId}`);
            return { version: 8 };
          },
        },
      });
    expect(await sweep(true)).toBe(0);
    expect(await sweep()).toBe(1);
    expect(asked).toEqual([`forgetful/${old.id}`]);
    await old.commit(AGENT, erased(7));
    await consumer.caughtUp();
    expect(await sweep()).toBe(0);
    expect((await transcripts.summary('keeper', kept.id))?.keptSince).not.toBeNull();
    expect((await transcripts.summary('forgetful', young.id))?.keptSince).not.toBeNull();
  });

  it('takes up content that came after an erasure', async () => {
    const chat = await newChat('again').story('first');
    await chat.commit(AGENT, erased(7));
    await consumer.caughtUp();
    expect((await transcripts.summary('again', chat.id))?.keptSince).toBeNull();
    await chat.commit(VISITOR, said('m9', 'one more thing'));
    await chat.commit(AGENT, closed());
    await consumer.caughtUp();
    expect((await transcripts.summary('again', chat.id))?.keptSince).not.toBeNull();
  });
});

/** The three ways in which a text can stand inside of base64, without its edges. */
const bytesInBase64 = (text: string): string[] =>
  [0, 1, 2].map((shift) =>
    Buffer.from(' '.repeat(shift) + text)
      .toString('base64')
      .slice(4, -4),
  );
