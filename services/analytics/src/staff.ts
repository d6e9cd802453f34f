import { routing } from '@parley/contracts';
import { quartersOf, QUARTER_MS } from './definitions/quarters.js';
import type { Marks } from './marks.js';
import type { Recorded } from './recorded.js';
import { type AnalyticsStore, key, type StaffDoc, type StaffPieceDoc } from './store.js';

/** As routing has it for agents that were configured without one. */
const DEFAULT_CAPACITY = 4;

/**
 * When agents were available, and for how many chats. Pieces stand before the document that says so, and the marks of
 * their quarter hours after both: interrupted anywhere, all of it is done again and gives the same.
 */
export const takeStaff = async (
  store: AnalyticsStore,
  marks: Marks,
  tenant: string,
  events: readonly Recorded[],
): Promise<void> => {
  const changes = events.flatMap(({ version, time, event }) => {
    const change = changeOf(event);
    return change ? [{ version, time, ...change }] : [];
  });
  if (changes.length === 0) return;
  const ids = [...new Set(changes.map(({ agentId }) => key(tenant, agentId)))];
  const staff = new Map(await store.staff.getMany(ids));
  const pieces: StaffPieceDoc[] = [];
  for (const { version, time, agentId, ...change } of changes) {
    const id = key(tenant, agentId);
    const before = staff.get(id) ?? unknown(id, tenant, agentId, time);
    if (version <= before.version) continue;
    const { available, capacity } = { ...before, ...change };
    const slots = available ? capacity : 0;
    const after = { ...before, version, available, capacity };
    if (slots === before.slots) {
      staff.set(id, after);
      continue;
    }
    pieces.push(...piecesOf(before, time, version));
    staff.set(id, { ...after, slots, since: time, staffed: slots > 0 });
  }
  if (pieces.length > 0) await store.staffPieces.upsertNewer(pieces);
  await store.staff.upsertNewer([...staff.values()]);
  await marks.anew(pieces.map(({ quarter }) => ({ tenant, quarter })));
};

type Change = Pick<StaffDoc, 'agentId'> & Partial<Pick<StaffDoc, 'available' | 'capacity'>>;

const changeOf = (event: Recorded['event']): Change | undefined => {
  if (event?.$case === 'agentConfigured') {
    const { agent } = event.value;
    return agent && { agentId: agent.agentId, capacity: agent.capacity || DEFAULT_CAPACITY };
  }
  if (event?.$case === 'agentPresenceChanged') {
    const { agentId, status, online } = event.value;
    return { agentId, available: online && status === routing.AgentStatus.AGENT_STATUS_AVAILABLE };
  }
  if (event?.$case === 'agentNotResponding' || event?.$case === 'agentRemoved')
    return { agentId: event.value.agentId, available: false };
  return undefined;
};

const unknown = (id: string, tenant: string, agentId: string, since: number): StaffDoc => ({
  id,
  version: 0,
  tenant,
  agentId,
  available: false,
  capacity: DEFAULT_CAPACITY,
  slots: 0,
  since,
  staffed: false,
});

/** The time that ends now, cut at the quarter hours. */
const piecesOf = (
  { tenant, agentId, slots, since }: StaffDoc,
  until: number,
  version: number,
): StaffPieceDoc[] =>
  slots === 0 || until <= since
    ? []
    : quartersOf(since, until).map((quarter) => ({
        id: key(tenant, quarter, agentId, since),
        version,
        tenant,
        quarter,
        agentId,
        from: Math.max(since, quarter),
        to: Math.min(until, quarter + QUARTER_MS),
        slots,
      }));
