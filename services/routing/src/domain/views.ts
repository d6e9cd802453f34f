import type { routing } from '@parley/contracts';
import { laneOf } from './indexes.js';
import {
  byTurn,
  freeOf,
  isAvailable,
  statusOf,
  type Agent,
  type Chat,
  type QueueEntry,
  type RoutingState,
} from './state.js';

/** A queue with its figures at this moment. */
export const queueState = ({ config, line, agents, active }: QueueEntry): routing.QueueState => {
  let available = 0;
  let free = 0;
  for (const agent of agents)
    if (isAvailable(agent)) {
      available++;
      free += freeOf(agent);
    }
  const oldest = line.first();
  return {
    queue: config,
    waiting: line.size,
    oldestEnteredAt: oldest ? new Date(oldest.enteredAt) : undefined,
    agentsAvailable: available,
    freeCapacity: free,
    active,
  };
};

/** Every queue with its figures, in the order they were made. */
export const listQueues = (state: RoutingState): routing.QueueState[] =>
  [...state.queues.values()].map(queueState);

/** Every configured agent with what they hold. */
export const listAgents = (state: RoutingState): routing.AgentState[] =>
  [...state.agents.values()].filter((agent) => agent.config).map(agentState);

const agentState = (agent: Agent): routing.AgentState => ({
  agent: agent.config,
  status: statusOf(agent),
  online: agent.online,
  used: agent.used,
  conversationIds: [...agent.chats],
  pendingOffers: agent.offers.size,
  inWrapUp: agent.wrapUps.size,
  idleSince: new Date(agent.idleSince),
});

/** Where a chat stands: 1 is next; 0 when it is not waiting or unknown. An offered chat keeps its place. */
export const position = (state: RoutingState, conversationId: string): routing.GetQueuePositionResponse => {
  const chat = state.chats.get(conversationId);
  if (chat?.phase !== 'waiting' && chat?.phase !== 'offered')
    return { position: 0, queueId: '', enteredAt: undefined };
  return {
    position: laneOf(state, chat).waiting.rank(chat) + 1,
    queueId: chat.queueId,
    enteredAt: new Date(chat.enteredAt),
  };
};

/** The pending offers of an agent, the one that expires first in front. */
export const offersOf = (state: RoutingState, agentId: string): routing.Offer[] =>
  [...(state.agents.get(agentId)?.offers ?? [])]
    .map((id) => state.chats.get(id))
    .filter((chat) => chat !== undefined)
    .sort((a, b) => a.expiresAt - b.expiresAt || byTurn(a, b))
    .map((chat) => offerView(state, chat));

/** An offer as the agent sees it. */
export const offerView = (state: RoutingState, chat: Chat): routing.Offer => {
  const queueName = state.queues.get(chat.queueId)?.config.name ?? chat.queueId;
  return {
    offerId: chat.offerId,
    conversationId: chat.id,
    agentId: chat.agentId,
    queueId: chat.queueId,
    queueName,
    expiresAt: chat.expiresAt ? new Date(chat.expiresAt) : undefined,
    waitingSince: new Date(chat.enteredAt),
    contactId: chat.contactId,
    topic: chat.topic,
    pageUrl: chat.pageUrl,
    reasons: [`You serve ${queueName}`, 'You have the most free capacity, and have been idle longest'],
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
  let waiting = 0;
  let active = 0;
  let unacknowledged = 0;
  for (const queue of state.queues.values()) {
    waiting += queue.line.size;
    active += queue.active;
    for (const chat of queue.line) {
      if (now - chat.enteredAt <= limitMs) break;
      unacknowledged++;
    }
  }
  let offers = 0;
  let overCapacity = 0;
  for (const agent of state.agents.values()) {
    offers += agent.offers.size;
    if (agent.offers.size > 0 && agent.used > (agent.config?.capacity ?? 0)) overCapacity++;
  }
  return { waiting: waiting - offers, offers, active, unacknowledged, overCapacity };
};
