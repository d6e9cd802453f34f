import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openEventLog, type EventLog } from '@parley/eventlog';
import { ManualClock, systemClock, type Clock } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { createLogger } from '@parley/telemetry';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { DOMAIN_ID, eventsOf } from './codec.js';
import { emptyState, evolve, takeSnapshot, type RoutingState } from './domain.js';
import { openJournal, readJournals, type Journal } from './journal.js';
import { createRoutingStore, type RoutingStore } from './store.js';
import { invariants } from './domain/invariants.js';
import { decideAgain } from './testing/decide-again.js';
import { accept, agent, end, enter, presence, queue } from './testing/world.js';
import { DomainWriter } from './writer.js';
import { enginePorts } from './workflows/engine-ports.js';

let nats: TestNats;
let bus: Bus;
let log: EventLog;
let folder: string;
let documents: Store;
let store: RoutingStore;
let conflicts = 0;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'writer-spec' });
  log = await openEventLog({ bus, name: 'routing', partitions: 4 });
  folder = await mkdtemp(join(tmpdir(), 'parley-writer-'));
  documents = await openStore({ name: 'routing', durability: 'projection', folder });
  store = await createRoutingStore(documents);
});
afterAll(async () => {
  await documents.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

const writerOf = (
  tenant: string,
  { clock = systemClock, journal }: { readonly clock?: Clock; readonly journal?: Journal | undefined } = {},
): DomainWriter =>
  new DomainWriter({
    tenant,
    log,
    snapshots: store,
    clock,
    logger: createLogger('routing', { level: 'silent' }),
    ports: enginePorts,
    snapshotEvery: 10,
    onCommitted: () => undefined,
    onConflict: () => conflicts++,
    journal,
  });
const soon = (): number => Date.now() + 20_000;
const whole = (state: RoutingState): string =>
  JSON.stringify(takeSnapshot(state), (_, value: unknown) => value);
const folded = async (tenant: string): Promise<{ state: RoutingState; commits: number }> => {
  const state = emptyState();
  const { commits } = await log.load(tenant, DOMAIN_ID);
  for (const { commit } of commits)
    for (const event of eventsOf(commit)) evolve(state, event, commit.time!.getTime());
  return { state, commits: commits.length };
};

describe('a domain writer', () => {
  it('decides what arrives during an append together', async () => {
    const writer = writerOf('grouped');
    await writer.open();
    await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        writer.execute(enter(`c${i}`), `in-${i}`, soon(), () => undefined),
      ),
    );
    const { state, commits } = await folded('grouped');
    expect(state.chats.size).toBe(100);
    expect(commits).toBeLessThan(10);
    await writer.stop();
  });

  it('does no harm beside a second one: both end with the same story', async () => {
    const tenant = 'twice';
    const logger = createLogger('routing', { level: 'silent' });
    const journals = join(folder, 'journals');
    const writers = ['one', 'two'].map((name) =>
      writerOf(tenant, { journal: openJournal(journals, name, logger) }),
    );
    const any = (i: number): DomainWriter => writers[i % 2]!;
    for (const [i, command] of [queue('sales'), agent('ann', ['sales']), presence('ann')].entries())
      await any(i).execute(command, `setup-${i}`, soon(), () => undefined);
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        await any(i).execute(enter(`c${i}`), `in-${i}`, soon(), () => undefined);
        // The same command again, at the other writer, as after a lost answer.
        await any(i + 1).execute(enter(`c${i}`), `in-${i}`, soon(), () => undefined);
        await any(i).execute(end(`c${i}`), `out-${i}`, soon(), () => undefined);
      }),
    );
    const { state } = await folded(tenant);
    expect(invariants(state)).toEqual([]);
    expect(state.chats.size).toBe(0);
    expect(conflicts).toBeGreaterThan(0);
    // What both have decided, in vain or not, is decided again to the same bytes.
    const { commits } = await log.load(tenant, DOMAIN_ID);
    const again = decideAgain(
      tenant,
      commits.map(({ commit }) => commit),
      readJournals(journals),
    );
    expect(again.problems).toEqual([]);
    expect(again.unwritten).toBeGreaterThan(0);
    await Promise.all(writers.map((writer) => writer.stop()));
  });

  it('takes over from snapshot and log, knows the commands in them, and lets what is due happen', async () => {
    const tenant = 'heir';
    // It stands still until what is due shall happen.
    const clock = new ManualClock(Date.now());
    const soon = (): number => clock.now() + 20_000;
    const first = writerOf(tenant, { clock });
    await first.execute(queue('sales', { offerTimeoutSeconds: 1 }), 'q', soon(), () => undefined);
    await first.execute(agent('ann', ['sales']), 'a', soon(), () => undefined);
    await first.execute(presence('ann'), '', soon(), () => undefined);
    for (let i = 0; i < 30; i++) await first.execute(enter(`c${i}`), `in-${i}`, soon(), () => undefined);
    const offerId = await first.read(soon(), (state) => state.chats.get('c0')?.offers[0]?.id ?? '');
    await first.execute(accept(offerId, 'ann'), 'accept-c0', soon(), () => undefined);
    const before = await first.read(soon(), whole);
    await first.stop();
    expect(await store.loadSnapshot(tenant)).toBeDefined();

    const second = writerOf(tenant, { clock });
    expect(await second.read(soon(), whole)).toBe(before);
    await second.execute(queue('sales'), 'q', soon(), () => undefined);
    expect(await second.read(soon(), (state) => state.queues.get('sales')?.config.version)).toBe(1);
    clock.advance(1_000);
    await eventually(() => second.read(soon(), (state) => state.agents.get('ann')?.notResponding === true));
    expect(await second.read(soon(), (state) => invariants(state))).toEqual([]);
    await second.stop();
  });

  it('answers nobody while the log is away, and everybody once it is back', async () => {
    const writer = writerOf('patient');
    await writer.open();
    await nats.kill();
    const waiting = Promise.all(
      Array.from({ length: 5 }, (_, i) => writer.execute(enter(`c${i}`), `in-${i}`, soon(), () => i)),
    );
    await nats.restart();
    expect(await waiting).toEqual([0, 1, 2, 3, 4]);
    expect((await folded('patient')).state.chats.size).toBe(5);
    await writer.stop();
  });
});
