import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newAggregateId } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { openEventLog } from './log.js';
import type { Commit, EventLog, StoredCommit } from './types.js';

let nats: TestNats;
let bus: Bus;
let log: EventLog;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'page-spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 3 });
});
afterAll(async () => {
  await bus.drain();
  await nats.stop();
});

const most = { commits: 100, bytes: 1024 * 1024 };
const commitOf = (aggregateId: string, firstVersion: number, event = 'x'): Commit => ({
  tenant: 'acme',
  aggregateId,
  firstVersion,
  time: new Date(0),
  commandId: `c${firstVersion}`,
  commandIds: [],
  actor: undefined,
  events: [Buffer.from(event)],
  traceparent: '',
  engineVersion: 0,
});
/** Appends so many commits to a new aggregate; returns its id and their sequences. */
const grow = async (partition: number, commits: number): Promise<{ id: string; seqs: number[] }> => {
  const id = newAggregateId(partition, Date.now());
  const seqs: number[] = [];
  for (let version = 1; version <= commits; version++)
    seqs.push(await log.append(commitOf(id, version), seqs.at(-1) ?? 0));
  return { id, seqs };
};

describe('a page of a partition', () => {
  it('has what follows a sequence, in order, and says how much more there is', async () => {
    const a = await grow(0, 4);
    const b = await grow(0, 3);
    const first = await log.page(0, 0, { ...most, commits: 5 });
    expect(first.commits.map(({ seq }) => seq)).toEqual([...a.seqs, b.seqs[0]]);
    expect(first.commits.map(({ commit }) => commit.aggregateId)).toEqual([a.id, a.id, a.id, a.id, b.id]);
    expect(first.more).toBe(2);
    const rest = await log.page(0, b.seqs[0]!, most);
    expect(rest.commits.map(({ commit }) => commit.firstVersion)).toEqual([2, 3]);
    expect(rest.more).toBe(0);
    expect(await log.page(0, b.seqs[2]!, most)).toEqual({ commits: [], more: 0 });
  });

  it('names the right places where commits have been purged', async () => {
    const [a, b, c] = [await grow(1, 2), await grow(1, 3), await grow(1, 2)];
    await log.purge('acme', b.id, b.seqs[2]!);
    const { commits } = await log.page(1, 0, most);
    expect(commits.map(({ seq, commit }) => [seq, commit.aggregateId])).toEqual([
      ...a.seqs.map((seq) => [seq, a.id]),
      ...c.seqs.map((seq) => [seq, c.id]),
    ]);
    expect((await log.page(1, 0, { ...most, commits: 3 })).more).toBe(1);
  });

  it('ends with the commit that reaches the bytes', async () => {
    const id = newAggregateId(2, Date.now());
    const seq = await log.append(commitOf(id, 1, 'y'.repeat(2_000)), 0);
    await log.append(commitOf(id, 2, 'y'.repeat(2_000)), seq);
    const { commits, more } = await log.page(2, seq - 1, { commits: 10, bytes: 1_000 });
    expect(commits.map(({ commit }) => commit.firstVersion)).toEqual([1]);
    expect(more).toBe(1);
  });
});

describe('where a time begins', () => {
  it('is before the first commit that was stored then or later, also where some have been purged', async () => {
    const start = (await log.bounds(1)).lastSeq;
    const early = await grow(1, 3);
    const stored = Date.now();
    // The server's clock is this machine's, and tells more than milliseconds.
    await eventually(() => expect(Date.now()).toBeGreaterThan(stored + 1));
    const from = Date.now();
    const late = await grow(1, 3);
    expect(await log.seqBefore(1, from)).toBe(late.seqs[0]! - 1);
    expect(await log.seqBefore(1, 0)).toBeLessThanOrEqual(start);
    expect(await log.seqBefore(1, Date.now() + 60_000)).toBe(late.seqs[2]);
    await log.purge('acme', late.id, late.seqs[1]!);
    await log.purge('acme', early.id, early.seqs[2]!);
    const { commits } = await log.page(1, await log.seqBefore(1, from), most);
    expect(commits.map(({ seq }) => seq)).toEqual([late.seqs[2]]);
  });
});

describe('what a process appended itself', () => {
  it('is handed over like what the log hands over, also where another process appended in between', async () => {
    const other = await connectBus({ url: nats.url, name: 'page-spec-own' });
    const theirs = await openEventLog({ bus: other, name: 'conversation', partitions: 3 });
    const start = (await log.bounds(2)).lastSeq;
    const unfollow = log.onAppended(2, () => undefined);
    const ids = [1, 2, 3].map(() => newAggregateId(2, Date.now()));
    await log.append(commitOf(ids[0]!, 1), 0);
    await log.append(commitOf(ids[1]!, 1), 0);
    await theirs.append(commitOf(ids[2]!, 1), 0);
    const read = async (from: EventLog) => {
      const commits: StoredCommit[] = [];
      for (;;) {
        const page = await from.page(2, commits.at(-1)?.seq ?? start, most);
        if (page.commits.length === 0) return commits;
        commits.push(...page.commits);
      }
    };
    const expected = await read(theirs);
    expect(expected.map(({ commit }) => commit.aggregateId)).toEqual(ids);
    expect(await read(log)).toEqual(expected);
    const last = await log.append(commitOf(ids[0]!, 2), expected[0]!.seq);
    expect((await log.page(2, last - 1, most)).commits).toEqual(
      (await theirs.page(2, last - 1, most)).commits,
    );
    expect(await read(log)).toEqual(await read(theirs));
    unfollow();
    await other.drain();
  });
});

describe('news of a partition', () => {
  it('tells the last sequence to those who follow it, in whatever process, and to nobody else', async () => {
    const other = await connectBus({ url: nats.url, name: 'page-spec-other' });
    const followed: number[] = [];
    const elsewhere: number[] = [];
    const theirs = await openEventLog({ bus: other, name: 'conversation', partitions: 3 });
    const unfollow = theirs.onAppended(0, (seq) => followed.push(seq));
    theirs.onAppended(1, (seq) => elsewhere.push(seq));
    await other.flush();
    const { seqs } = await grow(0, 20);
    await eventually(() => expect(followed.at(-1)).toBe(seqs.at(-1)));
    expect(followed).toEqual([...followed].sort((x, y) => x - y));

    unfollow();
    const heard = followed.length;
    const more = await grow(1, 1);
    await eventually(() => expect(elsewhere.at(-1)).toBe(more.seqs[0]));
    expect(followed).toHaveLength(heard);
    await other.drain();
  });
});

describe('an aggregate', () => {
  it('is loaded in parts of so many bytes, each after the last, whatever stands between', async () => {
    const id = newAggregateId(2, Date.now());
    const another = await grow(2, 1);
    const seqs: number[] = [];
    for (let version = 1; version <= 6; version++) {
      seqs.push(await log.append(commitOf(id, version, 'x'.repeat(1_000)), seqs.at(-1) ?? 0));
      await log.append(commitOf(another.id, version + 1), seqs.at(-1)! - 1);
    }
    const first = await log.load('acme', id, 0, 0, 2_500);
    expect(first.commits.map(({ commit }) => commit.firstVersion)).toEqual([1, 2, 3]);
    expect(first.head).toEqual({ version: 6, seq: seqs[5] });
    const behind = await log.load('acme', id, 3, 0, 1);
    expect(behind.commits.map(({ commit }) => commit.firstVersion)).toEqual([4]);
    const rest = await log.load('acme', id, 4, seqs[3], 1 << 20);
    expect(rest.commits.map(({ seq }) => seq)).toEqual(seqs.slice(4));
    expect(rest.head).toEqual(first.head);
  });
});
