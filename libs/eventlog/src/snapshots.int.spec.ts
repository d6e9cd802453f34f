import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newAggregateId } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { startNats, startNatsCluster, type TestNats, type TestNatsCluster } from '@parley/testkit';
import { openEventLog } from './log.js';
import { pausePurges } from './purge-pause.js';
import { listLogStreams, restoreStream, snapshotStream } from './snapshots.js';
import type { Commit, EventLog } from './types.js';

let nats: TestNats;
let cluster: TestNatsCluster;
let bus: Bus;
let other: Bus;
let log: EventLog;
const id = newAggregateId(0, Date.now());

const commitOf = (firstVersion: number): Commit => ({
  tenant: 'acme',
  aggregateId: id,
  firstVersion,
  time: new Date(0),
  commandId: `c${firstVersion}`,
  commandIds: [],
  actor: undefined,
  events: [Buffer.alloc(60_000, firstVersion)],
  traceparent: '',
  engineVersion: 0,
});

beforeAll(async () => {
  [nats, cluster] = await Promise.all([startNats(), startNatsCluster()]);
  bus = await connectBus({ url: cluster.url, name: 'snapshots-spec' });
  other = await connectBus({ url: nats.url, name: 'snapshots-spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 2, replicas: 3 });
  for (let version = 1, seq = 0; version <= 12; version++) seq = await log.append(commitOf(version), seq);
});
afterAll(async () => {
  await Promise.all([bus.drain(), other.drain()]);
  await Promise.all([nats.stop(), cluster.stop()]);
});

describe('purging', () => {
  it('is refused until a pause is over', async () => {
    await pausePurges(bus, Date.now() + 3_600_000, 3);
    await expect(log.purge('acme', id, 2)).rejects.toMatchObject({ details: { reason: 'PURGES_PAUSED' } });
    expect((await log.load('acme', id)).commits).toHaveLength(12);
    await pausePurges(bus, 0, 3);
    await log.purge('acme', id, 4);
    expect((await log.load('acme', id)).commits.map(({ seq }) => seq)[0]).toBe(5);
  });
});

describe('a snapshot of a stream', () => {
  it('makes the same stream on another server, which is written to as before', async () => {
    expect(await listLogStreams(bus)).toEqual(['CONVERSATION_0', 'CONVERSATION_1']);
    const pieces: Uint8Array[] = [];
    const write = async (piece: Uint8Array): Promise<void> => void pieces.push(piece);
    const description = await snapshotStream(bus, 'CONVERSATION_0', write);
    const again = async function* (): AsyncGenerator<Uint8Array> {
      yield* pieces;
    };
    await restoreStream(other, description, again(), 1);

    const there = await openEventLog({ bus: other, name: 'conversation', partitions: 2 });
    const [before, after] = await Promise.all([log.load('acme', id), there.load('acme', id)]);
    expect(after.commits.map(({ seq, commit }) => [seq, commit.firstVersion])).toEqual(
      before.commits.map(({ seq, commit }) => [seq, commit.firstVersion]),
    );
    expect(after.commits.at(-1)?.bytes).toEqual(before.commits.at(-1)?.bytes);
    expect(await there.append(commitOf(13), after.head.seq)).toBe(after.head.seq + 1);
  });
});
