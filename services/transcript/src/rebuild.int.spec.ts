import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConsumer, openEventLog, type EventLog, type Projection } from '@parley/eventlog';
import { ErrorCode, ManualClock, newAggregateId, unavailable, type RequestContext } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { listPurgedFrom, purgedFrom } from '@parley/service';
import { openStore, type Store } from '@parley/store';
import { createLogger } from '@parley/telemetry';
import { startNats, type TestNats } from '@parley/testkit';
import { transcriptInternalHandlers } from './internal-api.js';
import { openCollections, type Collections } from './documents.js';
import { transcriptProjection } from './projection.js';
import { Purge } from './purge.js';
import { openTranscripts } from './store.js';
import { AGENT, Chat, VISITOR, erased, said, started } from './testing/chats.js';

const HOUR_MS = 3_600_000;
const clock = new ManualClock();

let nats: TestNats;
let bus: Bus;
let log: EventLog;
let folder: string;
let record: Store;
let docs: Collections;
let transcript: ReturnType<typeof transcriptInternalHandlers>;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'rebuild-spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 1 });
  folder = await mkdtemp(join(tmpdir(), 'parley-rebuild-'));
  record = await openStore({ name: 'transcript', durability: 'record', folder });
  docs = await openCollections(record);
  transcript = transcriptInternalHandlers(openTranscripts(docs));
});
afterAll(async () => {
  await record.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

const read = async (projection: Projection, store: Store): Promise<void> => {
  const consumer = createConsumer({
    log,
    projection,
    checkpoints: store,
    loadPurged: purgedFrom(transcript, 'rebuild-spec', clock),
    listPurged: listPurgedFrom(transcript, 'rebuild-spec', clock),
  });
  await consumer.start(0);
  await consumer.caughtUp();
  await consumer.stopAll();
};
/** What a projection shows that starts from nothing now. */
const shownBy = async (name: string) => {
  const store = await openStore({ name, durability: 'projection', folder });
  const collections = await openCollections(store);
  await read(transcriptProjection(collections), store);
  const { items } = await collections.summaries.find({ filter: {}, limit: 1_000 });
  await store.close();
  // Where a commit stood in the log is not known any more once it has left.
  return items.map((summary) => ({ ...summary, lastSeq: 0, purgedSeq: 0, erasedSeq: 0 }));
};
const purgeWith = (eventLog: EventLog): Purge =>
  new Purge({
    log: eventLog,
    docs,
    transcripts: openTranscripts(docs),
    positions: { of: async () => new Map([['all', { appliedSeq: Number.MAX_SAFE_INTEGER, parked: [] }]]) },
    consumers: ['all'],
    holdMs: HOUR_MS,
    clock,
    logger: createLogger('transcript', { level: 'silent' }),
  });
const newChat = (tenant = 'acme'): Chat => new Chat(log, tenant, newAggregateId(0, Date.now()), clock.now());
const context: RequestContext = {
  tenant: '',
  principal: { role: 'system', id: 'inbox' },
  deadline: clock.now() + 40_000,
};
const listed = async (): Promise<string[]> =>
  (await transcript.listPurged({ partition: 0, cursor: '' }, context)).conversations.map(
    ({ tenant, aggregateId, version }) => `${tenant}/${aggregateId}/${version}`,
  );
const readIntoRecord = async (): Promise<void> => {
  const consumer = createConsumer({ log, projection: transcriptProjection(docs), checkpoints: record });
  await consumer.start(0);
  await consumer.caughtUp();
  await consumer.stopAll();
};

describe('what has left the log', () => {
  it('comes back to a projection that starts from nothing', async () => {
    const closed = await Promise.all(['one', 'two', 'three'].map((words) => newChat().story(words)));
    const other = await newChat('elsewhere').story('another tenant');
    const forgotten = await newChat().story('forgotten');
    await forgotten.commit(AGENT, erased(7));
    const open = newChat();
    await open.commit(VISITOR, started(), said('m', 'still here'));
    await readIntoRecord();
    const before = await shownBy('before');
    expect(before).toHaveLength(6);
    expect(await listed()).toEqual([]);
    clock.advance(2 * HOUR_MS);
    await purgeWith(log).run(0);
    for (const { tenant, id } of [...closed, other]) expect((await log.load(tenant, id)).commits).toEqual([]);
    expect(await listed()).toEqual(
      expect.arrayContaining([`acme/${closed[0]!.id}/7`, `elsewhere/${other.id}/7`]),
    );
    expect((await listed()).some((key) => key.includes(open.id))).toBe(false);
    expect(await transcript.listPurged({ partition: 1, cursor: '' }, context)).toEqual({
      conversations: [],
      nextCursor: '',
    });
    expect(await shownBy('after')).toEqual(before);
  });

  it('is named although transcript ended right behind the purge', async () => {
    const chat = await newChat().story('interrupted');
    await readIntoRecord();
    clock.advance(2 * HOUR_MS);
    const killed: Pick<EventLog, 'purge' | 'head'> = {
      head: (tenant, id) => log.head(tenant, id),
      purge: async (tenant, id, seq) => {
        await log.purge(tenant, id, seq);
        throw unavailable('TEST_KILLED', 'gone');
      },
    };
    await expect(purgeWith(killed as EventLog).run(0)).rejects.toThrow('gone');
    expect((await log.load('acme', chat.id)).commits).toEqual([]);
    expect(await listed()).toContain(`acme/${chat.id}/7`);
    expect((await docs.summaries.get(`acme/${chat.id}`))?.purgeFrom).not.toBeNull();
    expect(await purgeWith(log).run(0)).toBe(1);
    expect((await docs.summaries.get(`acme/${chat.id}`))?.purgeFrom).toBeNull();
  });

  it('is told in pages, and to services only', async () => {
    const [template] = (await docs.summaries.find({ filter: {}, limit: 1 })).items;
    await docs.summaries.put(
      Array.from({ length: 501 }, (_, i) => {
        const conversationId = newAggregateId(3, Date.now());
        return { ...template!, id: `acme/${conversationId}`, conversationId, partition: 3, purgedSeq: i + 1 };
      }),
    );
    const list = listPurgedFrom(transcript, 'rebuild-spec', clock);
    const first = await list(3, '');
    const second = await list(3, first.next ?? 'none');
    expect([first.keys.length, second.keys.length, second.next]).toEqual([500, 1, undefined]);
    expect(new Set([...first.keys, ...second.keys].map(({ id }) => id)).size).toBe(501);
    await expect(list(3, 'nonsense')).rejects.toMatchObject({ code: ErrorCode.invalidArgument });
    const nosy = { ...context, principal: { role: 'admin', id: 'admin' } } as const;
    await expect(transcript.listPurged({ partition: 0, cursor: '' }, nosy)).rejects.toMatchObject({
      code: ErrorCode.permissionDenied,
    });
  });
});
