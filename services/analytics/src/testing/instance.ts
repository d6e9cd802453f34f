import { type analytics, log } from '@parley/contracts';
import { createConsumer, type EventLog } from '@parley/eventlog';
import type { Clock, RequestContext } from '@parley/kernel';
import { openStore, type Store } from '@parley/store';
import { createMetrics, type Metrics } from '@parley/telemetry';
import { analyticsApi } from '../api.js';
import type { FigureLimits } from '../board.js';
import { assemble } from '../assembly.js';
import { Definitions } from '../rebuild.js';
import { openAnalyticsStore } from '../store.js';

export const PARTITIONS = 2;

/** An instance over real logs and a folder of documents, which others may share. */
export interface Instance {
  readonly api: ReturnType<typeof analyticsApi>;
  readonly parts: ReturnType<typeof assemble>;
  readonly documents: Store;
  readonly metrics: Metrics;
  /** Reads these partitions of a log until it is stopped. */
  read(name: 'conversation' | 'routing', partitions?: readonly number[]): Promise<void>;
  /** Lets go of a log. */
  release(name: 'conversation' | 'routing'): Promise<void>;
  /** Resolves once all that was in the logs being read has been taken in. */
  caughtUp(): Promise<void>;
  /** All figures of a tenant at all times. */
  figures(
    tenant: string,
    from: number,
    to: number,
    groupBy?: analytics.GroupBy,
  ): Promise<analytics.GetReportResponse>;
  stop(): Promise<void>;
}

export interface InstanceOptions {
  readonly logs: Readonly<Record<'conversation' | 'routing', EventLog>>;
  readonly folder: string;
  readonly clock: Clock;
  /** What the fake transcript keeps, by conversation. */
  readonly kept?: ReadonlyMap<string, readonly log.Commit[]>;
  readonly version?: number;
  /** How many tenants and queues have series of their own. */
  readonly limits?: FigureLimits;
}

export const startInstance = async (options: InstanceOptions): Promise<Instance> => {
  const { logs, folder, clock, kept = new Map<string, readonly log.Commit[]>(), version } = options;
  const { limits = { tenants: 50, queues: 200 } } = options;
  const documents = await openStore({ name: 'analytics', durability: 'projection', folder });
  const metrics = createMetrics();
  const parts = assemble({
    store: await openAnalyticsStore(documents, version),
    clock,
    metrics,
    restMs: 0,
    transcripts: {
      readCommits: async ({ aggregateId }) => ({
        commits: (kept.get(aggregateId) ?? []).map((c) => Buffer.from(log.Commit.encode(c).finish())),
      }),
    },
    owned: () => new Set([0, 1, 2, 3]),
    limits,
  });
  const { loadPurged } = parts;
  const definitions = new Definitions(documents, version);
  const inputs = {
    conversation: {
      projection: parts.conversations,
      purged: loadPurged,
      consumer: createConsumer({
        log: logs.conversation,
        projection: parts.conversations,
        checkpoints: documents,
        loadPurged,
      }),
    },
    routing: {
      projection: parts.routing,
      purged: undefined,
      consumer: createConsumer({ log: logs.routing, projection: parts.routing, checkpoints: documents }),
    },
  };
  const api = analyticsApi(parts.parts);
  return {
    api,
    parts,
    documents,
    metrics,
    read: async (name, partitions = Array.from({ length: logs[name].partitions }, (_, i) => i)) => {
      const { projection, purged, consumer } = inputs[name];
      for (const partition of partitions) {
        await definitions.prepare(projection, partition, purged);
        await consumer.start(partition);
      }
    },
    release: (name) => inputs[name].consumer.stopAll(),
    caughtUp: async () => {
      for (const { consumer } of Object.values(inputs)) await consumer.caughtUp();
    },
    figures: (tenant, from, to, groupBy = 0) =>
      api.getReport(
        { from: new Date(from), to: new Date(to), groupBy, queueId: '', agentId: '' },
        asBoss(tenant),
      ),
    stop: async () => {
      for (const { consumer } of Object.values(inputs)) await consumer.stopAll();
      await documents.close();
    },
  };
};

export const asBoss = (tenant: string): RequestContext => ({
  tenant,
  principal: { role: 'supervisor', id: 'boss' },
  deadline: Date.now() + 40_000,
});
