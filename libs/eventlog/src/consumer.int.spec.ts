import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newAggregateId, newUlid } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { metrics } from '@parley/telemetry';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { createConsumer } from './consumer.js';
import { openEventLog } from './log.js';
import { createOwner } from './owner.js';
import { deleteProgress } from './progress.js';
import { summingIn } from './testing/summing.js';
import { tallyCodec, tallyDecider, type Tally, type TallyCommand } from './testing/tally.js';
import type { Commit, Consumer, EventLog, Owner, Projection } from './types.js';

let nats: TestNats;
let bus: Bus;
let log: EventLog;
let owner: Owner<Tally, TallyCommand>;
let folder: string;
let store: Store;

beforeAll(async () => {
  nats = await startNats();
  folder = await mkdtemp(join(tmpdir(), 'parley-consumer-'));
  store = await openStore({ name: 'consumer', durability: 'projection', folder });
  bus = await connectBus({ url: nats.url, name: 'consumer-spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 2 });
  owner = createOwner({ log, decider: tallyDecider, codec: tallyCodec });
});
afterAll(async () => {
  await store.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

const summing = (name: string) => summingIn(store, name);
const add = (id: string, amount: number, label = newUlid(Date.now())) =>
  owner.execute({
    tenant: 'acme',
    id,
    commandId: newUlid(Date.now()),
    context: { tenant: 'acme', principal: { role: 'agent', id: 'a' }, deadline: Date.now() + 40_000 },
    actor: undefined,
    command: () => ({ add: amount, label }),
  });
const newId = (partition = 1): string => newAggregateId(partition, Date.now());
const consumerOf = async (projection: Projection, more: object = {}): Promise<Consumer> => {
  const consumer = createConsumer({ log, projection, checkpoints: store, ...more });
  await consumer.start(0);
  await consumer.start(1);
  return consumer;
};

describe('a consumer', () => {
  it('applies what is there and what comes, each version once', async () => {
    const { sums, faults, projection } = await summing('basic');
    const ids = [newId(0), newId(1), newId(1)];
    for (const id of ids) await add(id, 1);
    const consumer = await consumerOf(projection);
    await Promise.all(ids.flatMap((id) => Array.from({ length: 200 }, () => add(id, 1))));
    await consumer.caughtUp();
    for (const id of ids) expect(await sums.get(`acme/${id}`)).toMatchObject({ version: 201, total: 201 });
    const seen = faults.applications;
    await consumer.stopAll();
    const again = await consumerOf(projection);
    await add(ids[0]!, 1);
    await again.caughtUp();
    expect(faults.applications).toBe(seen + 1);
    expect(await again.status()).toEqual(
      expect.arrayContaining([expect.objectContaining({ partition: 1, parked: 0 })]),
    );
    await again.stopAll();
  });

  it('lets what may wait be until its rest is over, and ends the rest for anything else', async () => {
    const { batches, projection } = await summing('patient');
    const id = newId();
    const consumer = await consumerOf({
      ...projection,
      restMs: 60_000,
      patientWith: new Set(['talk', 'read']),
    });
    await consumer.caughtUp();
    batches.length = 0;
    await add(id, 1, 'urgent');
    await eventually(() => expect(batches).toEqual([['urgent']]));
    await add(id, 1, 'talk');
    await add(id, 1, 'read');
    await add(id, 1, 'urgent');
    await eventually(() => expect(batches[1]).toEqual(['talk', 'read', 'urgent']));
    // Whoever appends without telling what: anything may have come.
    const { commits, head } = await log.load('acme', id);
    await log.append({ ...commits.at(-1)!.commit, firstVersion: head.version + 1 }, head.seq);
    await eventually(() => expect(batches).toHaveLength(3));
    await consumer.stopAll();
  });

  it('does not believe a leader that says there is nothing, when others have copies too', async () => {
    const { sums, projection } = await summing('deposed');
    let asked = 0;
    let deposed = false;
    const cluster: EventLog = Object.assign(Object.create(log) as EventLog, {
      bounds: async (partition: number) => ({ ...(await log.bounds(partition)), laggingCopies: 2 }),
      isEnd: async (partition: number, seq: number) => {
        asked++;
        return deposed || log.isEnd(partition, seq);
      },
      page: (partition: number, after: number, most: { commits: number; bytes: number }) =>
        deposed ? Promise.resolve({ commits: [], more: 0 }) : log.page(partition, after, most),
    });
    const consumer = await consumerOf(projection, { log: cluster });
    await consumer.caughtUp();
    deposed = true;
    asked = 0;
    const id = newId(1);
    await add(id, 1);
    await eventually(() => expect(asked).toBeGreaterThan(1));
    deposed = false;
    await eventually(async () => expect(await sums.get(`acme/${id}`)).toMatchObject({ version: 1 }));
    await consumer.stopAll();
  });

  it('shows how far it is and how the log stands, until another instance does', async () => {
    const { projection } = await summing('shown');
    await add(newId(1), 1);
    const consumer = await consumerOf(projection);
    await consumer.caughtUp();
    const shown = async (key: 'consumerLag' | 'logStreamCommits' | 'logStreamReplicas', of: object) => {
      const { values } = await metrics.gauge(key).get();
      return values.filter(({ labels }) => Object.entries(of).every(([k, v]) => (labels as never)[k] === v));
    };
    const own = { projection: 'shown', partition: '1' };
    const stream = { log: 'conversation', partition: '1' };
    await consumer.status();
    expect(await shown('consumerLag', own)).toMatchObject([{ value: 0 }]);
    expect((await shown('logStreamCommits', stream))[0]?.value).toBeGreaterThan(0);
    expect(await shown('logStreamReplicas', { ...stream, state: 'current' })).toMatchObject([{ value: 1 }]);
    expect(await shown('logStreamReplicas', { ...stream, state: 'lagging' })).toMatchObject([{ value: 0 }]);
    await consumer.stopAll();
    expect(await shown('consumerLag', own)).toEqual([]);
    expect(await shown('logStreamCommits', stream)).toEqual([]);
  });

  it('parks an aggregate that cannot be applied, goes on with the others, and replays it', async () => {
    const { sums, faults, projection } = await summing('poison');
    faults.poison.add('bad');
    const [sick, well] = [newId(), newId()];
    const consumer = await consumerOf(projection);
    await add(sick, 1);
    await add(sick, 2);
    await add(sick, 3, 'bad');
    await add(well, 4);
    await add(sick, 5);
    await consumer.caughtUp();
    expect(await sums.get(`acme/${well}`)).toMatchObject({ total: 4 });
    expect(await sums.get(`acme/${sick}`)).toMatchObject({ version: 2, total: 3 });
    expect(await consumer.parked()).toEqual([
      expect.objectContaining({
        tenant: 'acme',
        id: sick,
        failedVersion: 3,
        error: 'Error: cannot bear bad',
      }),
    ]);
    await expect(consumer.replay('acme', sick)).rejects.toThrow('cannot bear bad');
    await consumer.stopAll();

    const next = await consumerOf(projection);
    await add(sick, 6);
    await next.caughtUp();
    expect(await sums.get(`acme/${sick}`)).toMatchObject({ version: 2 });
    faults.poison.clear();
    // Asked of an instance that does not run the partition: the one that does carries it out.
    await createConsumer({ log, projection, checkpoints: store }).replay('acme', sick);
    expect(await next.parked()).toEqual([]);
    await add(sick, 7);
    await next.caughtUp();
    expect(await sums.get(`acme/${sick}`)).toMatchObject({ version: 6, total: 24 });
    await next.stopAll();
  });

  it('rebuilds from nothing to the same documents', async () => {
    const { sums, projection } = await summing('rebuild');
    const ids = Array.from({ length: 20 }, (_, i) => newId(i % 2));
    const consumer = await consumerOf(projection, { batch: { commits: 7, bytes: 1_000 } });
    await Promise.all(ids.flatMap((id) => Array.from({ length: 10 }, (_, i) => add(id, i))));
    await consumer.caughtUp();
    await consumer.stopAll();
    const everything = async () => (await sums.find({ filter: {}, limit: 1_000 })).items;
    const incremental = await everything();
    await deleteProgress(store, projection.name);
    await sums.delete(incremental.map(({ id }) => id));
    const rebuilt = await consumerOf(projection);
    await rebuilt.caughtUp();
    await rebuilt.stopAll();
    expect(await everything()).toEqual(incremental);
  });

  it('waits out an outage of its store and loses nothing', async () => {
    const { sums, faults, projection } = await summing('outage');
    const id = newId();
    const consumer = await consumerOf(projection);
    await consumer.caughtUp();
    faults.outage = true;
    await add(id, 1);
    await add(id, 2);
    await eventually(() => expect(faults.outages).toBeGreaterThan(1));
    faults.outage = false;
    await consumer.caughtUp();
    expect(await sums.get(`acme/${id}`)).toMatchObject({ total: 3 });
    expect(await consumer.parked()).toEqual([]);
    await consumer.stopAll();
  });

  it('fills what the log no longer holds, and passes over a purged end', async () => {
    const { sums, projection } = await summing('purged');
    const id = newId(0);
    for (let i = 1; i <= 3; i++) await add(id, i);
    const kept: Commit[] = (await log.load('acme', id)).commits.map(({ commit }) => commit);
    await log.purge('acme', id, (await log.load('acme', id)).commits[1]!.seq);
    const consumer = await consumerOf(projection, { loadPurged: async () => kept });
    await consumer.caughtUp();
    expect(await sums.get(`acme/${id}`)).toMatchObject({ version: 3, total: 6 });
    await consumer.stopAll();
    await log.purge('acme', id, (await log.head('acme', id)).seq);
    const { projection: other } = await summing('purged_end');
    const late = await consumerOf(other);
    await late.caughtUp();
    const [zero] = await late.status();
    expect(zero).toMatchObject({ appliedSeq: zero!.headSeq });
    await late.stopAll();
  });

  it('parks what has a hole that nothing fills', async () => {
    const { projection } = await summing('hole');
    const id = newId();
    await add(id, 1);
    await add(id, 1);
    await log.purge('acme', id, (await log.load('acme', id)).commits[0]!.seq);
    const consumer = await consumerOf(projection);
    await consumer.caughtUp();
    expect(await consumer.parked()).toEqual([expect.objectContaining({ id, failedVersion: 1 })]);
    await consumer.stopAll();
  });

  it('goes on after the server was killed', async () => {
    const { sums, projection } = await summing('killed');
    const id = newId();
    const consumer = await consumerOf(projection);
    await add(id, 1);
    await consumer.caughtUp();
    await nats.kill();
    await nats.restart();
    await add(id, 2);
    await eventually(async () =>
      expect(await sums.get(`acme/${id}`)).toMatchObject({ version: 2, total: 3 }),
    );
    await consumer.stopAll();
  });
});
