import { analytics } from '@parley/contracts';
import { loadOf } from './definitions/load.js';
import { QUARTER_MS, quarterOf } from './definitions/quarters.js';
import { emptyTally, figuresOf, type Load, mergeTally, type Tally, tallyFact } from './definitions/tally.js';
import { measure, type Rollups } from './rollups.js';
import { type AnalyticsStore, everyDoc } from './store.js';

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

interface Part {
  readonly quarter: number;
  readonly queueId: string;
  readonly agentId: string;
  readonly tally: Tally;
}

interface LoadPart {
  readonly quarter: number;
  readonly agentId: string;
  readonly load: Load;
}

interface Group {
  readonly tally: Tally;
  readonly load: Load;
}

const DAY_MS = 24 * 3_600_000;

/** Reports from rollups, with the quarter hours that a report cuts through read from facts: exact for any times. */
export class Reports {
  constructor(
    private readonly store: AnalyticsStore,
    private readonly rollups: Pick<Rollups, 'refresh'>,
  ) {}

  async report(query: ReportQuery): Promise<{ rows: analytics.ReportRow[]; total: analytics.Figures }> {
    await this.rollups.refresh(query.tenant);
    const total: Group = { tally: emptyTally(), load: { openMs: 0, busyMs: 0 } };
    const groups = new Map<string, Group>();
    const groupOf = (key: string): Group => {
      let group = groups.get(key);
      if (!group) groups.set(key, (group = { tally: emptyTally(), load: { openMs: 0, busyMs: 0 } }));
      return group;
    };
    for await (const part of this.#parts(query)) {
      if (query.queueId && part.queueId !== query.queueId) continue;
      if (query.agentId && part.agentId !== query.agentId) continue;
      mergeTally(total.tally, part.tally);
      const name = groupKey(query.groupBy, part);
      if (name !== undefined) mergeTally(groupOf(name).tally, part.tally);
    }
    // Load is an agent's over all queues: of one queue alone it is not defined.
    if (!query.queueId)
      for await (const part of this.#loads(query)) {
        if (query.agentId && part.agentId !== query.agentId) continue;
        addLoad(total.load, part.load);
        const name =
          query.groupBy === analytics.GroupBy.GROUP_BY_QUEUE ? undefined : groupKey(query.groupBy, part);
        if (name !== undefined) addLoad(groupOf(name).load, part.load);
      }
    const rows = [...groups]
      .map(([name, { tally, load }]) => ({ key: name, figures: figuresOf(tally, load) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const figures = figuresOf(total.tally, total.load);
    const ungrouped = query.groupBy === analytics.GroupBy.GROUP_BY_UNSPECIFIED;
    return { rows: ungrouped ? [{ key: '', figures }] : rows, total: figures };
  }

  async *#parts({ tenant, from, to }: ReportQuery): AsyncGenerator<Part> {
    const { whole, edges } = split(from, to);
    if (whole) yield* everyDoc(this.store.rollups, { tenant, quarter: { gte: whole.from, lt: whole.to } });
    for (const quarter of edges) {
      const docs = await Array.fromAsync(everyDoc(this.store.facts, { tenant, quarter }));
      const inside = docs.filter((doc) => {
        const at = doc.fact.enteredAt ?? doc.fact.startedAt;
        return at >= from && at < to;
      });
      for (const { measured, doc } of await measure(this.store, tenant, inside)) {
        const tally = emptyTally();
        tallyFact(tally, measured);
        yield { quarter, queueId: doc.fact.queueId, agentId: doc.fact.agentId, tally };
      }
    }
  }

  async *#loads({ tenant, from, to }: ReportQuery): AsyncGenerator<LoadPart> {
    const { whole, edges } = split(from, to);
    if (whole) yield* everyDoc(this.store.loads, { tenant, quarter: { gte: whole.from, lt: whole.to } });
    for (const quarter of edges) {
      const pieces = await Array.fromAsync(everyDoc(this.store.pieces, { tenant, quarter }));
      for (const [agentId, spans] of Map.groupBy(pieces, (piece) => piece.agentId))
        yield { quarter, agentId, load: loadOf(spans, from, to) };
    }
  }
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

const addLoad = (into: Load, { openMs, busyMs }: Load): void => {
  into.openMs += openMs;
  into.busyMs += busyMs;
};

const groupKey = (
  groupBy: analytics.GroupBy,
  part: { quarter: number; agentId: string; queueId?: string },
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
      return new Date(Math.floor(part.quarter / DAY_MS) * DAY_MS).toISOString();
  }
};
