import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { partitionOfTenant } from '@parley/contracts';
import { createConsumer, openEventLog, type EventLog } from '@parley/eventlog';
import { ManualClock } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { createLogger } from '@parley/telemetry';
import { startNats, type TestNats } from '@parley/testkit';
import { DOMAIN_ID } from './codec.js';
import { createSteps, explainFrom } from './steps.js';
import { createRoutingStore, type RoutingStore } from './store.js';
import { agent, enter, presence, queue } from './testing/world.js';
import { Trim } from './trim.js';
import { enginePorts } from './workflows/engine-ports.js';
import { DomainWriter } from './writer.js';

const TENANT = 'acme';
const PARTITION = partitionOfTenant(TENANT);
const DAY = 24 * 3_600_000;
const logger = createLogger('routing', { level: 'silent' });
const clock = new ManualClock();

let nats: TestNats;
let bus: Bus;
let folder: string;
let documents: Store;
let store: RoutingStore;
let log: EventLog;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'trim-spec' });
  folder = await mkdtemp(join(tmpdir(), 'parley-trim-'));
  documents = await openStore({ name: 'routing', durability: 'projection', folder });
  store = await createRoutingStore(documents);
  log = await openEventLog({ bus, name: 'routing', partitions: 4 });
});
afterAll(async () => {
  await documents.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

const openWriter = (): DomainWriter =>
  new DomainWriter({
    tenant: TENANT,
    log,
    snapshots: store,
    clock,
    logger,
    ports: enginePorts,
    snapshotEvery: 1,
    onCommitted: () => undefined,
    onConflict: () => undefined,
  });
const soon = (): number => clock.now() + 10_000;

it('takes old decisions out of the log once nobody needs them, and everything goes on', async () => {
  const writer = openWriter();
  const run = (command: Parameters<DomainWriter['execute']>[0]) =>
    writer.execute(command, '', soon(), (state) => state.version);
  for (const command of [queue('sales'), agent('ann', ['sales']), presence('ann', 'AWAY'), enter('0-old')])
    await run(command);
  clock.advance(40 * DAY);
  const last = await run(enter('0-new'));

  const passed = { appliedSeq: 1_000_000, parked: [] as string[] };
  let told = new Map([['routing-steps', passed]]);
  const trim = new Trim({
    log,
    store,
    positions: { of: async () => told },
    keepMs: 31 * DAY,
    clock,
    logger,
    onTrimmed: () => undefined,
  });
  const first = async () => (await log.load(TENANT, DOMAIN_ID)).commits[0]?.commit.firstVersion;
  // A reader has not told how far it is; then one is parked; then a reaction is still open.
  await trim.run(PARTITION, [TENANT]);
  told.set('analytics-routing', { appliedSeq: 1_000_000, parked: [`${TENANT}/${DOMAIN_ID}`] });
  await trim.run(PARTITION, [TENANT]);
  told = new Map([...told, ['analytics-routing', passed]]);
  await trim.run(PARTITION, [TENANT]);
  expect(await first()).toBe(1);
  await store.done.upsertNewer([{ id: TENANT, version: last, at: 0 }]);
  await trim.run(PARTITION, [TENANT]);
  expect(await first()).toBeGreaterThan(1);
  expect(await first()).toBeLessThanOrEqual(last);

  await writer.stop();
  const next = openWriter();
  const chats = await next.read(soon(), (state) => [...state.chats.keys()]);
  expect(chats).toEqual(['0-old', '0-new']);
  const end = await next.execute(enter('0-later'), '', soon(), (state) => state.version);
  await next.stop();

  // Whoever reads the log for the first time begins with what is left.
  const consumer = createConsumer({ log, projection: createSteps(store), checkpoints: documents });
  await consumer.start(PARTITION);
  await consumer.caughtUp();
  expect(await consumer.parked()).toEqual([]);
  await consumer.stopAll();
  const of = async (id: string) =>
    (await explainFrom(store, log, TENANT, id)).map(({ event }) => event?.event?.$case);
  expect(await of('0-later')).toEqual(['conversationEnqueued']);
  expect(await of('0-new')).toEqual(['conversationEnqueued']);

  // Nothing has happened for long: what the snapshot ends with stays, for without it nothing could be appended.
  clock.advance(40 * DAY);
  await store.done.upsertNewer([{ id: TENANT, version: end, at: 0 }]);
  await trim.run(PARTITION, [TENANT]);
  expect(await first()).toBe(end);
  expect((await log.head(TENANT, DOMAIN_ID)).version).toBe(end);
});
