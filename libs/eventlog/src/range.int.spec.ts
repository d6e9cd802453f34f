import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newAggregateId } from '@parley/kernel';
import { connectBus, natsConnection, type Bus } from '@parley/messaging';
import { startNats, type TestNats } from '@parley/testkit';
import { openEventLog } from './log.js';
import type { Commit, EventLog } from './types.js';

let nats: TestNats;
let bus: Bus;
let log: EventLog;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'range-spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 1 });
});
afterAll(async () => {
  await bus.drain();
  await nats.stop();
});

const commitOf = (aggregateId: string, firstVersion: number, events: number): Commit => ({
  tenant: 'acme',
  aggregateId,
  firstVersion,
  time: new Date(0),
  commandId: `c${firstVersion}`,
  commandIds: [],
  actor: undefined,
  events: Array.from({ length: events }, () => Buffer.from('x')),
  traceparent: '',
  engineVersion: 0,
});
/** An aggregate with so many commits of so many events, and now and then one of another between them. */
const grow = async (commits: number, events = 1): Promise<string> => {
  const [id, other] = [newAggregateId(0, Date.now()), newAggregateId(0, Date.now())];
  let [seq, otherSeq, others] = [0, 0, 0];
  for (let i = 0; i < commits; i++) {
    seq = await log.append(commitOf(id, 1 + i * events, events), seq);
    if (i % 7 === 0) otherSeq = await log.append(commitOf(other, ++others, 1), otherSeq);
  }
  return id;
};
/** Messages that came from the server for a piece of work. */
const costOf = async (work: () => Promise<unknown>): Promise<number> => {
  const connection = natsConnection(bus);
  const before = connection.stats().inMsgs;
  await work();
  return connection.stats().inMsgs - before;
};

describe('a range of an aggregate', () => {
  it('is what the whole log has between two versions, wherever they stand', async () => {
    const id = await grow(150, 2);
    const { commits } = await log.load('acme', id);
    for (const from of [0, 1, 2, 33, 34, 35, 66, 149, 150, 151, 297, 298, 299, 300, 400])
      for (const to of [from - 1, from, from + 1, from + 2, from + 40, 300, 1000]) {
        const expected = commits.filter(
          ({ commit: { firstVersion } }) => to > from && firstVersion + 1 > from && firstVersion <= to,
        );
        expect([from, to, await log.loadRange('acme', id, from, to)]).toEqual([from, to, expected]);
      }
    expect(await log.loadRange('acme', newAggregateId(0, Date.now()), 0, 10)).toEqual([]);
  });

  it('is found where the beginning has been purged', async () => {
    const id = await grow(90);
    const { commits } = await log.load('acme', id);
    await log.purge('acme', id, commits[59]!.seq);
    expect(await log.loadRange('acme', id, 80, 85)).toEqual(commits.slice(80, 85));
    expect(await log.loadRange('acme', id, 55, 65)).toEqual(commits.slice(60, 65));
  });

  it('costs as good as nothing more in a long log', async () => {
    const id = await grow(1_500);
    for (const from of [0, 100, 700, 1_400, 1_490]) {
      const cost = await costOf(() => log.loadRange('acme', id, from, from + 10));
      // What was asked for, what was near it, and a few steps of the search, each with its end.
      expect([from, cost < 120]).toEqual([from, true]);
    }
    expect(await costOf(() => log.load('acme', id))).toBeGreaterThan(1_500);
  });
});
