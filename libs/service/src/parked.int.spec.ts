import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { log as contracts } from '@parley/contracts';
import { aggregateKey, createConsumer, openEventLog, type EventLog, type Projection } from '@parley/eventlog';
import { newAggregateId } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { startNats, type TestNats } from '@parley/testkit';
import { defineConfig } from './config.js';
import { startService, type RunningService } from './start.js';

let nats: TestNats;
let bus: Bus;
let log: EventLog;
let store: Store;
let folder: string;
let service: RunningService;
let stopConsumer: () => Promise<void>;
/** Commands whose commits the projection cannot bear. */
const poison = new Set<string>();
const applied = new Map<string, number>();
/** The parked aggregate of each tenant. */
const sick = new Map<string, string>();

const projection: Projection = {
  name: 'notes',
  applied: async (keys) =>
    new Map(keys.map(({ tenant, id }) => [aggregateKey(tenant, id), applied.get(`${tenant}/${id}`) ?? 0])),
  apply: async (runs) => {
    for (const { tenant, id, commits } of runs)
      for (const { commit } of commits) {
        if (poison.has(commit.commandId)) throw new Error(`cannot bear ${commit.commandId}`);
        applied.set(`${tenant}/${id}`, commit.firstVersion);
      }
  },
};
const append = (tenant: string, id: string, version: number, commandId: string, after: number) =>
  log.append(
    contracts.Commit.fromPartial({
      tenant,
      aggregateId: id,
      firstVersion: version,
      commandId,
      time: new Date(),
      events: [Buffer.from('x')],
    }),
    after,
  );
const url = (path: string, host = '127.0.0.1'): string => `http://${host}:${service.httpPort}${path}`;
const parked = async (query = ''): Promise<unknown> => (await fetch(url(`/parked${query}`))).json();
const replay = async (query = ''): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(url(`/parked/replay${query}`), { method: 'POST' });
  return { status: response.status, body: await response.json() };
};

beforeAll(async () => {
  nats = await startNats();
  folder = await mkdtemp(join(tmpdir(), 'parley-parked-'));
  bus = await connectBus({ url: nats.url, name: 'spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 1 });
  store = await openStore({ name: 'notes', durability: 'projection', folder });
  const consumer = createConsumer({ log, projection, checkpoints: store });
  stopConsumer = () => consumer.stopAll();
  service = await startService({
    name: 'notes',
    config: defineConfig({}),
    env: { NATS_URL: nats.url, PARLEY_LOG_LEVEL: 'silent', PARLEY_SERVICE_HOST: '0.0.0.0' },
    build: async () => ({ handlers: {}, consumers: () => [consumer], start: () => consumer.start(0) }),
  });
  poison.add('bad');
  for (const tenant of ['acme', 'globex']) {
    const id = newAggregateId(0, Date.now());
    sick.set(tenant, id);
    const first = await append(tenant, id, 1, 'good', 0);
    await append(tenant, id, 2, 'bad', first);
  }
  await consumer.caughtUp();
});
afterAll(async () => {
  await service.stop();
  await stopConsumer();
  await store.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

const item = (tenant: string) => ({ projection: 'notes', tenant, id: sick.get(tenant) });
const listed = (tenant: string) =>
  expect.objectContaining({ ...item(tenant), failedVersion: 2, error: 'Error: cannot bear bad' });

describe('what a consumer has parked', () => {
  it('is listed for operators on this host and nobody else', async () => {
    expect(await parked()).toEqual({ parked: expect.arrayContaining([listed('acme'), listed('globex')]) });
    expect(await parked('?tenant=acme')).toEqual({ parked: [listed('acme')] });
    const elsewhere = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === 'IPv4')?.address;
    if (elsewhere === undefined) throw new Error('this test needs a network interface beside the loopback');
    expect((await fetch(url('/parked', elsewhere))).status).toBe(403);
    expect((await fetch(url('/parked/replay', elsewhere), { method: 'POST' })).status).toBe(403);
    expect((await fetch(url('/healthz/live', elsewhere))).status).toBe(200);
  });

  it('is replayed on request: refused with its error until the cause is mended, then gone', async () => {
    const query = `?projection=notes&tenant=acme&id=${sick.get('acme')}`;
    expect(await replay(query)).toEqual({
      status: 409,
      body: { replayed: [{ ...item('acme'), error: 'cannot bear bad' }] },
    });
    expect(await replay('?tenant=nobody')).toMatchObject({ status: 404 });
    poison.clear();
    expect(await replay(query)).toEqual({ status: 200, body: { replayed: [item('acme')] } });
    expect(applied.get(`acme/${sick.get('acme')}`)).toBe(2);
    expect(await parked()).toEqual({ parked: [listed('globex')] });
    expect(await replay()).toEqual({ status: 200, body: { replayed: [item('globex')] } });
    expect(await parked()).toEqual({ parked: [] });
  });
});
