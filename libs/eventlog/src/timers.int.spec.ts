import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, newAggregateId, newUlid, systemClock, type Clock } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { openEventLog } from './log.js';
import { createOwner } from './owner.js';
import { tallyCodec, tallyDecider, type Tally, type TallyCommand } from './testing/tally.js';
import { createTimers, type Timers } from './timers.js';
import type { EventLog, Owner } from './types.js';

let nats: TestNats;
let bus: Bus;
let log: EventLog;
let folder: string;
let store: Store;

beforeAll(async () => {
  nats = await startNats();
  folder = await mkdtemp(join(tmpdir(), 'parley-timers-'));
  store = await openStore({ name: 'timers', durability: 'projection', folder });
  bus = await connectBus({ url: nats.url, name: 'timers-spec' });
  log = await openEventLog({ bus, name: 'conversation', partitions: 1 });
});
afterAll(async () => {
  await store.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A process whose aggregates are due at the time that is their total, until a timeout takes the total back to 0. */
const process = async (
  name: string,
  { failures = 0, clock = systemClock }: { failures?: number; clock?: Clock } = {},
) => {
  const fired: { id: string; dueAt: number }[] = [];
  const timers: Timers = await createTimers({
    name,
    store,
    clock,
    owner: () => owner,
    onDue: async (_tenant, id, dueAt) => {
      fired.push({ id, dueAt });
      if (fired.length <= failures) throw new Error('not now');
      await change(owner, id, -dueAt, `${id}-due-${dueAt}`);
    },
  });
  const owner: Owner<Tally, TallyCommand> = createOwner({
    log,
    decider: tallyDecider,
    codec: tallyCodec,
    timers,
    isOwned: () => true,
    nextDueAt: ({ total }) => (total === 0 ? undefined : total),
  });
  return { owner, timers, fired };
};
const change = (
  owner: Owner<Tally, TallyCommand>,
  id: string,
  add: number,
  commandId = newUlid(Date.now()),
) =>
  owner.execute({
    tenant: 'acme',
    id,
    commandId: commandId.slice(-64),
    context: { tenant: 'acme', principal: { role: 'system', id: 't' }, deadline: Date.now() + 20_000 },
    actor: undefined,
    command: () => ({ add, label: commandId }),
  });
const newId = (): string => newAggregateId(0, Date.now());

describe('timers', () => {
  it('wake what is due, once, and leave alone what was put off or done with', async () => {
    // It stands still until all that shall not be due is put off or done with.
    const clock = new ManualClock(Date.now());
    const { owner, timers, fired } = await process('wake', { clock });
    await timers.start(0);
    const [due, putOff, done] = [newId(), newId(), newId()];
    const soon = clock.now() + 300;
    for (const id of [due, putOff, done]) await change(owner, id, soon);
    await change(owner, putOff, 60_000);
    await change(owner, done, -soon);
    clock.advance(300);
    await eventually(async () => expect((await owner.read('acme', due))?.state.total).toBe(0));
    expect(fired).toEqual([{ id: due, dueAt: soon }]);
    await change(owner, putOff, -60_000);
    await eventually(() => expect(fired).toHaveLength(2));
    await timers.stopAll();
  });

  it('a new owner wakes at once what became due meanwhile', async () => {
    const clock = new ManualClock(Date.now());
    const before = await process('takeover', { clock });
    await before.timers.start(0);
    const id = newId();
    const dueAt = clock.now() + 200;
    await change(before.owner, id, dueAt);
    await before.timers.stopAll();
    clock.advance(200);
    const after = await process('takeover', { clock });
    await after.timers.start(0);
    await eventually(() => expect(after.fired).toEqual([{ id, dueAt }]));
    expect(before.fired).toEqual([]);
    await after.timers.stopAll();
  });

  it('an earlier date replaces a later one, and a timeout that fails comes again', async () => {
    const { owner, timers, fired } = await process('earlier', { failures: 2 });
    await timers.start(0);
    const id = newId();
    const later = Date.now() + 3_600_000;
    await change(owner, id, later);
    await change(owner, id, Date.now() + 100 - later);
    await eventually(async () => expect((await owner.read('acme', id))?.state.total).toBe(0));
    expect(fired).toHaveLength(3);
    await timers.stopAll();
  });
});
