import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { routing } from '@parley/contracts';
import { openEventLog, type EventLog } from '@parley/eventlog';
import { connectBus, type Bus } from '@parley/messaging';
import { startNats, type TestNats } from '@parley/testkit';
import { groupCommits } from './codec.js';
import { replayFrom } from './replay.js';

let nats: TestNats;
let bus: Bus;
let log: EventLog;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'replay-spec' });
  log = await openEventLog({ bus, name: 'routing', partitions: 4 });
});
afterAll(async () => {
  await bus.drain();
  await nats.stop();
});

const removed = (queueId: string): routing.RoutingEvent => ({
  event: { $case: 'queueRemoved', value: { queueId } },
});

const write = async (tenant: string, queues: readonly string[]): Promise<number[]> => {
  const seqs: number[] = [];
  for (const [i, queueId] of queues.entries())
    for (const { commit } of groupCommits(
      tenant,
      [{ commandId: `${i}`, events: [removed(queueId)] }],
      i,
      1_000 * (i + 1),
    ))
      seqs.push(await log.append(commit, seqs.at(-1) ?? 0));
  return seqs;
};

const read = async (tenant: string, until = Infinity): Promise<string[]> => {
  const found: string[] = [];
  const visit = ({ event }: routing.RoutingEvent, at: number): boolean => {
    if (at > until) return false;
    if (event?.$case === 'queueRemoved') found.push(`${event.value.queueId} ${at}`);
    return true;
  };
  await replayFrom(log, tenant, visit, () => Promise.resolve());
  return found;
};

it("shows one tenant's events in order, until it is told to stop, and what a trimmed log still has", async () => {
  const seqs = await write('acme', ['a', 'b', 'c']);
  await write('other', ['x']);
  expect(await read('acme')).toEqual(['a 1000', 'b 2000', 'c 3000']);
  expect(await read('acme', 2_000)).toEqual(['a 1000', 'b 2000']);
  expect(await read('nobody')).toEqual([]);
  await log.purge('acme', 'main', seqs[0]!);
  expect(await read('acme')).toEqual(['b 2000', 'c 3000']);
});
