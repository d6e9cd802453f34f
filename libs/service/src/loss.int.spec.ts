import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { log as contracts } from '@parley/contracts';
import {
  aggregateKey,
  createConsumer,
  openEventLog,
  restoreStream,
  snapshotStream,
  type Consumer,
  type EventLog,
  type Projection,
} from '@parley/eventlog';
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
let consumer: Consumer;
let id: string;
let applied: Map<string, number>;

const projection: Projection = {
  name: 'notes',
  applied: async (keys) =>
    new Map(keys.map((key) => [aggregateKey(key.tenant, key.id), applied.get(key.id) ?? 0])),
  apply: async (runs) => {
    for (const run of runs)
      for (const { commit } of run.commits)
        applied.set(run.id, commit.firstVersion + commit.events.length - 1);
  },
};

const connect = async (): Promise<void> => {
  bus = await connectBus({ url: nats.url, name: 'spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 2 });
  consumer = createConsumer({ log, projection, checkpoints: store });
};
const disconnect = async (): Promise<void> => {
  await consumer.stopAll();
  await bus.drain();
};
const append = (aggregateId: string, version: number, after: number): Promise<number> =>
  log.append(
    contracts.Commit.fromPartial({
      tenant: 'acme',
      aggregateId,
      firstVersion: version,
      commandId: `c-${version}`,
      time: new Date(),
      events: [Buffer.from('x')],
    }),
    after,
  );
/** Starts a service with the consumer, takes what the log has, and stops it. */
const run = async (env: Record<string, string> = {}): Promise<void> => {
  const service: RunningService = await startService({
    name: 'notes',
    config: defineConfig({}),
    env: { NATS_URL: nats.url, PARLEY_LOG_LEVEL: 'silent', ...env },
    build: async () => ({
      handlers: {},
      consumers: () => [consumer],
      start: () => consumer.start(1),
      drain: () => consumer.stopAll(),
    }),
  });
  try {
    expect((await service.readiness()).ready).toBe(true);
    await consumer.caughtUp();
  } finally {
    await service.stop();
  }
};
const loseVolume = async (): Promise<void> => {
  await disconnect();
  await nats.kill();
  await rm(join(nats.folder, 'data'), { recursive: true });
  await nats.restart();
};

beforeEach(async () => {
  nats = await startNats();
  folder = await mkdtemp(join(tmpdir(), 'parley-loss-'));
  store = await openStore({ name: 'notes', durability: 'projection', folder });
  applied = new Map();
  await connect();
  // A fresh installation: neither log nor documents have anything.
  await run();
  id = newAggregateId(1, Date.now());
  await append(id, 2, await append(id, 1, 0));
  await run();
  expect(applied.get(id)).toBe(2);
});
afterEach(async () => {
  await disconnect();
  await store.close();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a service whose log has lost what its documents have', () => {
  it('does not start after NATS lost its volume, and says what to do', async () => {
    await loseVolume();
    await connect();
    await expect(run()).rejects.toMatchObject({
      name: 'LogLossError',
      message: expect.stringMatching(
        /conversation log has lost .* "notes" .*partition 1 ends at 0, 2 was applied.*Restore/,
      ),
    });
    // What is appended meanwhile does not make it whole.
    await append(newAggregateId(1, Date.now()), 1, 0);
    await expect(run()).rejects.toMatchObject({ losses: [{ partition: 1, appliedSeq: 2, lastSeq: 1 }] });
    expect(applied.size).toBe(1);
  });

  it('goes on with what there is once that is accepted, and then without being told', async () => {
    await loseVolume();
    await connect();
    const later = newAggregateId(1, Date.now());
    await append(later, 1, 0);
    await run({ PARLEY_ACCEPT_LOG_LOSS: 'true' });
    expect(applied.get(later)).toBe(1);
    await run();
  });

  it('starts over a log from which all was purged', async () => {
    await log.purge('acme', id, 2);
    expect(await log.bounds(1)).toMatchObject({ commits: 0, lastSeq: 2 });
    await run();
  });

  it('starts over a log that was restored', async () => {
    const pieces: Uint8Array[] = [];
    const described = await snapshotStream(bus, 'CONVERSATION_1', async (piece) => void pieces.push(piece));
    await loseVolume();
    bus = await connectBus({ url: nats.url, name: 'spec' });
    await restoreStream(bus, described, pieces as unknown as AsyncIterable<Uint8Array>);
    await bus.drain();
    await connect();
    await run();
    expect((await log.load('acme', id)).head.version).toBe(2);
  });
});
