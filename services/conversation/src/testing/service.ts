import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conversation, log, presence, routing, type HandlerTable, type Handlers } from '@parley/contracts';
import { createConsumer, openEventLog, type Consumer, type EventLog, type Timers } from '@parley/eventlog';
import { notFound, unavailable, type Clock, type Principal, type RequestContext } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { createLogger } from '@parley/telemetry';
import { conversationApi } from '../api.js';
import { assemble } from '../assembly.js';
import { createTimeouts } from '../timeouts.js';
import { openDocuments, type Documents } from '../store.js';
import { HOUR, policy } from './story.js';

type Table = Required<Pick<HandlerTable, `parley.conversation.v1.${string}` & keyof HandlerTable>>;

/** A clock that runs, and can be put forward. */
export class ShiftedClock implements Clock {
  private shift = 0;
  now(): number {
    return Date.now() + this.shift;
  }
  advance(ms: number): void {
    this.shift += ms;
  }
}

/** An instance of the service without gRPC and command transport: its handlers over real servers. */
export interface Instance {
  readonly bus: Bus;
  readonly eventLog: EventLog;
  readonly public: Table['parley.conversation.v1.ConversationService'];
  readonly internal: Handlers<'parley.conversation.v1.ConversationInternalService'>;
  readonly consumer: Consumer;
  readonly documents: Documents;
  readonly assembly: ReturnType<typeof assemble>;
  /** What the fake transcript keeps, by conversation; empty at first. */
  readonly kept: Map<string, log.Commit[]>;
  /** What the fake presence knows: the conversation of each `<tenant>/<contact>`; nobody at first. */
  readonly present: Map<string, string>;
  /** The queues that the fake routing has agents serve: `default` when it is not said. */
  readonly queuesOf: Map<string, readonly string[]>;
  /** The queues that there are, and whether each is open; with none the fake routing does not answer. */
  readonly queues: Map<string, boolean>;
  /** What the fake routing promises; without a time it does not answer. */
  readonly promises: { replyBy?: Date; queueId?: string };
  /** Not started. */
  readonly timeouts: Timers;
  stop(): Promise<void>;
}

const PARTITIONS = 2;

/** Starts an instance over a nats-server and a folder of documents, both of which may be shared with others. */
export const startInstance = async (natsUrl: string, folder: string, clock: Clock): Promise<Instance> => {
  const bus = await connectBus({ url: natsUrl, name: 'conversation-spec' });
  const eventLog = await openEventLog({ bus, name: 'conversation', partitions: PARTITIONS });
  const stores: Store[] = [
    await openStore({ name: 'conversation', durability: 'record', folder }),
    await openStore({ name: 'conversation-inbox', durability: 'projection', folder }),
  ];
  const [records, projections] = stores as [Store, Store];
  const documents = await openDocuments(records, projections);
  const kept = new Map<string, log.Commit[]>();
  const present = new Map<string, string>();
  const promises: Instance['promises'] = {};
  const queues = new Map<string, boolean>();
  const queuesOf = new Map<string, readonly string[]>();
  const quiet = createLogger('conversation-spec', { level: 'silent' });
  const timeouts: Timers = await createTimeouts({
    store: projections,
    owner: (): typeof assembly.owner => assembly.owner,
    arrivals: (): typeof assembly.arrivals => assembly.arrivals,
    addresses: (): typeof assembly.parts.addresses => assembly.parts.addresses,
    promised: (...asked) => assembly.parts.promised(...asked),
    policy,
    clock,
    logger: quiet,
  });
  const assembly = assemble({
    eventLog,
    bus,
    documents,
    calls: {
      eraseConversation: (request, context) => api.eraseConversation(request, context),
      recordIdentity: (request, context) => internal.recordIdentity(request, context),
      getVisitor: async ({ contactId }, { tenant }) => {
        const conversationId = present.get(`${tenant}/${contactId}`);
        if (conversationId === undefined) throw notFound('NO_SUCH_VISITOR', 'not seen');
        return presence.GetVisitorResponse.fromPartial({ visitor: { contactId, conversationId } });
      },
      getAvailability: async ({ queueId }) => {
        if (!promises.replyBy) throw unavailable('NO_ROUTING', 'routing is not there');
        if (queueId && queues.size > 0 && !queues.has(queueId))
          throw notFound('NO_SUCH_QUEUE', 'no such queue');
        return routing.GetAvailabilityResponse.fromPartial(promises);
      },
      listQueues: async () => {
        if (queues.size === 0) throw unavailable('NO_ROUTING', 'routing is not there');
        return routing.ListQueuesResponse.fromPartial({
          queues: [...queues].map(([queueId, open]) => ({ queue: { queueId }, open })),
        });
      },
      readCommits: async ({ aggregateId, afterVersion, maxBytes }) => {
        const commits: Buffer[] = [];
        let bytes = 0;
        for (const commit of kept.get(aggregateId) ?? []) {
          if (commit.firstVersion + commit.events.length - 1 <= afterVersion) continue;
          const encoded = Buffer.from(log.Commit.encode(commit).finish());
          bytes += encoded.length;
          if (commits.length > 0 && bytes > (maxBytes || Infinity)) break;
          commits.push(encoded);
        }
        return { commits };
      },
    },
    agentQueues: { of: async ({ principal }) => new Set(queuesOf.get(principal.id) ?? ['default']) },
    policy,
    replyPromiseMs: HOUR,
    clock,
    logger: { warn: () => undefined },
    // Several instances at once: none may believe its memory.
    isOwned: () => false,
    timers: timeouts,
  });
  const table = conversationApi(assembly.parts) as Table;
  const api = table['parley.conversation.v1.ConversationService'];
  const internal = table['parley.conversation.v1.ConversationInternalService'];
  const consumer = createConsumer({
    log: eventLog,
    projection: assembly.projection,
    checkpoints: projections,
  });
  return {
    bus,
    eventLog,
    public: api,
    internal,
    consumer,
    documents,
    assembly,
    kept,
    present,
    queuesOf,
    queues,
    promises,
    timeouts,
    stop: async () => {
      await consumer.stopAll();
      await timeouts.stopAll();
      await bus.drain();
      for (const store of stores) await store.close();
    },
  };
};

/** A folder for documents, and how to remove it. */
export const temporaryFolder = async (): Promise<{ path: string; remove: () => Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'parley-conversation-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};

/** Starts reading every partition. */
export const consumeAll = async ({ consumer }: Instance): Promise<void> => {
  for (let partition = 0; partition < PARTITIONS; partition++) await consumer.start(partition);
};

const as = (principal: Principal, tenant = 'acme'): RequestContext => ({
  tenant,
  principal,
  deadline: Date.now() + 40_000,
});
export const asVisitor = (id: string, tenant?: string): RequestContext => as({ role: 'visitor', id }, tenant);
export const asAgent = (id: string, tenant?: string): RequestContext =>
  as({ role: 'agent', id, name: id.toUpperCase() }, tenant);
export const asBoss = (tenant?: string): RequestContext =>
  as({ role: 'supervisor', id: 'boss', name: 'Boss' }, tenant);
export const asAdmin = (tenant?: string): RequestContext =>
  as({ role: 'admin', id: 'root', name: 'Root' }, tenant);
export const asIntegration = (tenant?: string): RequestContext =>
  as({ role: 'integration', id: 'key-1', name: 'Bot' }, tenant);
export const asSystem = (tenant?: string): RequestContext => as({ role: 'system', id: 'routing' }, tenant);

/** A start request with what is given. */
export const startRequest = (
  commandId: string,
  more: Partial<conversation.StartConversationRequest> = {},
): conversation.StartConversationRequest =>
  conversation.StartConversationRequest.fromPartial({ commandId, locale: 'en', ...more });

/** A join request of an agent. */
export const joinRequest = (conversationId: string, agentId: string): conversation.JoinConversationRequest =>
  conversation.JoinConversationRequest.fromPartial({
    conversationId,
    commandId: `join-${agentId}`,
    agentId,
    agentName: agentId.toUpperCase(),
    queueId: 'default',
    offerId: `offer-${agentId}`,
  });
