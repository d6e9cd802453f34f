import { routing } from '@parley/contracts';
import {
  failsafeMs,
  placeChat,
  quitLine,
  remember,
  removeChat,
  reschedule,
  stopWaiting,
  wait,
} from './chats.js';
import { MOST_URGENT } from './orders.js';
import { NO_REQUIREMENTS, type Assignment, type RoutingState } from './state.js';

/** The chat has left the queue without an agent; taken over, somebody has it from the next event on. */
export const conversationDequeued = (state: RoutingState, left: routing.ConversationDequeued): void => {
  const chat = state.chats.get(left.conversationId);
  if (chat && left.reason === routing.ConversationDequeued_Reason.REASON_TAKEN_OVER) {
    if (chat.phase === 'waiting') stopWaiting(state, chat);
    quitLine(state, chat);
    chat.phase = 'detached';
    reschedule(state, chat);
    return;
  }
  endRecorded(state, left);
};

/** The conversation is over, as far as routing is concerned. */
export const endRecorded = (
  state: RoutingState,
  { conversationId, sourceVersion }: routing.ConversationEndRecorded,
): void => {
  const chat = state.chats.get(conversationId);
  if (chat) removeChat(state, chat);
  remember(state, conversationId, Math.max(sourceVersion, chat?.sourceVersion ?? 0));
};

export const targetEntered = (state: RoutingState, entered: routing.TargetEntered): void => {
  const chat = state.chats.get(entered.conversationId);
  if (!chat) return;
  const { queueId, priority, requirements = NO_REQUIREMENTS } = entered;
  chat.target = entered.target;
  chat.targetUntil = entered.until?.getTime() ?? 0;
  placeChat(state, chat, { queueId, priority, requirements });
};

export const preferenceEnded = (state: RoutingState, ended: routing.PreferenceEnded): void => {
  const chat = state.chats.get(ended.conversationId);
  if (chat?.preferredAgentId !== ended.agentId) return;
  const { phase } = chat;
  if (phase === 'waiting') stopWaiting(state, chat);
  chat.preferredAgentId = '';
  if (phase === 'waiting') wait(state, chat);
};

export const failsafeActed = (state: RoutingState, acted: routing.FailsafeActed, time: number): void => {
  const chat = state.chats.get(acted.conversationId);
  if (!chat) return;
  const next = acted.nextAt?.getTime() ?? time + failsafeMs(state.queues.get(chat.queueId));
  chat.failsafeTimes = acted.times;
  chat.failsafeAt = next;
  const escalated = acted.action === routing.FailsafeAction.FAILSAFE_ACTION_ESCALATE;
  if (escalated) chat.escalated = true;
  placeChat(state, chat, escalated ? { ...chat, priority: MOST_URGENT } : chat);
};

export const transferRequested = (
  state: RoutingState,
  requested: routing.TransferRequested,
  time: number,
): void => {
  const chat = state.chats.get(requested.conversationId);
  if (!chat) return;
  chat.transfer = {
    id: requested.transferId,
    fromAgentId: requested.fromAgentId,
    toAgentId: requested.toAgentId,
    toQueueId: requested.toQueueId,
    warm: requested.warm,
    expiresAt: requested.expiresAt?.getTime() ?? time,
  };
};

export const transferEnded = (state: RoutingState, ended: routing.TransferEnded): void => {
  const chat = state.chats.get(ended.conversationId);
  const { transfer } = chat ?? {};
  if (!chat || transfer?.id !== ended.transferId) return;
  chat.transfer = undefined;
  if (ended.outcome !== routing.TransferEnded_Outcome.OUTCOME_ACCEPTED) return;
  if (transfer.warm) chat.warm = true;
  else chat.leavingAgentId = leaving(chat.assignments, transfer.fromAgentId);
};

/** Whom a cold transfer replaces: who gave it, or, when a supervisor did, who had it first. */
const leaving = (assignments: readonly Assignment[], fromAgentId: string): string =>
  (assignments.find(({ agentId }) => agentId === fromAgentId) ?? assignments[0])?.agentId ?? '';
