import type { routing } from '@parley/contracts';
import { wordsFor } from './reasons.js';
import {
  freeOf,
  isFree,
  isInLine,
  isOpen,
  seenSince,
  slackOf,
  statusOf,
  type Agent,
  type Chat,
  type PendingOffer,
  type QueueEntry,
  type RoutingState,
} from './state.js';
import { pendingOf } from './withdraw.js';

/** A queue with its figures at this moment; without an estimate, which is not the engine's. */
export const queueState = (queue: QueueEntry): routing.QueueState => {
  const { config, line, ages, agents, active, available, free, open, hoursUntil } = queue;
  const oldest = ages.first();
  return {
    queue: config,
    waiting: line.size,
    oldestEnteredAt: oldest ? new Date(oldest.enteredAt) : undefined,
    agentsAvailable: available,
    freeCapacity: free,
    freeAgents: freeAmong(agents),
    active,
    open,
    hoursChangeAt: hoursUntil ? new Date(hoursUntil) : undefined,
    estimate: undefined,
  };
};

/** Who serves the queues, all of them as one; whoever can be offered a chat serves one. */
export const staffState = ({ free }: RoutingState): routing.StaffState => ({ freeAgents: freeAmong(free) });

// Counted, not kept: a team that fills up changes all its members at once.
const freeAmong = (agents: Iterable<Agent>): number => {
  let count = 0;
  for (const agent of agents) if (isFree(agent)) count++;
  return count;
};

/** Every queue with its figures, in the order they were made. */
export const listQueues = (state: RoutingState): routing.QueueState[] =>
  [...state.queues.values()].map(queueState);

/** Every configured agent with what they hold. */
export const listAgents = (state: RoutingState): routing.AgentState[] =>
  [...state.agents.values()].filter((agent) => agent.config).map(agentState);

/** An agent with what they hold. */
export const agentState = (agent: Agent): routing.AgentState => ({
  agent: agent.config,
  status: statusOf(agent),
  online: agent.online,
  used: agent.used,
  conversationIds: [...agent.chats],
  pendingOffers: agent.offers.size,
  inWrapUp: agent.wrapUps.size,
  wrapUps: [...agent.wrapUps].map(([conversationId, { until }]) => ({
    conversationId,
    until: new Date(until),
  })),
  idleSince: new Date(agent.idleSince),
  statusSince: new Date(seenSince(agent)),
  capacity: agent.capacity,
  overdue: agent.overdue.size,
  shifts: agent.shifts,
  freeCapacity: isOpen(agent) ? Math.min(freeOf(agent), slackOf(agent.team)) : 0,
});

/** Where a chat stands in its queue: 1 is next; 0 when it is not in one. An offered chat keeps its place. */
export const position = (state: RoutingState, conversationId: string): routing.GetQueuePositionResponse => {
  const chat = state.chats.get(conversationId);
  if (!isInLine(chat)) return { position: 0, queueId: '', enteredAt: undefined, estimate: undefined };
  const { queueId, enteredAt } = chat;
  const rank = state.queues.get(queueId)?.line.rank(chat) ?? 0;
  return { position: rank + 1, queueId, enteredAt: new Date(enteredAt), estimate: undefined };
};

/** The pending offers of an agent, the one that expires first in front. */
export const offersOf = (state: RoutingState, agentId: string): routing.Offer[] => {
  const agent = state.agents.get(agentId);
  if (!agent) return [];
  return pendingOf(state, agent)
    .sort((a, b) => a.offer.expiresAt - b.offer.expiresAt)
    .map(({ chat, offer }) => offerView(state, chat, offer));
};

/** An offer as the agent sees it. */
export const offerView = (state: RoutingState, chat: Chat, offer: PendingOffer): routing.Offer => {
  const { transfer } = chat;
  const transferred = transfer !== undefined && transfer.id === offer.transferId;
  return {
    offerId: offer.id,
    conversationId: chat.id,
    agentId: offer.agentId,
    queueId: chat.queueId,
    queueName: state.queues.get(chat.queueId)?.config.name ?? chat.queueId,
    expiresAt: new Date(offer.expiresAt),
    waitingSince: new Date(chat.enteredAt),
    contactId: chat.contactId,
    topic: chat.topic,
    pageUrl: chat.pageUrl,
    reasons: offer.reasons.map((code) => wordsFor(state, code)),
    reasonCodes: [...offer.reasons],
    kind: offer.kind,
    autoAccept: offer.autoAccept,
    transferId: offer.transferId,
    fromAgentId: transferred ? transfer.fromAgentId : '',
    warm: transferred && transfer.warm,
    priority: chat.priority,
    others: chat.offers.length - 1,
  };
};

/** Sums for the metrics. */
export interface Totals {
  readonly waiting: number;
  readonly offers: number;
  readonly active: number;
  /** Waiting or offered for longer than the limit. */
  readonly unacknowledged: number;
  /** Agents who hold pending offers beyond their capacity; anything but 0 is a defect. */
  readonly overCapacity: number;
}

/** Sums over the domain; `now` and the limit in ms. */
export const totals = (state: RoutingState, now: number, limitMs: number): Totals => {
  const sums = { waiting: 0, offers: 0, active: 0, unacknowledged: 0, overCapacity: 0 };
  for (const queue of state.queues.values()) {
    sums.waiting += queue.line.size;
    sums.active += queue.active;
  }
  for (const chat of state.chats.values()) {
    if (chat.phase === 'offered') sums.waiting--;
    if (isInLine(chat) && now - chat.enteredAt > limitMs) sums.unacknowledged++;
  }
  for (const agent of state.agents.values()) {
    sums.offers += agent.offers.size;
    if (agent.offers.size > 0 && agent.used > agent.capacity) sums.overCapacity++;
  }
  return sums;
};
