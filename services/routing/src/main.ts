import { TENANT_PARTITIONS, type routing } from '@parley/contracts';
import {
  type GroupConsumer,
  joinConsumerGroup,
  joinMembership,
  openEventLog,
  readPositions,
} from '@parley/eventlog';
import { purgedFrom, runService } from '@parley/service';
import { openStore } from '@parley/store';
import type { DryRunDeps } from './api/dry-run.js';
import { ruleHandlers } from './api/rules.js';
import { routingApi, routingInternalApi } from './api.js';
import { EVENT_TYPES } from './codec.js';
import { config } from './config.js';
import { Domains } from './domains.js';
import { Estimating } from './estimating.js';
import { Figures } from './figures.js';
import { createForwarder } from './forwarder.js';
import { countDecisions } from './gauges.js';
import { GoneAgents } from './gone-agents.js';
import { Housekeeping } from './housekeeping.js';
import { lastEntry } from './last-entry.js';
import { Joins } from './joins.js';
import { openJournal } from './journal.js';
import { Live } from './live.js';
import { NotResponding } from './not-responding.js';
import { Reactor } from './reactor.js';
import { replayFrom } from './replay.js';
import { ReplyWatch } from './reply-watch.js';
import { createSteps, explainFrom } from './steps.js';
import { createRoutingStore } from './store.js';
import { Sweeper } from './sweeper.js';
import { Telling } from './telling.js';
import { Trim } from './trim.js';
import { enginePorts } from './workflows/engine-ports.js';

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
      onOpened: (tenant, state) => {
        joins.takeOver(tenant, state);
        reactor.takeOver(tenant);
        replyWatch.takeOver(tenant);
        estimating.takeOver(tenant, state);
      },
      onConflict: () => metrics.counter('routingConflicts').inc(),
      journal: openJournal(values.PARLEY_ROUTING_JOURNAL, instance, logger),
      onCommitted: (tenant, events, state) => {
        countDecisions(events, metrics);
        estimating.committed(tenant, events, state);
        live.committed(tenant, events, state);
        joins.committed(tenant, events, state);
        reactor.committed(tenant, events, state);
        notResponding.committed(tenant, events);
      },
    });
    const conversations = caller.client('parley.conversation.v1.ConversationInternalService');
    const estimating = new Estimating({ records: store.estimates, clock, logger });
    const replyWatch: ReplyWatch = new ReplyWatch({ domains, conversations, store, clock, logger });
    const figures = new Figures(estimating, replyWatch);
    const live = new Live(bus, figures);
    const reactor: Reactor = new Reactor({
      conversations,
      domains,
      log,
      done: store.done,
      clock,
      logger,
      onOutcome: (kind, outcome) => metrics.counter('routingReactions').inc({ kind, outcome }),
    });
    const joins: Joins = new Joins({
      conversations,
      domains,
      clock,
      logger,
      onOutcome: (outcome) => metrics.counter('routingReactions').inc({ kind: 'join', outcome }),
    });
    const sweeper = new Sweeper({
      conversations: caller.client('parley.conversation.v1.ConversationService'),
      entryOf: (tenant, id) => lastEntry(conversationLog, tenant, id),
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
      reactor,
      replyWatch,
      estimating,
      telling: new Telling({ conversations, estimating, clock, logger }),
      trim: new Trim({
        log,
        store,
        positions: await readPositions(bus, replicas),
        keepMs: values.PARLEY_ROUTING_KEEP_DAYS * 24 * 3_600_000,
        clock,
        logger,
        onTrimmed: () => metrics.counter('routingTrims').inc(),
      }),
      inputs: store.inputs,
      lastAgents: store.lastAgents,
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
    const consumers: GroupConsumer[] = [];
    const deps = {
      writer: (tenant: string) => domains.of(tenant),
      join: joins.join.bind(joins),
      explain: (tenant: string, conversationId: string) => explainFrom(store, log, tenant, conversationId),
      figures,
      replies: {
        reported: (tenant: string, reports: readonly routing.ReplyReport[]) => {
          replyWatch.reported(tenant, reports);
          live.replied(
            tenant,
            reports.flatMap(({ lastReply }) => lastReply?.agentId ?? []),
          );
        },
      },
      now: () => clock.now(),
    };
    const rules = {
      ...deps,
      replay: (...[tenant, since, visit, pause]: Parameters<DryRunDeps['replay']>) =>
        replayFrom(log, tenant, since, visit, pause),
      estimating,
    };
    return {
      handlers: {
        'parley.routing.v1.RoutingService': routingApi(deps, ruleHandlers(rules)),
        'parley.routing.v1.RoutingInternalService': routingInternalApi(deps),
      },
      membership,
      consumers: () => consumers.map(({ consumer }) => consumer),
      readiness: { documents: () => documents.ping() },
      start: async () => {
        housekeeping.start();
        const shared = { bus, checkpoints: documents, instanceId: instance, replicas, logger };
        consumers.push(await joinConsumerGroup({ ...shared, log, projection: createSteps(store) }));
        const forwarder = await joinConsumerGroup({
          ...shared,
          log: conversationLog,
          projection: createForwarder({
            routing: caller.client('parley.routing.v1.RoutingInternalService'),
            conversations,
            inputs: store.inputs,
            lastAgents: store.lastAgents,
            clock,
          }),
          // No listPurged: what has left the log altogether is closed, and routing hears of what is open.
          loadPurged: purgedFrom(
            caller.client('parley.transcript.v1.TranscriptInternalService'),
            'routing',
            clock,
          ),
        });
        consumers.push(forwarder);
      },
      drain: async () => {
        await housekeeping.stop();
        await Promise.all(consumers.map((consumer) => consumer.stop()));
        await domains.stop();
        live.stop();
        await documents.close();
      },
    };
  },
});
