import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invalidArgument, newAggregateId, newUlid, unavailable } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { createConsumer } from './consumer.js';
import { openEventLog } from './log.js';
import { createOwner } from './owner.js';
import { deleteProgress } from './progress.js';
import { summingIn } from './testing/summing.js';
import { tallyCodec, tallyDecider, type Tally, type TallyCommand } from './testing/tally.js';
import type { Commit, Consumer, EventLog, ListPurged, Owner, Projection, PurgedKey } from './types.js';

const PAGE = 2;

let nats: TestNats;
let bus: Bus;
let log: EventLog;
let owner: Owner<Tally, TallyCommand>;
let folder: string;
let store: Store;
/** What stands in for transcript: what was purged, and whether it answers. */
const kept = new Map<string, { key: PurgedKey; commits: Commit[] }>();
let answers: (page: number) => boolean;
let pages: number;

beforeAll(async () => {
  nats = await startNats();
  folder = await mkdtemp(join(tmpdir(), 'parley-purged-'));
  store = await openStore({ name: 'purged', durability: 'projection', folder });
  bus = await connectBus({ url: nats.url, name: 'purged-spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 1 });
  owner = createOwner({ log, decider: tallyDecider, codec: tallyCodec });
});
afterAll(async () => {
  await store.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

const add = (id: string, amount: number, label = newUlid(Date.now())) =>
  owner.execute({
    tenant: 'acme',
    id,
    commandId: newUlid(Date.now()),
    context: { tenant: 'acme', principal: { role: 'agent', id: 'a' }, deadline: Date.now() + 40_000 },
    actor: undefined,
    command: () => ({ add: amount, label }),
  });
const newIds = async (count: number): Promise<string[]> => {
  const ids = Array.from({ length: count }, () => newAggregateId(0, Date.now()));
  for (const id of ids) for (let i = 1; i <= 3; i++) await add(id, i);
  return ids;
};
const purge = async (id: string): Promise<void> => {
  const { commits, head } = await log.load('acme', id);
  const key = { tenant: 'acme', id, version: head.version };
  kept.set(id, { key, commits: commits.map(({ commit }) => commit) });
  await log.purge('acme', id, head.seq);
};
const listPurged: ListPurged = async (_partition, cursor) => {
  if (!answers(pages++)) throw unavailable('TEST_OUTAGE', 'away');
  const from = Number(cursor);
  if (Number.isNaN(from)) throw invalidArgument('cursor', 'unknown');
  const keys = [...kept.values()].map(({ key }) => key).slice(from, from + PAGE);
  return from + PAGE < kept.size ? { keys, next: String(from + PAGE) } : { keys };
};
const start = async (projection: Projection): Promise<Consumer> => {
  pages = 0;
  const consumer = createConsumer({
    log,
    projection,
    checkpoints: store,
    loadPurged: async (_tenant, id) => kept.get(id)?.commits ?? [],
    listPurged,
  });
  await consumer.start(0);
  return consumer;
};
/** What a projection shows that has read everything before anything was purged, and the same one emptied. */
const readThenEmptied = async (name: string, purgedIds: (ids: string[]) => string[]) => {
  const made = await summingIn(store, name);
  answers = () => true;
  const first = await start(made.projection);
  const ids = await newIds(12);
  await first.caughtUp();
  await first.stopAll();
  const everything = async () => (await made.sums.find({ filter: {}, limit: 1_000 })).items;
  const before = await everything();
  for (const id of purgedIds(ids)) await purge(id);
  await deleteProgress(store, name);
  await made.sums.delete(before.map(({ id }) => id));
  return { ...made, ids, everything, before };
};

describe('a consumer that is rebuilt', () => {
  it('gets what was purged from the log altogether, and equals one that read it before', async () => {
    const { projection, everything, before } = await readThenEmptied('whole', (ids) => ids.slice(0, 9));
    const rebuilt = await start(projection);
    await rebuilt.caughtUp();
    expect(await everything()).toEqual(before);
    await rebuilt.stopAll();
    const again = await start(projection);
    await again.caughtUp();
    expect(pages).toBe(0);
    await again.stopAll();
  });

  it('goes on where it was when it ended in the middle', async () => {
    const { projection, faults, everything, before } = await readThenEmptied('halfway', (ids) => ids);
    const total = Math.ceil(kept.size / PAGE);
    answers = (page) => page < 4;
    const killed = await start(projection);
    await eventually(() => expect(pages).toBeGreaterThan(4));
    await killed.stopAll();
    const halfway = await everything();
    expect(halfway.length).toBeLessThan(before.length);
    const applied = faults.applications;
    answers = () => true;
    const next = await start(projection);
    await next.caughtUp();
    expect(pages).toBe(total - 4);
    expect(await everything()).toEqual(before);
    const missing = before.filter(({ id }) => !halfway.some((sum) => sum.id === id));
    expect(faults.applications - applied).toBe(missing.reduce((sum, { version }) => sum + version, 0));
    await next.stopAll();
  });

  it('keeps up with the log while nobody can tell what was purged', async () => {
    const { projection, sums, everything, before } = await readThenEmptied('alone', (ids) => ids);
    answers = () => false;
    const consumer = await start(projection);
    const [live] = (await newIds(1)) as [string];
    await eventually(async () => expect(await sums.get(`acme/${live}`)).toMatchObject({ version: 3 }));
    await add(live, 1);
    await eventually(async () => expect(await sums.get(`acme/${live}`)).toMatchObject({ version: 4 }));
    answers = () => true;
    await consumer.caughtUp();
    expect((await everything()).filter(({ id }) => id !== `acme/${live}`)).toEqual(before);
    await consumer.stopAll();
  });

  it('misses nothing that is purged while it reads the log', async () => {
    const { projection, faults, ids, everything, before } = await readThenEmptied('race', () => []);
    faults.outage = true;
    const consumer = await start(projection);
    await eventually(() => expect(faults.outages).toBeGreaterThan(0));
    for (const id of ids) await purge(id);
    faults.outage = false;
    await consumer.caughtUp();
    expect(await everything()).toEqual(before);
    await consumer.stopAll();
  });

  it('parks what it cannot apply and what is kept nowhere, applies the others, and replays', async () => {
    const { projection, faults, sums, ids } = await readThenEmptied('parked', (all) => all);
    const [sick, lost] = ids as [string, string];
    const labels = kept
      .get(sick)!
      .commits.map((commit) => tallyCodec.decode(commit.events[0]!, commit)!.label);
    faults.poison.add(labels[1]!);
    const commits = kept.get(lost)!.commits.splice(0);
    const consumer = await start(projection);
    await consumer.caughtUp();
    expect(await sums.get(`acme/${sick}`)).toMatchObject({ version: 1 });
    expect(await consumer.parked()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: sick, failedVersion: 2 }),
        expect.objectContaining({ id: lost, failedVersion: 1 }),
      ]),
    );
    expect(await consumer.parked()).toHaveLength(2);
    faults.poison.clear();
    kept.get(lost)!.commits.push(...commits);
    for (const id of [sick, lost]) await consumer.replay('acme', id);
    for (const id of ids) expect(await sums.get(`acme/${id}`)).toMatchObject({ version: 3, total: 6 });
    await consumer.stopAll();
  });

  it('begins the list anew when its place in it is not known any more', async () => {
    const { projection, everything, before } = await readThenEmptied('anew', (ids) => ids);
    const checkpoints = await store.collection<{ id: string; version: number }>({
      name: 'log_checkpoints',
      indexes: [],
    });
    const purged = { cursor: 'of another time', done: false };
    const place = { id: 'anew/0', version: 0, projection: 'anew', seq: 0, purged };
    await checkpoints.put([place]);
    const consumer = await start(projection);
    await consumer.caughtUp();
    expect(await everything()).toEqual(before);
    await consumer.stopAll();
  });
});
