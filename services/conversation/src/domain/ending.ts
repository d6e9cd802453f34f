import { conversation } from '@parley/contracts';
import { failedPrecondition, invalidArgument } from '@parley/kernel';
import type { Close, Expire, Reopen, VisitorLeft } from './commands.js';
import { closed, queueEntered, transferEnds } from './facts.js';
import { goneWithoutMessage } from './messages-taken.js';
import {
  happened,
  inCharge,
  mayKnow,
  notAParticipant,
  nothing,
  refuse,
  standsAbove,
  type Decision,
  type Policy,
} from './rules.js';
import { isOpen, type State } from './state.js';

const { CloseReason } = conversation;

const AGENT_REASONS: readonly conversation.CloseReason[] = [
  CloseReason.CLOSE_REASON_RESOLVED,
  CloseReason.CLOSE_REASON_UNRESOLVED,
  CloseReason.CLOSE_REASON_SPAM,
];

/** A visitor without a socket for this long has left, ms. */
const LEFT_AFTER_MS = 60_000;

/** A bot's visitor does not wait for anybody: going is no abandoning. */
const endedByVisitor = (state: State): conversation.CloseReason =>
  state.answered || state.status === conversation.ConversationState.CONVERSATION_STATE_BOT
    ? CloseReason.CLOSE_REASON_VISITOR_ENDED
    : CloseReason.CLOSE_REASON_ABANDONED;

/** By either side. Closing what is closed changes nothing: both may press at once. */
export const close = (state: State, { by, now, reason, address }: Close): Decision => {
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  if (!isOpen(state)) return nothing;
  if (by.role === 'visitor')
    return happened(
      by,
      now,
      ...(goneWithoutMessage(state, address, now, now) ?? [
        ...transferEnds(state),
        closed(endedByVisitor(state), now),
      ]),
    );
  if (!standsAbove(by) && !inCharge(state, by)) return refuse(notAParticipant());
  const chosen = reason || CloseReason.CLOSE_REASON_RESOLVED;
  if (!AGENT_REASONS.includes(chosen))
    return refuse(invalidArgument('reason', 'choose resolved, unresolved or spam.'));
  return happened(by, now, ...transferEnds(state), closed(chosen, now));
};

/**
 * Waiting for an answer, they gave up: it is over, dated at the last contact. What was answered before it was reopened is
 * no abandonment. Otherwise the chat stays open for their return.
 */
export const visitorLeft = (state: State, { by, now, lastContactAt, address }: VisitorLeft): Decision => {
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  const cameBack = state.visitorActiveAt > lastContactAt && state.visitorActiveAt > state.startedAt;
  if (!isOpen(state) || cameBack) return nothing;
  const effectiveAt = Math.min(now, Math.max(state.openedAt, lastContactAt));
  const withoutMessage = goneWithoutMessage(state, address, now, effectiveAt);
  if (withoutMessage) return happened(by, now, ...withoutMessage);
  if (!state.awaited) return nothing;
  return happened(by, now, ...transferEnds(state), closed(endedByVisitor(state), effectiveAt));
};

/**
 * When to look whether the visitor is there at all, ms: their gateway may have died before it told anybody of their
 * socket. Undefined when nobody waits, or when the visitor needs no socket (a chat that somebody else opened for them, or
 * one through the API).
 */
export const missedAt = (state: State): number | undefined =>
  isOpen(state) &&
  state.awaited &&
  state.openedByVisitor &&
  state.channel === conversation.Channel.CHANNEL_WEB_CHAT
    ? state.visitorActiveAt + LEFT_AFTER_MS
    : undefined;

/** When the conversation expires if nobody writes, ms; undefined when it is not open. */
export const expiresAt = (policy: Policy, state: State): number | undefined =>
  isOpen(state) ? state.activeAt + (state.parkedBy ? policy.parkedCloseMs : policy.idleCloseMs) : undefined;

/** Closes a conversation in which nobody wrote for long; too early, it does nothing. */
export const expire = (policy: Policy, state: State, { by, now, address }: Expire): Decision => {
  const due = expiresAt(policy, state);
  if (due === undefined || now < due) return nothing;
  const withoutMessage = goneWithoutMessage(state, address, now, now);
  if (withoutMessage) return happened(by, now, ...withoutMessage);
  return happened(by, now, ...transferEnds(state), closed(CloseReason.CLOSE_REASON_EXPIRED, now));
};

/** Back to its queue, within the window after closing. */
export const reopen = (policy: Policy, state: State, { by, now }: Reopen): Decision => {
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  if (isOpen(state)) return nothing;
  if (by.role === 'agent' && state.agentIds.length > 0 && !state.agentIds.includes(by.actor.id))
    return refuse(notAParticipant());
  if (now > state.closedAt + policy.afterCloseMs)
    return refuse(
      failedPrecondition(
        'REOPEN_WINDOW_OVER',
        'It was closed too long ago to go on: start a new conversation.',
      ),
    );
  if (state.erasedUpTo > 0)
    return refuse(
      failedPrecondition('CONTENT_ERASED', 'Its content was erased: start a new conversation instead.'),
    );
  if (by.role === 'visitor' && state.closeReason === CloseReason.CLOSE_REASON_SPAM)
    return refuse(
      failedPrecondition('REOPEN_NOT_ALLOWED', 'This conversation cannot be reopened: start a new one.'),
    );
  return happened(
    by,
    now,
    { $case: 'reopened', value: { agentId: '' } },
    queueEntered(state.queueId, conversation.QueueEntered_Reason.REASON_REOPENED),
  );
};
