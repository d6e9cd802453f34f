import { TENANT_PARTITIONS } from '@parley/contracts';
import {
  announcePositions,
  createConsumer,
  joinMembership,
  openEventLog,
  type Membership,
} from '@parley/eventlog';
import { listPurgedFrom, type Base, type Built, runService } from '@parley/service';
import { openStore } from '@parley/store';
import { analyticsApi } from './api.js';
import { assemble } from './assembly.js';
import { config } from './config.js';
import { every } from './every.js';
import { Definitions } from './rebuild.js';
import { openAnalyticsStore } from './store.js';

const build = async ({
  bus,
  caller,
  clock,
  config: values,
  instance,
  logger,
  metrics,
}: Base<typeof config.spec>): Promise<Built> => {
  const replicas = values.PARLEY_NATS_REPLICAS;
  const documents = await openStore({
    name: 'analytics',
    durability: 'projection',
    mongodbUrl: values.MONGODB_URL,
    folder: values.PARLEY_DATA,
  });
  const shown: { by?: Pick<Membership, 'owned'> | undefined } = {};
  const transcripts = caller.client('parley.transcript.v1.TranscriptInternalService');
  const { conversations, routing, rollups, board, loadPurged, parts } = assemble({
    store: await openAnalyticsStore(documents),
    clock,
    metrics,
    restMs: values.PARLEY_ANALYTICS_REST_MS,
    transcripts,
    owned: () => shown.by?.owned() ?? new Set(),
    limits: { tenants: values.PARLEY_FIGURES_TENANTS, queues: values.PARLEY_FIGURES_QUEUES },
  });
  const definitions = new Definitions(documents);

  const inputs = [
    {
      name: 'conversation',
      count: values.PARLEY_PARTITIONS,
      projection: conversations,
      purged: { loadPurged, listPurged: listPurgedFrom(transcripts, 'analytics', clock) },
    },
    { name: 'routing', count: TENANT_PARTITIONS, projection: routing, purged: {} },
  ] as const;
  const running = await Promise.all(
    inputs.map(async ({ name, count, projection, purged }) => {
      const log = await openEventLog({ bus, name, partitions: count, replicas });
      const consumer = createConsumer({ log, projection, checkpoints: documents, logger, ...purged });
      const membership = await joinMembership({
        bus,
        group: `${projection.name}-consumer`,
        instanceId: instance,
        partitions: () => log.refresh(),
        knownEvents: [],
        replicas,
        logger,
      });
      const announcer = await announcePositions({
        bus,
        log: name,
        name: projection.name,
        consumer,
        replicas,
        logger,
      });
      const take = async (partition: number): Promise<void> => {
        await definitions.prepare(
          projection,
          partition,
          'loadPurged' in purged ? purged.loadPurged : undefined,
        );
        await consumer.start(partition);
      };
      return { name, consumer, membership, announcer, take };
    }),
  );
  shown.by = running.find(({ name }) => name === 'routing')?.membership;
  const repeated = [
    every(values.PARLEY_ROLLUP_INTERVAL_MS, () => rollups.refresh(), 'rollups', logger),
    every(values.PARLEY_FIGURES_INTERVAL_MS, () => board.refresh(), 'figures for /metrics', logger),
  ];

  return {
    handlers: { 'parley.analytics.v1.AnalyticsService': analyticsApi(parts) },
    consumers: () => running.map(({ consumer }) => consumer),
    readiness: { documents: () => documents.ping() },
    start: async () => {
      for (const { membership, consumer, take } of running)
        membership.onChange(async (gained, lost) => {
          await Promise.all([...lost.map((p) => consumer.stop(p)), ...gained.map(take)]);
        });
    },
    drain: async () => {
      await Promise.all(running.map(({ membership }) => membership.leave()));
      await Promise.all(running.map(({ consumer }) => consumer.stopAll()));
      await Promise.all([
        ...running.map(({ announcer }) => announcer.stop()),
        ...repeated.map((each) => each.stop()),
      ]);
      await documents.close();
    },
  };
};

await runService({ name: 'analytics', config, build });
