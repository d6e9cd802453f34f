import type { presence, routing } from '@parley/client';

export type Queues = ReadonlyMap<string, routing.QueueState>;
export type Agents = ReadonlyMap<string, presence.AgentPresence>;

/** The queues after the state of one came in. */
export const queueChanged = (queues: Queues, state: routing.QueueState): Queues => {
  const id = state.queue?.queueId;
  return id ? new Map(queues).set(id, state) : queues;
};

/** The queues without one that was removed. */
export const queueRemoved = (queues: Queues, id: string): Queues => {
  const left = new Map(queues);
  return left.delete(id) ? left : queues;
};

/** The queues after all were read; of those in `heard`, live news came meanwhile, which is newer. */
export const queuesRead = (
  queues: Queues,
  read: readonly routing.QueueState[],
  heard: ReadonlySet<string>,
): Queues => {
  const next = new Map<string, routing.QueueState>();
  for (const state of read) {
    const id = state.queue?.queueId;
    if (id && !heard.has(id)) next.set(id, state);
  }
  for (const [id, state] of queues) if (heard.has(id)) next.set(id, state);
  return next;
};

/** The agents' presence after one came in; an older revision changes nothing. */
export const presenceChanged = (agents: Agents, incoming: presence.AgentPresence): Agents => {
  const { agentId, revision = '0' } = incoming;
  if (!agentId) return agents;
  const known = agents.get(agentId)?.revision;
  return known !== undefined && BigInt(known) > BigInt(revision)
    ? agents
    : new Map(agents).set(agentId, incoming);
};

/** All queues as one. `oldest` is the entry of the chat that waits longest, ISO; empty when none waits. */
export interface QueueTotals {
  readonly waiting: number;
  readonly oldest: string;
  readonly active: number;
}

export const totalsOf = (queues: Queues): QueueTotals => {
  const all = [...queues.values()];
  const sum = (pick: (state: routing.QueueState) => number | undefined): number =>
    all.reduce((total, state) => total + (pick(state) ?? 0), 0);
  return {
    waiting: sum((state) => state.waiting),
    oldest: all.flatMap((state) => (state.waiting && state.oldestEnteredAt) || []).sort()[0] ?? '',
    active: sum((state) => state.active),
  };
};
