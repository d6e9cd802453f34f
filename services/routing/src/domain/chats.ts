import type { routing } from '@parley/contracts';
import { dropLane, laneOf, readmit, stopWaiting, wait } from './indexes.js';
import { ENDED_KEPT, type Chat, type QueueEntry, type RoutingState } from './state.js';

/** The queue that takes chats which name none that exists; undefined while the domain has no queue. */
export const defaultQueue = (state: RoutingState): QueueEntry | undefined => {
  for (const queue of state.queues.values()) if (queue.config.isDefault) return queue;
  return undefined;
};

/** Lets a chat wait as the event says; one that is known keeps the agents it is not to be offered to. */
export const enqueue = (state: RoutingState, entry: routing.ConversationEnqueued, time: number): void => {
  const known = state.chats.get(entry.conversationId);
  if (known) leaveQueue(state, known);
  const chat: Chat = {
    id: entry.conversationId,
    phase: 'waiting',
    queueId: entry.queueId,
    weight: entry.weight,
    priority: entry.priority,
    enteredAt: entry.enteredAt?.getTime() ?? time,
    seq: state.version,
    sourceVersion: entry.sourceVersion,
    contactId: entry.contactId,
    lastAgentId: entry.lastAgentId,
    language: entry.language,
    topic: entry.topic,
    pageUrl: entry.pageUrl,
    offerId: '',
    agentId: '',
    expiresAt: 0,
    acceptedAt: 0,
    excluded: known?.excluded ?? new Map<string, number>(),
  };
  state.chats.set(chat.id, chat);
  state.ended.delete(chat.id);
  state.queues.get(chat.queueId)?.line.add(chat);
  wait(state, chat);
};

/** Forgets a chat; the caller has freed what an agent held for it. */
export const removeChat = (state: RoutingState, chat: Chat): void => {
  leaveQueue(state, chat);
  for (const agentId of [...chat.excluded.keys()]) {
    const agent = state.agents.get(agentId);
    if (agent) readmit(state, chat, agent);
  }
  state.chats.delete(chat.id);
};

const leaveQueue = (state: RoutingState, chat: Chat): void => {
  state.queues.get(chat.queueId)?.line.delete(chat);
  if (chat.phase === 'waiting') stopWaiting(state, chat);
};

/** Remembers at which version a conversation ended; the oldest are forgotten beyond ENDED_KEPT. */
export const remember = (state: RoutingState, conversationId: string, version: number): void => {
  state.ended.delete(conversationId);
  state.ended.set(conversationId, version);
  if (state.ended.size <= ENDED_KEPT) return;
  for (const oldest of state.ended.keys()) {
    state.ended.delete(oldest);
    return;
  }
};

/** Removes a queue; whatever is in it goes on in the default queue, with its place by age. */
export const moveQueue = (state: RoutingState, queueId: string): void => {
  const from = state.queues.get(queueId);
  if (!from) return;
  state.queues.delete(queueId);
  const to = defaultQueue(state);
  if (!to) return;
  const target = to.config.queueId;
  for (const chat of state.chats.values()) {
    if (chat.queueId !== queueId) continue;
    const { phase } = chat;
    if (phase === 'waiting') stopWaiting(state, chat);
    chat.queueId = target;
    if (phase === 'waiting' || phase === 'offered') to.line.add(chat);
    if (phase === 'waiting') laneOf(state, chat).waiting.add(chat);
  }
  to.active += from.active;
  const lane = state.lanes.get(queueId);
  if (lane) dropLane(state, lane);
};
