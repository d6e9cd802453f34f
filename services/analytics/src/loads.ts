import { loadOf, type Span } from './definitions/load.js';
import { QUARTER_MS, quartersOf } from './definitions/quarters.js';
import type { Load } from './definitions/tally.js';
import { type AnalyticsStore, everyDoc } from './store.js';

/** An agent's load in one quarter hour, or in the part of it that a report covers. */
export interface LoadPart {
  readonly quarter: number;
  readonly agentId: string;
  readonly load: Load;
}

export interface LoadRange {
  readonly tenant: string;
  /** ms */
  readonly from: number;
  readonly to: number;
  /** The quarter hours that lie wholly inside. */
  readonly whole?: { readonly from: number; readonly to: number };
  /** Those that have to be read from pieces. */
  readonly loose: ReadonlySet<number>;
}

interface OwnSpan extends Span {
  readonly agentId: string;
}

/** All agents' loads within a range. Chats that go on count until `now`. */
export async function* loadsIn(
  store: AnalyticsStore,
  range: LoadRange,
  now: number,
): AsyncGenerator<LoadPart> {
  const { tenant, from, to, whole } = range;
  const open = await openSpans(store, tenant, from, Math.min(to, now));
  const loose = new Set([...range.loose, ...open.flatMap((span) => quartersOf(span.from, span.to))]);
  if (whole)
    for await (const part of everyDoc(store.loads, { tenant, quarter: { gte: whole.from, lt: whole.to } }))
      if (!loose.has(part.quarter)) yield part;
  if (loose.size === 0) return;
  const spans = new Map<number, OwnSpan[]>([...loose].map((quarter) => [quarter, []]));
  const between = { gte: Math.min(...loose), lte: Math.max(...loose) };
  for await (const piece of everyDoc(store.pieces, { tenant, quarter: between }))
    spans.get(piece.quarter)?.push(piece);
  for (const span of open)
    for (const quarter of quartersOf(span.from, span.to)) spans.get(quarter)?.push(span);
  for (const [quarter, each] of spans)
    for (const [agentId, own] of Map.groupBy(each, (span) => span.agentId)) {
      const load = loadOf(own, Math.max(from, quarter), Math.min(to, quarter + QUARTER_MS));
      yield { quarter, agentId, load };
    }
}

/** What agents have been in until now and still are, within a range. */
const openSpans = async (
  store: AnalyticsStore,
  tenant: string,
  from: number,
  to: number,
): Promise<OwnSpan[]> => {
  const spans: OwnSpan[] = [];
  for await (const { fact } of everyDoc(store.facts, { tenant, open: true }))
    for (const segment of fact.segments) {
      const start = Math.max(from, segment.from);
      if (segment.to === undefined && start < to) spans.push({ agentId: segment.agentId, from: start, to });
    }
  return spans;
};
