import { routing } from '@parley/contracts';
import { invalidArgument } from '@parley/kernel';
import { ensureDefaultQueue } from './decide-config.js';
import { rescind } from './decide-offers.js';
import type { Decision, Refusal } from './decision.js';
import type { Chat, RoutingState } from './state.js';

const Ended = routing.AssignmentEnded_Reason;

/** Offer ids are made of the conversation's id and a number, and must stay ids themselves. */
const LONGEST_ID = 44;

const isHistory = (state: RoutingState, conversationId: string, version: number): boolean =>
  version <= (state.chats.get(conversationId)?.sourceVersion ?? state.ended.get(conversationId) ?? -1);

/** Lets a conversation wait. What is not newer than what is known of it changes nothing. */
export const enqueue = (decision: Decision, entry: routing.ConversationEnqueued): Refusal => {
  const { state } = decision;
  const { conversationId } = entry;
  if (conversationId.length > LONGEST_ID)
    return invalidArgument('entry.conversationId', `must have ${LONGEST_ID} characters at most`);
  if (isHistory(state, conversationId, entry.sourceVersion)) return undefined;
  const known = state.chats.get(conversationId);
  if (known?.phase === 'offered') rescind(decision, known, routing.OfferRescinded_Reason.REASON_REQUEUED);
  if (known?.phase === 'active') endAssignment(decision, known, Ended.REASON_AGENT_LEFT, 0);
  const queueId = state.queues.has(entry.queueId) ? entry.queueId : ensureDefaultQueue(decision);
  decision.emit({
    $case: 'conversationEnqueued',
    value: {
      ...entry,
      queueId,
      weight: entry.weight || 1,
      enteredAt: entry.enteredAt ?? new Date(decision.now),
    },
  });
  decision.touchChat(conversationId);
  return undefined;
};

interface End {
  readonly conversationId: string;
  readonly reason: routing.AssignmentEnded_Reason;
  readonly agentId: string;
  readonly sourceVersion: number;
}

/** Ends what routing holds for a conversation: its place in the queue, its offer, its agent's capacity. */
export const endConversation = (decision: Decision, end: End): undefined => {
  const { state } = decision;
  const { conversationId, reason, agentId, sourceVersion } = end;
  if (sourceVersion > 0 && isHistory(state, conversationId, sourceVersion)) return;
  const chat = state.chats.get(conversationId);
  if (agentId || reason === Ended.REASON_AGENT_LEFT) {
    const theirs = chat?.phase === 'active' && (!agentId || chat.agentId === agentId);
    if (theirs) endAssignment(decision, chat, reason, sourceVersion);
    return;
  }
  if (!chat || chat.phase === 'detached') {
    if (chat || sourceVersion > 0)
      decision.emit({ $case: 'conversationEndRecorded', value: { conversationId, sourceVersion } });
    return;
  }
  if (chat.phase === 'active') return endAssignment(decision, chat, reason, sourceVersion);
  if (chat.phase === 'offered')
    rescind(decision, chat, routing.OfferRescinded_Reason.REASON_CONVERSATION_ENDED);
  decision.emit({
    $case: 'conversationDequeued',
    value: {
      conversationId,
      queueId: chat.queueId,
      reason: routing.ConversationDequeued_Reason.REASON_CLOSED,
      sourceVersion,
    },
  });
};

const endAssignment = (
  decision: Decision,
  chat: Chat,
  reason: routing.AssignmentEnded_Reason,
  sourceVersion: number,
): undefined => {
  const { id: conversationId, agentId, weight, queueId } = chat;
  const agent = decision.state.agents.get(agentId);
  decision.emit({ $case: 'assignmentEnded', value: { conversationId, agentId, reason, sourceVersion } });
  decision.touchAgent(agent);
  const seconds = decision.state.queues.get(queueId)?.config.wrapUpSeconds ?? 0;
  if (reason !== Ended.REASON_CLOSED || seconds === 0) return;
  if (agent?.wrapUps.has(conversationId))
    decision.emit({ $case: 'wrapUpEnded', value: { conversationId, agentId } });
  const until = new Date(decision.now + seconds * 1000);
  decision.emit({ $case: 'wrapUpStarted', value: { conversationId, agentId, until, weight } });
};
