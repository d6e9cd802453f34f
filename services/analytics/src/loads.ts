import { everyDoc } from '@parley/store';
import type { Collection, Doc } from '@parley/store';
import { loadOf, type Span, type StaffSpan } from './definitions/load.js';
import { QUARTER_MS, quartersOf } from './definitions/quarters.js';
import type { Load } from './definitions/tally.js';
import { type AnalyticsStore } from './store.js';

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
  const until = Math.min(to, now);
  const open = await openSpans(store, tenant, from, until);
  const openStaff = await openStaffSpans(store, tenant, from, until);
  const loose = new Set([
    ...range.loose,
    ...[...open, ...openStaff].flatMap((span) => quartersOf(span.from, span.to)),
  ]);
  if (whole)
    for await (const part of everyDoc(store.loads, { tenant, quarter: { gte: whole.from, lt: whole.to } }))
      if (!loose.has(part.quarter)) yield part;
  if (loose.size === 0) return;
  const spans = await byQuarter(store.pieces, tenant, loose, open);
  const staffed = await byQuarter(store.staffPieces, tenant, loose, openStaff);
  for (const quarter of loose) {
    const chats = Map.groupBy(spans.get(quarter) ?? [], (span) => span.agentId);
    const slots = Map.groupBy(staffed.get(quarter) ?? [], (span) => span.agentId);
    for (const agentId of new Set([...chats.keys(), ...slots.keys()])) {
      const [first, last] = [Math.max(from, quarter), Math.min(to, quarter + QUARTER_MS)];
      const load = loadOf(chats.get(agentId) ?? [], slots.get(agentId) ?? [], first, last);
      yield { quarter, agentId, load };
    }
  }
}

/** Spans by quarter hour: those that have ended as stored, and the open ones. */
const byQuarter = async <P extends OwnSpan & Doc & { readonly quarter: number }, S extends OwnSpan>(
  pieces: Collection<P>,
  tenant: string,
  quarters: ReadonlySet<number>,
  open: readonly S[],
): Promise<Map<number, (P | S)[]>> => {
  const spans = new Map<number, (P | S)[]>([...quarters].map((quarter) => [quarter, []]));
  const between = { gte: Math.min(...quarters), lte: Math.max(...quarters) };
  for await (const piece of everyDoc(pieces, { tenant, quarter: between }))
    spans.get(piece.quarter)?.push(piece);
  for (const span of open)
    for (const quarter of quartersOf(span.from, span.to)) spans.get(quarter)?.push(span);
  return spans;
};

/** Agents who are available, within a range. */
const openStaffSpans = async (
  store: AnalyticsStore,
  tenant: string,
  from: number,
  to: number,
): Promise<(OwnSpan & StaffSpan)[]> => {
  const spans: (OwnSpan & StaffSpan)[] = [];
  for await (const { agentId, since, slots } of everyDoc(store.staff, { tenant, staffed: true })) {
    const start = Math.max(from, since);
    if (start < to) spans.push({ agentId, from: start, to, slots });
  }
  return spans;
};

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
