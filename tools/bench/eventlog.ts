/**
 * What the event log costs: appends through owners, one commit at a time and as group commit, and a consumer without
 * a projection. `node scripts/run.mjs tools/bench/eventlog.ts [--seconds N]` starts its own nats-server, prints a table and, last, one line of JSON.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, type Decider, newAggregateId } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { createConsumer, createOwner, openEventLog } from '@parley/eventlog';
import { openStore } from '@parley/store';
import { startNats, type TestNats } from '@parley/testkit';

const SECONDS = Number(process.argv[process.argv.indexOf('--seconds') + 1] || 4);
const TICKS_PER_SECOND = 100;

interface Row {
  readonly partitions: number;
  readonly writers: number;
  readonly batchFrom: number;
  readonly commitsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly clientMicros: number;
  readonly serverMicros: number;
}

const counting: Decider<number, Buffer, Buffer, Error> = {
  initialState: 0,
  decide: (_state, body) => ok([body]),
  evolve: (state) => state + 1,
};
const asIs = { encode: (event: Buffer) => event, decode: (bytes: Uint8Array) => Buffer.from(bytes) };
const body = Buffer.alloc(250, 'x');

/** CPU seconds of a process so far. */
const serverSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
};
const clientSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const appends = async (
  nats: TestNats,
  bus: Bus,
  setup: { partitions: number; writers: number; batchFrom: number },
): Promise<Row> => {
  const { partitions, writers, batchFrom } = setup;
  const log = await openEventLog({ bus, name: 'conversation', partitions, batchFrom });
  const owner = createOwner({ log, decider: counting, codec: asIs, isOwned: () => true });
  const latencies: number[] = [];
  const until = performance.now() + SECONDS * 1_000;
  const cpu = { client: clientSeconds(), server: serverSeconds(nats.pid!) };
  const began = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const id = newAggregateId(writer % partitions, Date.now());
      for (let n = 0; performance.now() < until; n++) {
        const sentAt = performance.now();
        await owner.execute({
          tenant: 'bench',
          id,
          commandId: `${n}`,
          context: {
            tenant: 'bench',
            principal: { role: 'system', id: 'bench' },
            deadline: Date.now() + 30_000,
          },
          actor: undefined,
          command: () => body,
        });
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  latencies.sort((a, b) => a - b);
  const at = (part: number): number =>
    Number((latencies[Math.floor(latencies.length * part)] ?? 0).toFixed(2));
  const perCommit = (spent: number): number => Math.round((spent * 1e6) / latencies.length);
  return {
    ...setup,
    commitsPerSecond: Math.round(latencies.length / seconds),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    clientMicros: perCommit(clientSeconds() - cpu.client),
    serverMicros: perCommit(serverSeconds(nats.pid!) - cpu.server),
  };
};

const consuming = async (bus: Bus): Promise<{ commits: number; perSecond: number; clientMicros: number }> => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const store = await openStore({ name: 'bench', durability: 'projection', folder });
  const log = await openEventLog({ bus, name: 'conversation', partitions: 1 });
  let commits = 0;
  const consumer = createConsumer({
    log,
    checkpoints: store,
    projection: {
      name: 'bench',
      applied: async () => new Map(),
      apply: async (runs) => {
        for (const run of runs) commits += run.commits.length;
      },
    },
  });
  const began = performance.now();
  const cpu = clientSeconds();
  for (let partition = 0; partition < log.partitions; partition++) await consumer.start(partition);
  await consumer.caughtUp();
  const spent = clientSeconds() - cpu;
  const seconds = (performance.now() - began) / 1_000;
  await consumer.stopAll();
  await store.close();
  await rm(folder, { recursive: true, force: true });
  return {
    commits,
    perSecond: Math.round(commits / seconds),
    clientMicros: Number(((spent * 1e6) / commits).toFixed(1)),
  };
};

const nats = await startNats();
const bus = await connectBus({ url: nats.url, name: 'bench-eventlog' });
const rows: Row[] = [];
// More than ever waits: every commit goes alone.
const thresholds = [1_000, 24];
await appends(nats, bus, { partitions: 4, writers: 64, batchFrom: 32 }); // warms up
for (const partitions of [1, 4])
  for (const writers of [1, 16, 48, 128, 256])
    for (const batchFrom of thresholds)
      rows.push(await appends(nats, bus, { partitions, writers, batchFrom }));
const consumer = await consuming(bus);
await bus.drain();
await nats.stop();
console.table(rows);
console.log(JSON.stringify({ appends: rows, consumer }));
