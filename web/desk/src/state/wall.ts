import { type analytics, conversation, type routing, routingEvents } from '@parley/client';
import type { Inbox, Row } from './inbox.js';

const { AgentStatus } = routingEvents;
const { ConversationState } = conversation;

export type AgentState = routing.AgentState;
export type QueueState = routing.QueueState;

/** Made once: comparing thousands of names by a collator of their own is slow. */
const byName = new Intl.Collator();

/** How bad a wait is: from 1 it wants to be seen, at 2 somebody has to act. */
type Alarm = 0 | 1 | 2;

/** A wait against the queue's service level: over it, and over twice of it. */
export const alarmOf = (waitMs: number, serviceLevelSeconds: number): Alarm => {
  const level = (serviceLevelSeconds || 30) * 1000;
  return waitMs > 2 * level ? 2 : waitMs > level ? 1 : 0;
};

/** Whoever needs a look comes first, whoever is not there last. */
const RANK: Record<routingEvents.AgentStatus, number> = {
  [AgentStatus.AGENT_STATUS_NOT_RESPONDING]: 0,
  [AgentStatus.AGENT_STATUS_AVAILABLE]: 1,
  [AgentStatus.AGENT_STATUS_BUSY]: 2,
  [AgentStatus.AGENT_STATUS_AWAY]: 3,
  [AgentStatus.AGENT_STATUS_OFFLINE]: 4,
  [AgentStatus.AGENT_STATUS_UNSPECIFIED]: 4,
};

/** The status as it shows: an agent without a connection is offline, whatever they set. */
export const statusOf = ({ status, online }: AgentState): routingEvents.AgentStatus =>
  online && status ? status : AgentStatus.AGENT_STATUS_OFFLINE;

/** Since when an agent has the status, ms; undefined for those who never set one. */
export const statusSince = ({ statusSince: iso }: AgentState): number | undefined =>
  Date.parse(iso ?? '') || undefined;

/** What an agent has room for now: `limit` units in all, those they hold included. */
export interface Room {
  readonly used: number;
  readonly limit: number;
  readonly full: boolean;
}

/**
 * The room of an agent. Of one who is available it is what routing would give them, which may be less than their
 * capacity: as many chats as they may have, what is left to their team, overdue replies. Of others it is their capacity.
 */
export const roomOf = (state: AgentState): Room => {
  const { used = 0, capacity = 0, freeCapacity = 0 } = state;
  const isAvailable = statusOf(state) === AgentStatus.AGENT_STATUS_AVAILABLE;
  const limit = isAvailable ? Math.min(capacity, used + freeCapacity) : capacity;
  return { used, limit, full: used >= limit };
};

/** Which agents the wall shows. */
interface AgentFilter {
  readonly teamId: string;
  readonly withOffline: boolean;
}

/** The agents in the order of the wall: by status, those with overdue chats first in it, then by name. */
export const agentRows = (agents: Iterable<AgentState>, { teamId, withOffline }: AgentFilter): AgentState[] =>
  [...agents]
    .filter(({ agent }) => !teamId || agent?.teamId === teamId)
    .filter(
      (state) =>
        withOffline ||
        statusOf(state) !== AgentStatus.AGENT_STATUS_OFFLINE ||
        (state.conversationIds?.length ?? 0) > 0,
    )
    .sort(
      (a, b) =>
        RANK[statusOf(a)] - RANK[statusOf(b)] ||
        (b.overdue ?? 0) - (a.overdue ?? 0) ||
        byName.compare(a.agent?.name ?? '', b.agent?.name ?? ''),
    );

/** Queues by name, the default one first. */
export const queueRows = (queues: Iterable<QueueState>): QueueState[] =>
  [...queues].sort(
    (a, b) =>
      Number(b.queue?.isDefault ?? false) - Number(a.queue?.isDefault ?? false) ||
      byName.compare(a.queue?.name ?? '', b.queue?.name ?? ''),
  );

/** The chats that wait, longest first. */
export const waitingRows = ({ rows, lists }: Inbox): Row[] =>
  [...(lists.queue ?? [])]
    .flatMap((id) => rows.get(id) ?? [])
    .filter(({ state }) => state === ConversationState.CONVERSATION_STATE_QUEUED)
    .sort((a, b) => Date.parse(a.queuedSince ?? '') - Date.parse(b.queuedSince ?? ''));

/** The wall's numbers over all queues. `oldest`: entry of the chat that waits longest, ms; 0 when none waits. */
export interface WallTotals {
  readonly waiting: number;
  readonly oldest: number;
  readonly active: number;
  readonly available: number;
  readonly online: number;
  readonly overdue: number;
}

export const wallTotals = (queues: Iterable<QueueState>, agents: Iterable<AgentState>): WallTotals => {
  const [all, people] = [[...queues], [...agents]];
  const entries = all.flatMap(({ waiting, oldestEnteredAt }) =>
    waiting && oldestEnteredAt ? [Date.parse(oldestEnteredAt)] : [],
  );
  const statuses = people.map(statusOf);
  return {
    waiting: all.reduce((sum, { waiting = 0 }) => sum + waiting, 0),
    oldest: entries.length > 0 ? Math.min(...entries) : 0,
    active: people.reduce((sum, { conversationIds = [] }) => sum + conversationIds.length, 0),
    available: statuses.filter((status) => status === AgentStatus.AGENT_STATUS_AVAILABLE).length,
    online: statuses.filter((status) => status !== AgentStatus.AGENT_STATUS_OFFLINE).length,
    overdue: people.reduce((sum, { overdue = 0 }) => sum + overdue, 0),
  };
};

/** Today's figures by queue id. */
export type QueueFigures = ReadonlyMap<string, analytics.Figures>;

export const figuresByKey = (rows: readonly analytics.ReportRow[]): QueueFigures =>
  new Map(rows.map(({ key = '', figures = {} }) => [key, figures]));

/** A chat on its way to somebody, as it is dragged or chosen. */
export interface Moving {
  readonly conversationId: string;
  readonly name: string;
  /** The agent who has it; empty while it waits. */
  readonly agentId: string;
  readonly queueId: string;
}

export type Destination =
  { readonly kind: 'agent'; readonly id: string } | { readonly kind: 'queue'; readonly id: string };

/** Whether moving a chat there changes anything. */
export const mayMove = (chat: Moving, to: Destination): boolean =>
  to.kind === 'agent' ? to.id !== chat.agentId : chat.agentId !== '' || to.id !== chat.queueId;
