import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  conversation,
  log as contracts,
  offerLiveSubject,
  routing,
  type HandlerTable,
} from '@parley/contracts';
import { openEventLog, type EventLog } from '@parley/eventlog';
import { failedPrecondition, newAggregateId, newUlid, type RequestContext, type Role } from '@parley/kernel';
import { connectBus, NatsTransport, type Bus } from '@parley/messaging';
import { createCaller, GrpcTransport } from '@parley/service';
import { createLogger } from '@parley/telemetry';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { eventsOf } from './codec.js';
import { emptyState, evolve } from './domain.js';
import { invariants } from './domain/invariants.js';
import { bundleService, startProcess, type ServiceProcess } from './testing/processes.js';

const AGENTS = Array.from({ length: 6 }, (_, i) => `agent-${i}`);
const CAPACITY = 2;
const CHATS = 60;
const CONVERSATION_PARTITIONS = 2;

let nats: TestNats;
let folder: string;
let bus: Bus;
let log: EventLog;
let conversationLog: EventLog;
let bundle: string;
let conversations: NatsTransport;
let reads: GrpcTransport;
const processes: ServiceProcess[] = [];
const joined = new Map<string, Set<string>>();
const gone = new Set<string>();

const context = (tenant: string, role: Role, id: string, ms = 20_000): RequestContext => ({
  tenant,
  principal: { role, id },
  deadline: Date.now() + ms,
});

/** A conversation service that takes every join once, as the real one does by its command's id. */
const conversationStub = (): HandlerTable => {
  const joinConversation = async (request: conversation.JoinConversationRequest) => {
    if (gone.has(request.conversationId)) throw failedPrecondition('CLOSED', 'closed');
    const agents = joined.get(request.conversationId) ?? new Set();
    joined.set(request.conversationId, agents.add(request.agentId));
    return { version: 4 };
  };
  const refuse = async (): Promise<never> => {
    throw failedPrecondition('NOT_HERE', 'not in this test');
  };
  const service = new Proxy(
    {},
    { get: (_, name) => (name === 'joinConversation' ? joinConversation : refuse) },
  );
  return { 'parley.conversation.v1.ConversationInternalService': service } as HandlerTable;
};

const start = (): ServiceProcess => {
  const started = startProcess(bundle, {
    NATS_URL: nats.url,
    PARLEY_DATA: folder,
    PARLEY_PARTITIONS: String(CONVERSATION_PARTITIONS),
    PARLEY_ROUTING_SNAPSHOT_EVERY: '20',
    PARLEY_CONVERSATION_ADDRESS: `127.0.0.1:${reads.port}`,
  });
  processes.push(started);
  return started;
};

beforeAll(async () => {
  [nats, folder, bundle] = await Promise.all([
    startNats(),
    mkdtemp(join(tmpdir(), 'parley-routing-')),
    bundleService(),
  ]);
  bus = await connectBus({ url: nats.url, name: 'routing-spec' });
  log = await openEventLog({ bus, name: 'routing', partitions: 4 });
  conversationLog = await openEventLog({ bus, name: 'conversation', partitions: CONVERSATION_PARTITIONS });
  conversations = new NatsTransport({
    bus,
    service: 'conversation',
    handlers: conversationStub(),
    logger: createLogger('conversation-stub', { level: 'silent' }),
  });
  for (let p = 0; p < CONVERSATION_PARTITIONS; p++) await conversations.own(p);
  // As an older release: it knows nothing of attributes.
  const logger = createLogger('conversation-stub', { level: 'silent' });
  const here = { host: '127.0.0.1', port: 0, maxConnectionAgeMs: 60_000 };
  reads = new GrpcTransport({ bindings: new Map(), logger, ...here });
  await new Promise<void>((resolve, reject) => reads.listen((error) => (error ? reject(error) : resolve())));
  start();
  start();
}, 60_000);

afterAll(async () => {
  await Promise.all(processes.map((process) => process.kill()));
  await conversations.drain();
  await reads.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
  await rm(bundle, { force: true });
});

const caller = () => createCaller({ bus, addresses: {} });
const service = () => caller().client('parley.routing.v1.RoutingService');
const internal = () => caller().client('parley.routing.v1.RoutingInternalService');

/** Repeats a call, as every caller of a command with an id may. */
const insist = <T>(call: () => Promise<T>): Promise<T> =>
  eventually(call, { timeoutMs: 30_000, intervalMs: 100 });

const agentIs = (tenant: string, agentId: string, capacity: number) =>
  insist(() =>
    service().putAgent(
      routing.PutAgentRequest.fromPartial({ commandId: `put-${agentId}`, agentId, name: agentId, capacity }),
      context(tenant, 'admin', 'root'),
    ),
  );
const agentIsThere = (tenant: string, agentId: string) =>
  insist(() =>
    internal().setAgentPresence(
      {
        agents: [{ agentId, status: routing.AgentStatus.AGENT_STATUS_AVAILABLE, online: true, revision: 1n }],
      },
      context(tenant, 'system', 'presence'),
    ),
  );
const enter = (tenant: string, conversationId: string) =>
  insist(() =>
    internal().enqueueConversation(
      routing.EnqueueConversationRequest.fromPartial({
        commandId: `${conversationId}-v2-enqueue`,
        entry: { conversationId, contactId: 'c1', sourceVersion: 2 },
      }),
      context(tenant, 'system', 'routing'),
    ),
  );
const close = (tenant: string, conversationId: string) =>
  insist(() =>
    internal().endConversation(
      {
        commandId: `${conversationId}-v9-end`,
        conversationId,
        reason: routing.AssignmentEnded_Reason.REASON_CLOSED,
        agentId: '',
        sourceVersion: 9,
      },
      context(tenant, 'system', 'routing'),
    ),
  );

describe('two routing processes', () => {
  it('serve every chat once and nobody beyond capacity, though one is killed', async () => {
    const tenant = 'acme';
    for (const agentId of AGENTS) {
      await agentIs(tenant, agentId, CAPACITY);
      await agentIsThere(tenant, agentId);
    }
    const served = new Set<string>();
    const offers: routing.Offer[] = [];
    for (const agentId of AGENTS)
      bus.subscribe(offerLiveSubject(tenant, agentId), ({ data }) => {
        const { offer, state } = routing.OfferChanged.decode(data);
        if (offer && state === routing.OfferChanged_State.STATE_PENDING) offers.push(offer);
      });
    await bus.flush();
    const chats = Array.from({ length: CHATS }, () => newAggregateId(1, Date.now()));
    const arriving = (async () => {
      for (const [i, chat] of chats.entries()) {
        await enter(tenant, chat);
        if (i === CHATS / 3) {
          // Whichever owns the tenant: the second one is killed when the first was the bystander.
          await processes[0]!.kill();
          start();
        }
        if (i === (2 * CHATS) / 3) await processes[1]!.kill();
      }
    })();
    const serve = async (agentId: string): Promise<void> => {
      const me = context(tenant, 'agent', agentId);
      const { offers: mine } = await service().listOffers({}, me);
      for (const { offerId, conversationId } of mine) {
        await service().acceptOffer({ offerId }, me);
        await close(tenant, conversationId);
        served.add(conversationId);
      }
    };
    await eventually(
      async () => {
        // An owner that dies under a call is found out by the next round.
        await Promise.allSettled(AGENTS.map(serve));
        expect(served.size).toBe(CHATS);
      },
      { timeoutMs: 120_000, intervalMs: 50 },
    );
    await arriving;

    expect([...joined.values()].filter((agents) => agents.size > 1)).toEqual([]);
    expect(offers.length).toBeGreaterThan(0);
    const { commits } = await log.load(tenant, 'main');
    const state = emptyState();
    for (const { commit } of commits) {
      for (const event of eventsOf(commit)) evolve(state, event, commit.time!.getTime());
      expect(invariants(state)).toEqual([]);
    }
    expect(state.chats.size).toBe(0);
    const acceptances = commits
      .flatMap(({ commit }) => eventsOf(commit))
      .flatMap(({ event }) => (event?.$case === 'offerAccepted' ? [event.value.conversationId] : []));
    expect(acceptances.sort()).toEqual([...chats].sort());
  }, 180_000);

  it('hear conversations by their log: entry, page and end', async () => {
    const tenant = 'globex';
    const id = newAggregateId(0, Date.now());
    const append = async (
      version: number,
      seq: number,
      ...events: conversation.ConversationEvent['event'][]
    ) =>
      conversationLog.append(
        contracts.Commit.fromPartial({
          tenant,
          aggregateId: id,
          firstVersion: version,
          time: new Date(),
          commandId: newUlid(Date.now()),
          events: events.map((event) =>
            Buffer.from(conversation.ConversationEvent.encode({ event }).finish()),
          ),
        }),
        seq,
      );
    const started = conversation.ConversationStarted.fromPartial({
      contactId: 'visitor-1',
      page: { url: 'https://shop.example/cart' },
    });
    const seq = await append(
      1,
      0,
      { $case: 'started', value: started },
      { $case: 'queueEntered', value: conversation.QueueEntered.fromPartial({}) },
    );
    const visitor = (who: string) => context(tenant, 'visitor', who, 2_000);
    await eventually(
      async () => {
        const place = await service().getQueuePosition({ conversationId: id }, visitor('visitor-1'));
        expect(place).toMatchObject({ position: 1, queueId: 'default' });
      },
      { timeoutMs: 20_000 },
    );
    const others = await service().getQueuePosition({ conversationId: id }, visitor('visitor-2'));
    expect(others.position).toBe(0);
    const { steps } = await service().explainRouting(
      { conversationId: id },
      context(tenant, 'supervisor', 's'),
    );
    expect(steps.map(({ event }) => event?.event?.$case)).toEqual(['conversationEnqueued']);
    await append(3, seq, { $case: 'closed', value: conversation.Closed.fromPartial({}) });
    await eventually(
      async () => {
        const place = await service().getQueuePosition({ conversationId: id }, visitor('visitor-1'));
        expect(place.position).toBe(0);
      },
      { timeoutMs: 20_000 },
    );
  }, 60_000);

  it('give an agent back their capacity when the visitor has left before the join', async () => {
    const tenant = 'initech';
    const id = newAggregateId(1, Date.now());
    gone.add(id);
    await agentIs(tenant, 'ann', 1);
    await agentIsThere(tenant, 'ann');
    await enter(tenant, id);
    const ann = context(tenant, 'agent', 'ann');
    const { offers } = await insist(() => service().listOffers({}, ann));
    expect(offers.map(({ conversationId }) => conversationId)).toEqual([id]);
    const accept = service().acceptOffer({ offerId: offers[0]!.offerId }, ann);
    await expect(accept).rejects.toMatchObject({ details: { reason: 'CONVERSATION_ENDED' } });
    const { agents } = await service().listAgents({}, ann);
    expect(agents).toMatchObject([{ used: 0, conversationIds: [] }]);
  }, 60_000);
});
