import { analytics, partitionOfTenant } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import { everyDoc } from '@parley/store';
import type { MetricKey, Metrics } from '@parley/telemetry';
import { dayOf } from './definitions/quarters.js';
import { OutcomeCounters } from './outcome-counters.js';
import { addLive, type FactReader, type LiveCounts } from './reader.js';
import { emptyGroup, figuresOfGroup, type Group, mergeGroup, type Reports } from './reports.js';
import { type AnalyticsStore } from './store.js';

/** What is beyond the limits, together. */
const OTHER = 'other';
/** All queues of a tenant together; no queue can have this id. */
const ALL_QUEUES = '*';

interface Entry {
  readonly group: Group;
  readonly live: LiveCounts;
}

export interface BoardDeps {
  readonly store: Pick<AnalyticsStore, 'tenants'>;
  readonly reports: Pick<Reports, 'groups'>;
  readonly reader: Pick<FactReader, 'liveByQueue'>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** The partitions of tenants that this instance shows, so that each tenant is shown once. */
  readonly owned: () => ReadonlySet<number>;
  readonly limits: FigureLimits;
}

/** How many of them have series of their own. */
export interface FigureLimits {
  readonly tenants: number;
  readonly queues: number;
}

/** Shows today's figures as Prometheus gauges, by the same functions as the reports. */
export class Board {
  readonly #counters: OutcomeCounters;

  constructor(private readonly deps: BoardDeps) {
    this.#counters = new OutcomeCounters(deps.metrics);
  }

  async refresh(): Promise<void> {
    const { clock, limits } = this.deps;
    const now = clock.now();
    const entries = new Map<string, Map<string, Entry>>();
    let tenants = 0;
    let queues = 0;
    for await (const { id: tenant } of everyDoc(this.deps.store.tenants, {})) {
      if (!this.deps.owned().has(partitionOfTenant(tenant))) continue;
      const shown = tenants++ < limits.tenants;
      const today = await this.#today(tenant, now);
      for (const [queue, entry] of today) {
        const alone = queue === ALL_QUEUES || (shown && queues++ < limits.queues);
        if (!shown && queue !== ALL_QUEUES) continue;
        const labels = { tenant: shown ? tenant : OTHER, queue: alone ? queue : OTHER };
        merge(entries, labels.tenant, labels.queue, entry);
        this.#counters.add({ tenant, queue, labels }, dayOf(now), entry.group.tally);
      }
    }
    this.#counters.finish();
    this.#show(entries, now);
  }

  async #today(tenant: string, now: number): Promise<Map<string, Entry>> {
    const groupBy = analytics.GroupBy.GROUP_BY_QUEUE;
    const query = { tenant, from: dayOf(now), to: now + 1, groupBy, queueId: '', agentId: '' };
    const { groups, total } = await this.deps.reports.groups(query);
    const live = await this.deps.reader.liveByQueue(tenant);
    const all: LiveCounts = { waiting: 0, active: 0 };
    for (const counts of live.values()) addLive(all, counts);
    const today = new Map<string, Entry>([[ALL_QUEUES, { group: total, live: all }]]);
    for (const queue of [...new Set([...groups.keys(), ...live.keys()])].sort())
      if (queue)
        today.set(queue, {
          group: groups.get(queue) ?? emptyGroup(),
          live: live.get(queue) ?? { waiting: 0, active: 0 },
        });
    return today;
  }

  #show(entries: ReadonlyMap<string, ReadonlyMap<string, Entry>>, now: number): void {
    for (const key of GAUGES) this.deps.metrics.gauge(key).reset();
    for (const [tenant, queues] of entries)
      for (const [queue, { group, live }] of queues) {
        const values = valuesOf(figuresOfGroup(group), live, now);
        for (const key of GAUGES) {
          const value = values[key];
          if (value !== undefined) this.deps.metrics.gauge(key).set({ tenant, queue }, value);
        }
      }
  }
}

const GAUGES = [
  'queueWaiting',
  'queueLongestWait',
  'queueActive',
  'queueOffered',
  'queueAnswered',
  'queueAbandoned',
  'queueMessagesTaken',
  'queueFlowedOut',
  'queueDropped',
  'queueTransfers',
  'queueServiceLevel',
  'queueAbandonRate',
  'queueFirstResponseMean',
  'queueFirstResponseP50',
  'queueFirstResponseP90',
  'queueResponseP50',
  'queueResponseP90',
  'queueHandleMean',
  'queueConcurrency',
  'queueOccupancy',
  'queueCsat',
  'queueFirstContactResolution',
  'queueConversion',
] as const satisfies MetricKey[];

type Values = Record<(typeof GAUGES)[number], number | undefined>;

const valuesOf = (figures: analytics.Figures, live: LiveCounts, now: number): Values => ({
  queueWaiting: live.waiting,
  queueLongestWait: live.oldestEnteredAt === undefined ? 0 : Math.max(0, now - live.oldestEnteredAt) / 1000,
  queueActive: live.active,
  queueOffered: figures.offered,
  queueAnswered: figures.answered,
  queueAbandoned: figures.abandoned,
  queueMessagesTaken: figures.messageTaken,
  queueFlowedOut: figures.flowedOut,
  queueDropped: figures.dropped,
  queueTransfers: figures.transfers,
  queueServiceLevel: figures.serviceLevel,
  queueAbandonRate: figures.abandonRate,
  queueFirstResponseMean: figures.firstResponseFromEntry?.mean,
  queueFirstResponseP50: figures.firstResponseFromEntry?.p50,
  queueFirstResponseP90: figures.firstResponseFromEntry?.p90,
  queueResponseP50: figures.responseInChat?.p50,
  queueResponseP90: figures.responseInChat?.p90,
  queueHandleMean: figures.handleTime?.mean,
  queueConcurrency: figures.concurrency,
  queueOccupancy: figures.occupancy,
  queueCsat: figures.csat,
  queueFirstContactResolution: figures.firstContactResolution,
  queueConversion: figures.conversionRate,
});

const merge = (
  entries: Map<string, Map<string, Entry>>,
  tenant: string,
  queue: string,
  { group, live }: Entry,
): void => {
  let queues = entries.get(tenant);
  if (!queues) entries.set(tenant, (queues = new Map<string, Entry>()));
  let into = queues.get(queue);
  if (!into) queues.set(queue, (into = { group: emptyGroup(), live: { waiting: 0, active: 0 } }));
  mergeGroup(into.group, group);
  addLive(into.live, live);
};
