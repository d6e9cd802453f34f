import { routing } from '@parley/contracts';
import { failsafeMs, leavesAt } from './chats.js';
import { advance, overflow, overflowOf } from './decide-targets.js';
import type { Decision } from './decision.js';
import { withoutSkills } from './routes.js';
import type { Chat, RoutingState } from './state.js';

const Action = routing.FailsafeAction;
const Cause = routing.TargetEntered_Cause;
const { REASON_WAITED_TOO_LONG, REASON_FAILSAFE } = routing.OverflowReached_Reason;
const Preference = routing.PreferenceEnded_Reason;

/** Carries out what is due for a chat that nobody has taken: the first of what is, the rest with the next call. */
export const chatIsDue = (decision: Decision, conversationId: string): void => {
  const { state, now } = decision;
  const chat = state.chats.get(conversationId);
  if (!chat) return;
  if (chat.phase === 'waiting') {
    if (chat.preferredAgentId && chat.preferredUntil <= now)
      return endPreference(decision, chat, Preference.REASON_TIMED_OUT);
    if (leavesAt(state, chat) <= now) return leave(decision, chat);
  }
  if (chat.failsafeAt <= now) failsafe(decision, chat);
};

/** From now on the chat is everybody's. */
export const endPreference = (
  decision: Decision,
  chat: Chat,
  reason: routing.PreferenceEnded_Reason,
): void => {
  const { id: conversationId, preferredAgentId: agentId } = chat;
  if (!agentId) return;
  decision.emit({ $case: 'preferenceEnded', value: { conversationId, agentId, reason } });
  decision.touchChat(conversationId);
};

const leave = (decision: Decision, chat: Chat): void => {
  const { state, now } = decision;
  const queue = state.queues.get(chat.queueId);
  const limit = queue?.config.maxWaitSeconds ?? 0;
  if (limit > 0 && chat.enteredAt + limit * 1000 <= now)
    return overflow(decision, chat, overflowOf(decision, chat), REASON_WAITED_TOO_LONG);
  const closed = queue !== undefined && !queue.open && !chat.preferredAgentId;
  advance(decision, chat, closed ? Cause.CAUSE_QUEUE_CLOSED : Cause.CAUSE_TIMED_OUT);
};

/**
 * The chat has not been acknowledged for too long: what its queue says is done about it, and again each time as long
 * passes. One that rings with an agent is not taken from them: its visitor is told.
 */
const failsafe = (decision: Decision, chat: Chat): void => {
  const { state, now } = decision;
  const queue = state.queues.get(chat.queueId);
  const action = chat.phase === 'waiting' ? actionOf(state, chat) : Action.FAILSAFE_ACTION_TELL;
  const moves = action === Action.FAILSAFE_ACTION_MOVE;
  const queueId = moves ? (queue?.config.failsafeQueueId ?? '') : '';
  const nextAt = new Date(now + failsafeMs(moves ? state.queues.get(queueId) : queue));
  decision.emit({
    $case: 'failsafeActed',
    value: { conversationId: chat.id, action, times: chat.failsafeTimes + 1, queueId, nextAt },
  });
  if (action === Action.FAILSAFE_ACTION_OVERFLOW)
    return overflow(decision, chat, overflowOf(decision, chat), REASON_FAILSAFE);
  if (moves) move(decision, chat, queueId, Cause.CAUSE_FAILSAFE);
};

const actionOf = (state: RoutingState, { queueId }: Chat): routing.FailsafeAction => {
  const { failsafeAction = 0, failsafeQueueId = '' } = state.queues.get(queueId)?.config ?? {};
  if (failsafeAction === Action.FAILSAFE_ACTION_MOVE) {
    const to = state.queues.get(failsafeQueueId);
    // Nowhere to go at this time of day: at least they are told.
    return to?.open && failsafeQueueId !== queueId ? failsafeAction : Action.FAILSAFE_ACTION_TELL;
  }
  return failsafeAction || Action.FAILSAFE_ACTION_TELL;
};

/** Sends a waiting chat to another queue, out of its workflow, with its age. The skills were the other queue's. */
export const move = (
  decision: Decision,
  chat: Chat,
  queueId: string,
  cause: routing.TargetEntered_Cause,
): void => {
  endPreference(decision, chat, Preference.REASON_MOVED);
  const { id: conversationId, priority, requirements, workflowVersion, filter } = chat;
  const targets = decision.state.workflows.get(workflowVersion)?.filters[filter - 1]?.targets.length ?? 0;
  decision.emit({
    $case: 'targetEntered',
    value: {
      conversationId,
      target: targets,
      queueId,
      requirements: withoutSkills(requirements),
      priority,
      until: undefined,
      skipped: [],
      cause,
    },
  });
  decision.touchChat(conversationId);
};
