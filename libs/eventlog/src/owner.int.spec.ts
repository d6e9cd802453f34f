import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { log as contracts } from '@parley/contracts';
import { ErrorCode, newAggregateId, newUlid, type RequestContext } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { startNats, type TestNats } from '@parley/testkit';
import { openEventLog } from './log.js';
import { createOwner } from './owner.js';
import { tallyCodec, tallyDecider, type Tally, type TallyCommand, type TallyEvent } from './testing/tally.js';
import type { Commit, EventLog, ExecuteOptions, Owner, OwnerOptions, StoredCommit } from './types.js';

let nats: TestNats;
let bus: Bus;
let log: EventLog;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'owner-spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 2 });
});
afterAll(async () => {
  await bus.drain();
  await nats.stop();
});

const context = (withinMs = 20_000): RequestContext => ({
  tenant: 'acme',
  principal: { role: 'agent', id: 'a1' },
  deadline: Date.now() + withinMs,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
});
const ownerOf = (
  more: Partial<OwnerOptions<Tally, TallyCommand, TallyEvent>> = {},
): Owner<Tally, TallyCommand> => createOwner({ log, decider: tallyDecider, codec: tallyCodec, ...more });
const command = (id: string, add: number, more: Partial<ExecuteOptions<Tally, TallyCommand>> = {}) => {
  const commandId = more.commandId ?? newUlid(Date.now());
  return {
    tenant: 'acme',
    id,
    commandId,
    context: context(),
    actor: undefined,
    command: () => ({ add, label: commandId }),
    ...more,
  };
};
const newId = (): string => newAggregateId(1, Date.now());

describe('an owner', () => {
  it('commits several events at once with dense versions and carries the trace', async () => {
    const id = newId();
    const owner = ownerOf();
    await owner.execute(command(id, 1, { command: () => ({ add: 2, label: 'a', times: 3 }) }));
    const done = await owner.execute(command(id, 5));
    expect(done).toMatchObject({ version: 4, repeated: false, envelope: { state: { total: 11 } } });
    const { commits, head } = await log.load('acme', id);
    expect(commits.map(({ commit }) => [commit.firstVersion, commit.events.length])).toEqual([
      [1, 3],
      [4, 1],
    ]);
    expect(commits[0]!.commit.traceparent).toBe(context().traceparent);
    expect(head).toEqual(done.envelope.head);
    expect(await log.head('acme', id)).toEqual(head);
  });

  it('answers a known command id with version and time of the first time, also a new owner', async () => {
    const id = newId();
    const first = await ownerOf().execute(command(id, 5, { commandId: 'c1' }));
    const owner = ownerOf({ clock: { now: () => Date.now() + 1_000 } });
    await owner.execute(command(id, 5));
    const again = await owner.execute(command(id, 5, { commandId: 'c1' }));
    expect(again).toMatchObject({ version: 1, time: first.time, repeated: true });
    expect((await log.head('acme', id)).version).toBe(2);
  });

  it('keeps the command ids of each actor apart, also those of commits that are in the log already', async () => {
    const id = newId();
    const actor = (kind: number, of: string) => ({ kind, id: of, name: '' });
    const by = (kind: number, of: string) => ({ commandId: 'due-1', actor: actor(kind, of) });
    const first = await ownerOf().execute(command(id, 1, by(1, 'c1')));
    const owner = ownerOf();
    const others = [by(5, 'conversation'), by(1, 'c2'), by(2, 'c1')];
    for (const other of others)
      expect(await owner.execute(command(id, 1, other))).toMatchObject({ repeated: false });
    expect(await owner.execute(command(id, 1, by(1, 'c1')))).toMatchObject({
      version: first.version,
      repeated: true,
      envelope: { state: { total: 4 } },
    });
  });

  it('decides again on the latest state when another owner appended', async () => {
    const id = newId();
    const [one, two] = [ownerOf(), ownerOf()];
    await one.execute(command(id, 5));
    await two.execute(command(id, -5));
    // `one` still believes in 5: the append conflicts, and 0 refuses.
    await expect(one.execute(command(id, -3))).rejects.toThrow('0 is not enough');
    await two.execute(command(id, 10));
    // Here the refusal itself would come from an old state.
    await expect(one.execute(command(id, -8))).resolves.toMatchObject({ version: 4 });
  });

  it('lets commands that lead to nothing through without a commit', async () => {
    const id = newId();
    const owner = ownerOf();
    await owner.execute(command(id, 1));
    expect(await owner.execute(command(id, 0))).toMatchObject({ version: 1, repeated: false });
  });

  it('takes simultaneous commands on one aggregate one after the other', async () => {
    const id = newId();
    const owner = ownerOf();
    const all = await Promise.all(Array.from({ length: 50 }, () => owner.execute(command(id, 1))));
    expect(all.map(({ version }) => version)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });

  it('never dates a commit before the one before it', async () => {
    const id = newId();
    let now = Date.now();
    const owner = ownerOf({ clock: { now: () => now } });
    const { time } = await owner.execute(command(id, 1));
    now -= 500;
    expect((await owner.execute(command(id, 1))).time).toBe(time);
  });

  it('tells of each commit once, in order, after it is in the log', async () => {
    const id = newId();
    const told: StoredCommit[] = [];
    const owner = ownerOf({ onCommitted: (stored) => told.push(stored) });
    await owner.execute(command(id, 1));
    await owner.execute(command(id, 1));
    expect(told.map(({ commit }) => commit.firstVersion)).toEqual([1, 2]);
    expect(contracts.Commit.decode(told[1]!.bytes!)).toEqual(told[1]!.commit);
  });

  it('continues behind what was purged', async () => {
    const id = newId();
    const first = ownerOf();
    for (let i = 0; i < 3; i++) await first.execute(command(id, 1, { commandId: `p${i}` }));
    const kept: Commit[] = (await log.load('acme', id)).commits.map(({ commit }) => commit);
    const purgedUpTo = (await log.head('acme', id)).seq;
    await log.purge('acme', id, purgedUpTo);
    const owner = ownerOf({ loadPurged: async (_tenant, of) => (of === id ? kept : []) });
    expect(await owner.heads('acme', [id, '1-none'])).toEqual(new Map([[id, 3]]));
    expect(await owner.execute(command(id, 1))).toMatchObject({
      version: 4,
      envelope: { state: { total: 4 } },
    });
    const another = ownerOf({ loadPurged: async () => kept });
    const again = await another.execute(command(id, 1, { commandId: 'p1' }));
    expect(again).toMatchObject({ version: 2, repeated: true });
    expect(await first.execute(command(id, 1))).toMatchObject({ version: 5 });
  });

  it('gives a partition up whose events it does not know', async () => {
    const id = newId();
    const done = await ownerOf().execute(command(id, 1));
    const newer = { ...(await log.load('acme', id)).commits[0]!.commit, firstVersion: 2, commandId: 'newer' };
    await log.append({ ...newer, events: [Buffer.from('{"newer":true}')] }, done.envelope.head.seq);
    const gaveUp: number[] = [];
    const owner = ownerOf({ onUnknownEvent: (partition) => gaveUp.push(partition) });
    await expect(owner.execute(command(id, 1))).rejects.toMatchObject({ code: ErrorCode.unavailable });
    expect(gaveUp).toEqual([1]);
  });

  it('refuses ids that name no partition, and ids that would be wildcards', async () => {
    const owner = ownerOf();
    for (const id of ['7-abc', 'abc', '1-*', '1-a.b', '>']) {
      await expect(owner.execute(command(id, 1))).rejects.toMatchObject({ code: ErrorCode.notFound });
    }
  });

  it('forgets the least recently used beyond its bound and loads them again', async () => {
    const owner = ownerOf({ maxOpen: 2 });
    const ids = Array.from({ length: 5 }, newId);
    for (const id of ids) await owner.execute(command(id, 3));
    for (const id of ids) expect(await owner.execute(command(id, 1))).toMatchObject({ version: 2 });
  });

  it('reads what others wrote in partitions that it does not own', async () => {
    const id = newId();
    const reader = ownerOf();
    const writer = ownerOf({ isOwned: () => true });
    expect(await reader.read('acme', id)).toBeUndefined();
    await writer.execute(command(id, 1));
    expect(await reader.read('acme', id)).toMatchObject({ state: { total: 1 } });
    await writer.execute(command(id, 1));
    expect(await reader.read('acme', id)).toMatchObject({ state: { total: 2 } });
  });
});

describe('a log', () => {
  it('grows to more partitions while it is in use, and never shrinks', async () => {
    const wider = await openEventLog({ bus, name: 'conversation', partitions: 5 });
    const id = newAggregateId(4, Date.now());
    await createOwner({ log: wider, decider: tallyDecider, codec: tallyCodec }).execute(command(id, 1));
    expect(log.partitions).toBe(2);
    const beyond = command(newAggregateId(5, Date.now()), 1);
    await expect(ownerOf().execute(beyond)).rejects.toMatchObject({ code: ErrorCode.notFound });
    expect(log.partitions).toBe(5);
    expect(await ownerOf().execute(command(id, 1))).toMatchObject({ version: 2 });
    expect((await openEventLog({ bus, name: 'conversation', partitions: 2 })).partitions).toBe(5);
  });

  it('reads a long history in order', async () => {
    const id = newId();
    const owner = ownerOf();
    await Promise.all(
      Array.from({ length: 1_200 }, () => owner.execute(command(id, 1, { context: context(30_000) }))),
    );
    const { commits } = await log.load('acme', id, 3);
    expect(commits.map(({ commit }) => commit.firstVersion)).toEqual(
      Array.from({ length: 1_197 }, (_, i) => i + 4),
    );
  });
});
