import { TENANT_PARTITIONS } from '@parley/contracts';
import { type GroupConsumer, joinConsumerGroup, joinMembership, openEventLog } from '@parley/eventlog';
import { ApiError, ErrorCode } from '@parley/kernel';
import { purgedFrom, runService } from '@parley/service';
import { openStore } from '@parley/store';
import { routingApi, routingInternalApi, type RuleHandlers } from './api.js';
import { EVENT_TYPES } from './codec.js';
import { config } from './config.js';
import { Domains } from './domains.js';
import { explainFrom } from './explanation.js';
import { createForwarder } from './forwarder.js';
import { GoneAgents } from './gone-agents.js';
import { Housekeeping } from './housekeeping.js';
import { Joins } from './joins.js';
import { Live } from './live.js';
import { NotResponding } from './not-responding.js';
import { createRoutingStore } from './store.js';
import { Sweeper } from './sweeper.js';
import { enginePorts } from './workflows/engine-ports.js';

const toCome = () => Promise.reject(new ApiError(ErrorCode.unimplemented, 'Not yet: read it again later.'));
const rulesToCome: RuleHandlers = {
  putSchedule: toCome,
  removeSchedule: toCome,
  listSchedules: toCome,
  previewSchedule: toCome,
  getWorkflow: toCome,
  listWorkflowVersions: toCome,
  saveWorkflowDraft: toCome,
  validateWorkflow: toCome,
  dryRunWorkflow: toCome,
  publishWorkflow: toCome,
  rollBackWorkflow: toCome,
  getAvailability: toCome,
};

await runService({
  name: 'routing',
  config,
  build: async ({ config: values, bus, caller, logger, metrics, clock, instance }) => {
    const replicas = values.PARLEY_NATS_REPLICAS;
    const log = await openEventLog({ bus, name: 'routing', partitions: TENANT_PARTITIONS, replicas });
    const conversationLog = await openEventLog({
      bus,
      name: 'conversation',
      partitions: values.PARLEY_PARTITIONS,
      replicas,
    });
    const documents = await openStore({
      name: 'routing',
      durability: 'projection',
      mongodbUrl: values.MONGODB_URL,
      folder: values.PARLEY_DATA,
    });
    const store = await createRoutingStore(documents);
    const live = new Live(bus);
    const notResponding = new NotResponding(
      caller.client('parley.presence.v1.PresenceService'),
      clock,
      logger,
    );
    const domains: Domains = new Domains({
      log,
      snapshots: store,
      clock,
      logger,
      ports: enginePorts,
      snapshotEvery: values.PARLEY_ROUTING_SNAPSHOT_EVERY,
      tenantsOf: (partition) => store.tenantsOf(partition),
      onOpened: (tenant, state) => joins.takeOver(tenant, state),
      onConflict: () => metrics.counter('routingConflicts').inc(),
      onCommitted: (tenant, events, state) => {
        for (const { event } of events)
          metrics.counter('routingDecisions').inc({ event: event?.$case ?? '' });
        live.committed(tenant, events, state);
        notResponding.committed(tenant, events);
      },
    });
    const conversations = caller.client('parley.conversation.v1.ConversationInternalService');
    const joins: Joins = new Joins({
      conversations,
      domains,
      clock,
      logger,
    });
    const sweeper = new Sweeper({
      conversations: caller.client('parley.conversation.v1.ConversationService'),
      domains,
      clock,
      logger,
      onMended: (kind) => metrics.counter('routingMended').inc({ kind }),
    });
    const housekeeping = new Housekeeping({
      domains,
      joins,
      notResponding,
      goneAgents: new GoneAgents(conversations, clock, logger),
      sweeper,
      inputs: store.inputs,
      metrics,
      clock,
      logger,
      sweepMs: values.PARLEY_ROUTING_SWEEP_MS,
    });
    const membership = await joinMembership({
      bus,
      group: 'routing',
      instanceId: instance,
      partitions: TENANT_PARTITIONS,
      knownEvents: EVENT_TYPES,
    });
    membership.onChange(async (gained, lost) => {
      await Promise.all([...lost.map((p) => domains.release(p)), ...gained.map((p) => domains.take(p))]);
    });
    let forwarder: GroupConsumer | undefined;
    const deps = {
      writer: (tenant: string) => domains.of(tenant),
      join: joins.join.bind(joins),
      explain: (tenant: string, conversationId: string) => explainFrom(log, tenant, conversationId),
      now: () => clock.now(),
    };
    return {
      handlers: {
        'parley.routing.v1.RoutingService': routingApi(deps, rulesToCome),
        'parley.routing.v1.RoutingInternalService': routingInternalApi(deps),
      },
      membership,
      consumers: () => (forwarder ? [forwarder.consumer] : []),
      readiness: { documents: () => documents.ping() },
      start: async () => {
        housekeeping.start();
        forwarder = await joinConsumerGroup({
          bus,
          log: conversationLog,
          projection: createForwarder({
            routing: caller.client('parley.routing.v1.RoutingInternalService'),
            inputs: store.inputs,
            clock,
          }),
          checkpoints: documents,
          // No listPurged: what has left the log altogether is closed, and routing hears of what is open.
          loadPurged: purgedFrom(
            caller.client('parley.transcript.v1.TranscriptInternalService'),
            'routing',
            clock,
          ),
          instanceId: instance,
          replicas: values.PARLEY_NATS_REPLICAS,
          logger,
        });
      },
      drain: async () => {
        housekeeping.stop();
        await forwarder?.stop();
        await domains.stop();
        live.stop();
        await documents.close();
      },
    };
  },
});
