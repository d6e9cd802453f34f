import { analytics } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import { everyDoc } from '@parley/store';
import { dayOf, QUARTER_MS, quarterOf } from './definitions/quarters.js';
import { emptyLoad, emptyTally, figuresOf, type Load, mergeTally, type Tally } from './definitions/tally.js';
import { loadsIn } from './loads.js';
import { measure } from './measure.js';
import { type Part, Parts } from './parts.js';
import { type AnalyticsStore } from './store.js';

export interface ReportQuery {
  readonly tenant: string;
  /** ms, inclusive and exclusive; by entry into the queue. */
  readonly from: number;
  readonly to: number;
  readonly groupBy: analytics.GroupBy;
  /** Empty: all. */
  readonly queueId: string;
  readonly agentId: string;
}

interface QuarterPart extends Part {
  readonly quarter: number;
}

/** What a row of a report is computed from; groups merge by adding. */
export interface Group {
  readonly tally: Tally;
  readonly load: Load;
}

export const emptyGroup = (): Group => ({ tally: emptyTally(), load: emptyLoad() });

export const mergeGroup = (into: Group, { tally, load }: Group): void => {
  mergeTally(into.tally, tally);
  addLoad(into.load, load);
};

export const figuresOfGroup = ({ tally, load }: Group): analytics.Figures => figuresOf(tally, load);

/**
 * Reports from rollups; quarter hours that a report cuts through, or whose facts are just changing, are read from
 * facts. So it is exact for any times, and holds all that has been taken in.
 */
export class Reports {
  constructor(
    private readonly store: AnalyticsStore,
    private readonly clock: Clock,
  ) {}

  async report(query: ReportQuery): Promise<{ rows: analytics.ReportRow[]; total: analytics.Figures }> {
    const { groups, total } = await this.groups(query);
    const rows = [...groups]
      .map(([name, group]) => ({ key: name, figures: figuresOfGroup(group) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const figures = figuresOfGroup(total);
    const ungrouped = query.groupBy === analytics.GroupBy.GROUP_BY_UNSPECIFIED;
    return { rows: ungrouped ? [{ key: '', figures }] : rows, total: figures };
  }

  /** The same before shares and quantiles are taken. */
  async groups(query: ReportQuery): Promise<{ groups: Map<string, Group>; total: Group }> {
    const total = emptyGroup();
    const groups = new Map<string, Group>();
    const groupOf = (key: string): Group => {
      let group = groups.get(key);
      if (!group) groups.set(key, (group = emptyGroup()));
      return group;
    };
    const ranges = await this.#ranges(query);
    const byQueue = query.groupBy === analytics.GroupBy.GROUP_BY_QUEUE;
    // Of one queue the chats that entered it count; of all, each chat counts once.
    const totalOf = query.queueId ? 'queue' : 'chat';
    for await (const part of this.#parts(query, ranges)) {
      if (part.kind === 'queue' && query.queueId && part.queueId !== query.queueId) continue;
      if (query.agentId && part.agentId !== query.agentId) continue;
      if (part.kind === totalOf) mergeTally(total.tally, part.tally);
      const name = part.kind === (byQueue ? 'queue' : totalOf) ? groupKey(query.groupBy, part) : undefined;
      if (name !== undefined) mergeTally(groupOf(name).tally, part.tally);
    }
    // Load is an agent's over all queues: of one queue alone it is not defined.
    if (!query.queueId)
      for await (const part of loadsIn(this.store, { ...query, ...ranges }, this.clock.now())) {
        if (query.agentId && part.agentId !== query.agentId) continue;
        addLoad(total.load, part.load);
        const name = groupKey(query.groupBy, { ...part, queueId: '' });
        if (name !== undefined) addLoad(groupOf(name).load, part.load);
      }
    return { groups, total };
  }

  async #ranges({ tenant, from, to }: ReportQuery): Promise<Ranges> {
    const { whole, edges } = split(from, to);
    const loose = new Set(edges);
    if (!whole) return { loose };
    const quarter = { gte: whole.from, lt: whole.to };
    for await (const mark of everyDoc(this.store.marks, { tenant, quarter })) loose.add(mark.quarter);
    return { whole, loose };
  }

  async *#parts({ tenant, from, to }: ReportQuery, { whole, loose }: Ranges): AsyncGenerator<QuarterPart> {
    if (whole)
      for await (const part of everyDoc(this.store.rollups, {
        tenant,
        quarter: { gte: whole.from, lt: whole.to },
      }))
        if (!loose.has(part.quarter)) yield part;
    for (const quarter of loose) {
      const docs = await Array.fromAsync(everyDoc(this.store.facts, { tenant, quarter }));
      const inside = docs.filter((doc) => {
        const at = doc.fact.enteredAt ?? doc.fact.startedAt;
        return at >= from && at < to;
      });
      const parts = new Parts();
      for (const { measured } of await measure(this.store, tenant, inside)) parts.add(measured);
      for (const part of parts.all()) yield { quarter, ...part };
    }
  }
}

interface Ranges {
  readonly whole?: { readonly from: number; readonly to: number };
  /** Quarter hours to be read from facts. */
  readonly loose: ReadonlySet<number>;
}

/** The quarter hours that lie wholly inside, and those at the ends that do not. */
const split = (from: number, to: number): { whole?: { from: number; to: number }; edges: number[] } => {
  const first = quarterOf(from);
  const last = quarterOf(to);
  const wholeFrom = first === from ? first : first + QUARTER_MS;
  const edges = [...new Set([...(first === from ? [] : [first]), ...(last === to ? [] : [last])])];
  const inner = edges.filter((quarter) => quarter < to);
  return wholeFrom < last ? { whole: { from: wholeFrom, to: last }, edges: inner } : { edges: inner };
};

const addLoad = (into: Load, { openMs, busyMs, staffedMs, usedMs }: Load): void => {
  into.openMs += openMs;
  into.busyMs += busyMs;
  into.staffedMs += staffedMs;
  into.usedMs += usedMs;
};

const groupKey = (
  groupBy: analytics.GroupBy,
  part: { quarter: number; agentId: string; queueId: string },
): string | undefined => {
  switch (groupBy) {
    case analytics.GroupBy.GROUP_BY_UNSPECIFIED:
      return undefined;
    case analytics.GroupBy.GROUP_BY_QUEUE:
      return part.queueId || undefined;
    case analytics.GroupBy.GROUP_BY_AGENT:
      return part.agentId || undefined;
    case analytics.GroupBy.GROUP_BY_QUARTER_HOUR:
      return new Date(part.quarter).toISOString();
    case analytics.GroupBy.GROUP_BY_DAY:
      return new Date(dayOf(part.quarter)).toISOString();
  }
};
