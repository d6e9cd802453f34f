import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { routing } from '@parley/contracts';
import { openEventLog, type EventLog } from '@parley/eventlog';
import { connectBus, type Bus } from '@parley/messaging';
import { eventually, startNats, type TestNats } from '@parley/testkit';
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

const write = async (tenant: string, queues: readonly string[], first = 0, after = 0): Promise<number[]> => {
  const seqs: number[] = [];
  for (const [i, queueId] of queues.entries())
    for (const { commit } of groupCommits(
      tenant,
      [{ commandId: `${i}`, events: [removed(queueId)] }],
      first + i,
      1_000 * (first + i + 1),
    ))
      seqs.push(await log.append(commit, seqs.at(-1) ?? after));
  return seqs;
};

const read = async (tenant: string, { since = 0, until = Infinity } = {}): Promise<string[]> => {
  const found: string[] = [];
  const visit = ({ event }: routing.RoutingEvent, at: number): boolean => {
    if (at > until) return false;
    if (event?.$case === 'queueRemoved') found.push(`${event.value.queueId} ${at}`);
    return true;
  };
  await replayFrom(log, tenant, since, visit, () => Promise.resolve());
  return found;
};

it("shows one tenant's events in order, until it is told to stop, and what a trimmed log still has", async () => {
  const seqs = await write('acme', ['a', 'b', 'c']);
  await write('other', ['x']);
  expect(await read('acme')).toEqual(['a 1000', 'b 2000', 'c 3000']);
  expect(await read('acme', { until: 2_000 })).toEqual(['a 1000', 'b 2000']);
  expect(await read('nobody')).toEqual([]);
  await log.purge('acme', 'main', seqs[0]!);
  expect(await read('acme')).toEqual(['b 2000', 'c 3000']);
});

it('reads what was stored from a time on, and nothing before it', async () => {
  const before = await write('globex', ['a', 'b', 'c']);
  const stored = Date.now();
  // The server stores finer times than milliseconds.
  await eventually(() => Date.now() > stored + 1);
  const since = Date.now();
  await write('globex', ['d'], 3, before.at(-1));
  const pages: number[] = [];
  const counting: Pick<EventLog, 'page' | 'seqBefore'> = {
    seqBefore: (partition, time) => log.seqBefore(partition, time),
    page: async (partition, afterSeq, most) => {
      const page = await log.page(partition, afterSeq, most);
      pages.push(page.commits.length);
      return page;
    },
  };
  await replayFrom(
    counting,
    'globex',
    since,
    () => true,
    () => Promise.resolve(),
  );
  expect(pages).toEqual([1]);
  expect(await read('globex', { since })).toEqual(['d 4000']);
  expect(await read('globex', { since: Date.now() + 60_000 })).toEqual([]);
  expect(await read('globex')).toHaveLength(4);
});
