import { TENANT_PARTITIONS } from '@parley/contracts';
import { joinMembership } from '@parley/eventlog';
import { runService } from '@parley/service';
import { openStore } from '@parley/store';
import { presenceApi } from './api.js';
import { config } from './config.js';
import { Partitions } from './partitions.js';
import { openPresenceStore } from './store.js';

const GAUGES_MS = 5_000;

await runService({
  name: 'presence',
  config,
  build: async ({ bus, caller, clock, config: values, instance, logger, metrics }) => {
    const documents = await openStore({
      name: 'presence',
      durability: 'projection',
      mongodbUrl: values.MONGODB_URL,
      folder: values.PARLEY_DATA,
    });
    const store = await openPresenceStore(documents);
    const partitions = new Partitions({
      bus,
      store,
      routing: caller.client('parley.routing.v1.RoutingInternalService'),
      conversations: caller.client('parley.conversation.v1.ConversationInternalService'),
      clock,
      logger,
      replicas: values.PARLEY_NATS_REPLICAS,
      limits: {
        agentGraceMs: values.PARLEY_AGENT_GRACE_MS,
        agentResetMs: values.PARLEY_AGENT_RESET_MS,
        visitorLeftMs: values.PARLEY_VISITOR_LEFT_MS,
      },
    });
    await partitions.start();
    const membership = await joinMembership({
      bus,
      group: 'presence',
      instanceId: instance,
      partitions: TENANT_PARTITIONS,
      knownEvents: [],
    });
    membership.onChange(async (gained, lost) => {
      await Promise.all([
        ...lost.map((p) => partitions.release(p)),
        ...gained.map((p) => partitions.take(p)),
      ]);
    });
    const show = (): void =>
      void partitions.showGauges(metrics).catch((error: unknown) => logger.warn({ err: error }, 'no gauges'));
    const gauges = setInterval(show, GAUGES_MS);
    const api = presenceApi({
      partition: (number) => partitions.get(number),
      visitors: store.visitors,
      clock,
    });
    return {
      handlers: { 'parley.presence.v1.PresenceService': api },
      membership,
      readiness: { documents: () => documents.ping() },
      drain: async () => {
        clearInterval(gauges);
        await partitions.stop();
        await documents.close();
      },
    };
  },
});
