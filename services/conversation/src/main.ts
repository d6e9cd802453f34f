import {
  announcePositions,
  createConsumer,
  joinMembership,
  type Membership,
  openEventLog,
  type Owner,
} from '@parley/eventlog';
import { AgentQueues, listPurgedFrom, runService, type Base, type Built } from '@parley/service';
import { openStore } from '@parley/store';
import { conversationApi } from './api.js';
import type { Arrivals } from './arrivals.js';
import type { Addresses } from './addresses.js';
import { assemble } from './assembly.js';
import { config } from './config.js';
import type { Command } from './domain/commands.js';
import { knownEvents } from './domain/events.js';
import type { State } from './domain/state.js';
import { openDocuments } from './store.js';
import { createTimeouts } from './timeouts.js';

const build = async (base: Base<typeof config.spec>): Promise<Built> => {
  const { bus, caller, clock, logger } = base;
  const place = { folder: base.config.PARLEY_DATA, mongodbUrl: base.config.MONGODB_URL };
  const records = await openStore({ name: 'conversation', durability: 'record', ...place });
  const projections = await openStore({ name: 'conversation-inbox', durability: 'projection', ...place });
  const eventLog = await openEventLog({
    bus,
    name: 'conversation',
    partitions: base.config.PARLEY_PARTITIONS,
    replicas: base.config.PARLEY_NATS_REPLICAS,
  });
  const membership: Membership = await joinMembership({
    bus,
    group: 'conversation',
    partitions: () => eventLog.refresh(),
    knownEvents,
    instanceId: base.instance,
    replicas: base.config.PARLEY_NATS_REPLICAS,
    logger,
  });
  const transcripts = caller.client('parley.transcript.v1.TranscriptInternalService');
  const policy = {
    idleCloseMs: base.config.PARLEY_IDLE_CLOSE * 1000,
    botReplyMs: base.config.PARLEY_BOT_REPLY * 1000,
    parkedCloseMs: base.config.PARLEY_PARKED_CLOSE * 1000,
    afterCloseMs: base.config.PARLEY_AFTER_CLOSE * 1000,
  };
  const timeouts = await createTimeouts({
    store: projections,
    owner: (): Owner<State, Command> => owner,
    arrivals: (): Arrivals => arrivals,
    addresses: (): Addresses => parts.addresses,
    promised: (...asked) => parts.promised(...asked),
    policy,
    clock,
    logger,
  });
  const { owner, arrivals, projection, parts } = assemble({
    eventLog,
    bus,
    documents: await openDocuments(records, projections),
    calls: {
      ...caller.client('parley.conversation.v1.ConversationService'),
      ...caller.client('parley.conversation.v1.ConversationInternalService'),
      ...caller.client('parley.presence.v1.PresenceService'),
      ...transcripts,
      ...caller.client('parley.routing.v1.RoutingService'),
    },
    agentQueues: new AgentQueues(caller.client('parley.routing.v1.RoutingService'), clock),
    replyPromiseMs: base.config.PARLEY_REPLY_PROMISE * 1000,
    policy,
    clock,
    logger,
    isOwned: (partition) => membership.owned().has(partition),
    timers: timeouts,
    onUnknownEvent: (partition, error) => {
      logger.error({ err: error, partition }, 'a newer release has written here: giving the partition up');
      void membership.decline(partition);
    },
  });
  const consumer = createConsumer({
    log: eventLog,
    projection,
    checkpoints: projections,
    loadPurged: parts.history.loadPurged,
    listPurged: listPurgedFrom(transcripts, 'conversation', clock),
    logger,
  });

  const announcer = await announcePositions({
    bus,
    log: 'conversation',
    name: projection.name,
    consumer,
    replicas: base.config.PARLEY_NATS_REPLICAS,
    logger,
  });

  return {
    handlers: conversationApi(parts),
    membership,
    consumers: () => [consumer],
    readiness: { records: () => records.ping(), inbox: () => projections.ping() },
    start: async () => {
      membership.onChange(async (gained, lost) => {
        for (const partition of lost) {
          await Promise.all([consumer.stop(partition), timeouts.stop(partition)]);
          owner.release(partition);
        }
        await Promise.all(gained.map((p) => Promise.all([consumer.start(p), timeouts.start(p)])));
      });
    },
    // The stores stay open: what is still under way is served meanwhile, and they need no farewell.
    drain: async () => {
      await announcer.stop();
      await Promise.all([consumer.stopAll(), timeouts.stopAll()]);
    },
  };
};

await runService({ name: 'conversation', config, build });
