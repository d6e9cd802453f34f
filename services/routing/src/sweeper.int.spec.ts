import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { conversation, routing } from '@parley/contracts';
import { openEventLog } from '@parley/eventlog';
import { ManualClock, notFound } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { createLogger } from '@parley/telemetry';
import { startNats, type TestNats } from '@parley/testkit';
import { createRoutingStore } from './store.js';
import { Sweeper, type Difference } from './sweeper.js';
import { invariants } from './domain/invariants.js';
import { accept, agent, enter, presence, queue } from './testing/world.js';
import { DomainWriter } from './writer.js';
import { enginePorts } from './workflows/engine-ports.js';

let nats: TestNats;
let bus: Bus;
let folder: string;
let documents: Store;
let writer: DomainWriter;
const clock = new ManualClock();
const logger = createLogger('routing', { level: 'silent' });

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'sweeper-spec' });
  folder = await mkdtemp(join(tmpdir(), 'parley-sweeper-'));
  documents = await openStore({ name: 'routing', durability: 'projection', folder });
  writer = new DomainWriter({
    tenant: 'acme',
    log: await openEventLog({ bus, name: 'routing', partitions: 4 }),
    snapshots: await createRoutingStore(documents),
    clock,
    logger,
    ports: enginePorts,
    snapshotEvery: 100,
    onCommitted: () => undefined,
    onConflict: () => undefined,
  });
});
afterAll(async () => {
  await writer.stop();
  await documents.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

const { CONVERSATION_STATE_ACTIVE, CONVERSATION_STATE_CLOSED, CONVERSATION_STATE_QUEUED } =
  conversation.ConversationState;

it('mends what routing and conversations see differently', async () => {
  const soon = (): number => clock.now() + 10_000;
  const run = (command: Parameters<DomainWriter['execute']>[0]) =>
    writer.execute(command, '', soon(), () => undefined);
  for (const command of [
    queue('sales', { offerTimeoutSeconds: 600 }),
    agent('ann', ['sales'], { capacity: 4 }),
  ])
    await run(command);
  await run(presence('ann'));
  for (const id of ['c-closed', 'c-fine', 'c-left', 'c-unknown']) {
    await run(enter(id, { enteredAt: new Date(clock.now()) }));
    const offerId = await writer.read(soon(), (state) => state.chats.get(id)?.offers[0]?.id ?? '');
    await run(accept(offerId, 'ann'));
  }
  const says = new Map([
    ['c-closed', { state: CONVERSATION_STATE_CLOSED, version: 8, agentIds: [] }],
    ['c-fine', { state: CONVERSATION_STATE_ACTIVE, version: 8, agentIds: ['ann'] }],
    ['c-left', { state: CONVERSATION_STATE_QUEUED, version: 8, agentIds: [] }],
    ['c-lost', { state: CONVERSATION_STATE_QUEUED, version: 8, agentIds: [] }],
  ]);
  const queuedSince = new Date(clock.now());
  const mended: Difference[] = [];
  const sweeper = new Sweeper({
    domains: { of: async () => writer },
    // The visitor of c-left has written since: its version is above that of its entry, which routing gave to Ann.
    entryOf: async (_tenant, conversationId) =>
      routing.ConversationEnqueued.fromPartial({
        conversationId,
        enteredAt: queuedSince,
        sourceVersion: conversationId === 'c-left' ? 2 : 9,
      }),
    clock,
    logger,
    onMended: (kind) => mended.push(kind),
    conversations: {
      getConversation: async ({ conversationId }) => {
        const found = says.get(conversationId);
        if (!found) throw notFound('NOT_FOUND', 'There is no such conversation.');
        return { conversation: conversation.Conversation.fromPartial({ conversationId, ...found }) };
      },
      listInbox: async () =>
        conversation.ListInboxResponse.fromPartial({
          rows: ['c-left', 'c-lost'].map((conversationId) => ({ conversationId, version: 9, queuedSince })),
        }),
    },
  });

  await sweeper.sweep('acme');
  expect(mended).toEqual([]); // too young to judge
  clock.advance(31_000);
  await sweeper.sweep('acme');
  expect(mended).toEqual(['ended', 'left', 'unknown', 'lost', 'lost']);
  const phases = await writer.read(soon(), (state) =>
    [...state.chats.values()].map(({ id, phase }) => [id, phase]),
  );
  expect(new Map(phases as [string, string][])).toEqual(
    new Map([
      ['c-fine', 'active'],
      ['c-left', 'offered'],
      ['c-lost', 'offered'],
    ]),
  );
  await sweeper.sweep('acme');
  expect(mended).toHaveLength(5);
  expect(await writer.read(soon(), invariants)).toEqual([]);
});
