import type { Agent, Chat, Due } from './types.js';

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Highest priority there is. */
export const MOST_URGENT = 9;
/** More than any time in ms, and small enough that MOST_URGENT of it plus a time is still exact. */
const STRICT = 900_000_000_000_000;

/**
 * The static key of a chat's turn, the lowest first: one level of priority is worth so many seconds of waiting; with 0
 * a higher priority always goes first. It does not change as time goes by, so nothing is ever sorted again.
 */
export const turnOf = (firstEnteredAt: number, priority: number, ageingSeconds: number): number =>
  firstEnteredAt - Math.min(priority, MOST_URGENT) * (ageingSeconds > 0 ? ageingSeconds * 1000 : STRICT);

export const turnKey = ({ turn }: Chat): number => turn;

/** Waiting order: the key of the turn, then the order of entry. */
export const byTurn = (a: Chat, b: Chat): number => a.turn - b.turn || a.seq - b.seq || text(a.id, b.id);

export const entryTime = ({ enteredAt }: Chat): number => enteredAt;

/** Oldest entry first, whatever the priority. */
export const byAge = (a: Chat, b: Chat): number =>
  a.enteredAt - b.enteredAt || a.seq - b.seq || text(a.id, b.id);

export const dueTime = ({ at }: Due): number => at;

export const byDue = (a: Due, b: Due): number =>
  a.at - b.at || text(a.kind, b.kind) || text(a.id, b.id) || text(a.agentId, b.agentId);

/** In the order of their ids, so that what follows does not depend on who came first. */
export const byId = (agents: Iterable<Agent>): Agent[] => [...agents].sort((a, b) => text(a.id, b.id));
