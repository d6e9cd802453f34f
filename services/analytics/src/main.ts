import { TENANT_PARTITIONS } from '@parley/contracts';
import { createConsumer, joinMembership, openEventLog } from '@parley/eventlog';
import { runService } from '@parley/service';
import { openStore } from '@parley/store';
import { analyticsApi } from './api.js';
import { config } from './config.js';
import { conversationFacts } from './conversation-facts.js';
import { FactReader } from './reader.js';
import { Reports } from './reports.js';
import { Rollups } from './rollups.js';
import { routingFacts } from './routing-facts.js';
import { openAnalyticsStore } from './store.js';

await runService({
  name: 'analytics',
  config,
  build: async ({ bus, clock, config: values, instance, logger }) => {
    const documents = await openStore({
      name: 'analytics',
      durability: 'projection',
      mongodbUrl: values.MONGODB_URL,
      folder: values.PARLEY_DATA,
    });
    const store = await openAnalyticsStore(documents);
    const rollups = new Rollups(store);
    let changed = true;
    const onDirty = (): void => void (changed = true);
    const timer = setInterval(() => {
      if (!changed) return;
      changed = false;
      rollups.refresh().catch((error: unknown) => {
        changed = true;
        logger.error({ err: error }, 'rollups failed; again soon');
      });
    }, values.PARLEY_ROLLUP_INTERVAL_MS);

    const inputs = [
      {
        name: 'conversation',
        partitions: values.PARLEY_PARTITIONS,
        projection: conversationFacts(store, onDirty),
      },
      { name: 'routing', partitions: TENANT_PARTITIONS, projection: routingFacts(store, onDirty) },
    ] as const;
    const running = await Promise.all(
      inputs.map(async ({ name, partitions, projection }) => {
        const replicas = values.PARLEY_NATS_REPLICAS;
        const log = await openEventLog({ bus, name, partitions, replicas });
        const consumer = createConsumer({ log, projection, checkpoints: documents, logger });
        const group = `${projection.name}-consumer`;
        const count = log.partitions;
        const membership = await joinMembership({
          bus,
          group,
          instanceId: instance,
          partitions: count,
          knownEvents: [],
        });
        membership.onChange(async (gained, lost) => {
          await Promise.all([...lost.map((p) => consumer.stop(p)), ...gained.map((p) => consumer.start(p))]);
        });
        return { consumer, membership };
      }),
    );

    const reports = new Reports(store, rollups);
    const reader = new FactReader(store);
    const api = analyticsApi({
      report: (query) => reports.report(query),
      live: (tenant, queueId) => reader.live(tenant, queueId),
      facts: (query) => reader.facts(query),
      clock,
    });
    return {
      handlers: { 'parley.analytics.v1.AnalyticsService': api },
      readiness: { documents: () => documents.ping() },
      drain: async () => {
        clearInterval(timer);
        await Promise.all(running.map(({ membership }) => membership.leave()));
        await Promise.all(running.map(({ consumer }) => consumer.stopAll()));
        await documents.close();
      },
    };
  },
});
