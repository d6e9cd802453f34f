import { type presence, type routing, routingEvents } from '@parley/client';
import type { Target } from './thread-care.js';

const { AgentStatus } = routingEvents;

/** An agent whom a chat may be given to, with how they stand. */
export interface AgentTarget {
  readonly id: string;
  readonly name: string;
  readonly status: routingEvents.AgentStatus;
  /** Capacity units that may be offered to them now, by routing's word. */
  readonly free: number;
  readonly wrapsUp: boolean;
  /** Visitors wait for their replies for too long: they get nothing further until they have caught up. */
  readonly behind: boolean;
  /** In the chat already. */
  readonly inChat: boolean;
  /** Would be asked now; others come back as unavailable at once. */
  readonly ready: boolean;
}

/** A queue that a chat may be given to. */
export interface QueueTarget {
  readonly id: string;
  readonly state: routing.QueueState;
  /** Somebody of it could be asked now. */
  readonly ready: boolean;
  /** Outside of its hours it takes messages only: no chat may be given to it. */
  readonly closed: boolean;
}

/** The agents by how soon they could take it: those who can now, then by status and name. `live`: the latest presence. */
export const agentTargets = (
  agents: readonly routing.AgentState[],
  live: ReadonlyMap<string, presence.AgentPresence>,
  inChat: readonly string[],
): readonly AgentTarget[] =>
  agents
    .flatMap((state): AgentTarget[] => {
      const { agent, freeCapacity: free = 0, wrapUps = [], overdue = 0 } = state;
      const id = agent?.agentId;
      if (!id) return [];
      const { online, status } = live.get(id) ?? state;
      const shown = online && status ? status : AgentStatus.AGENT_STATUS_OFFLINE;
      const within = inChat.includes(id);
      const ready = shown === AgentStatus.AGENT_STATUS_AVAILABLE && free > 0 && !within;
      const name = agent.name || id;
      const why = { wrapsUp: wrapUps.length > 0, behind: overdue > 0 };
      return [{ id, name, status: shown, free, ...why, inChat: within, ready }];
    })
    .sort(
      (a, b) =>
        Number(b.ready) - Number(a.ready) ||
        RANK[a.status] - RANK[b.status] ||
        b.free - a.free ||
        a.name.localeCompare(b.name),
    );

const RANK: Record<routingEvents.AgentStatus, number> = {
  AGENT_STATUS_AVAILABLE: 0,
  AGENT_STATUS_BUSY: 1,
  AGENT_STATUS_AWAY: 2,
  AGENT_STATUS_NOT_RESPONDING: 3,
  AGENT_STATUS_OFFLINE: 4,
  AGENT_STATUS_UNSPECIFIED: 5,
};

/** The queues, those with somebody free first. */
export const queueTargets = (queues: Iterable<routing.QueueState>): readonly QueueTarget[] =>
  [...queues]
    .flatMap((state): QueueTarget[] => {
      const id = state.queue?.queueId;
      // A false is not sent: it is what an absent field means.
      const closed = !state.open;
      const ready = !closed && (state.freeAgents ?? 0) > 0;
      return id ? [{ id, state, ready, closed }] : [];
    })
    .sort(
      (a, b) =>
        Number(b.ready) - Number(a.ready) ||
        (a.state.queue?.name ?? '').localeCompare(b.state.queue?.name ?? ''),
    );

/** Somebody is chosen. */
export const isChosen = ({ agentId, queueId }: Target): boolean => (agentId === '') !== (queueId === '');
export const nobody: Target = { agentId: '', queueId: '' };
