import { conversation } from '@parley/contracts';
import { failedPrecondition, invalidArgument, type ApiError } from '@parley/kernel';
import type { LeaveMessage, RequestMessage } from './care-commands.js';
import type { Fact } from './events.js';
import { closed, identified, messageSent } from './facts.js';
import type { Address } from './given.js';
import { happened, mayAct, mayKnow, nothing, refuse, type Decision } from './rules.js';
import { isCurrent, type State } from './state.js';
import { sameId, wrongOrder } from './repetition.js';

const { ConversationState: Status, CloseReason, MessageRequested_Reason: Reason } = conversation;

const dateOf = (ms: number): Date | undefined => (ms > 0 ? new Date(ms) : undefined);

/** The chat ends and a follow-up begins. `replyBy`: what is promised, ms; 0 when nothing is. */
export const messageTaken = (queueId: string, replyBy: number, now: number): readonly Fact[] => [
  { $case: 'messageTaken', value: { queueId, replyBy: dateOf(replyBy) } },
  closed(CloseReason.CLOSE_REASON_MESSAGE_TAKEN, now),
];

export const nothingWritten = (): ApiError =>
  invalidArgument('text', 'write the message that is to be answered.');

/** Nobody will take the chat now: the visitor is asked for a message. Nothing when it does not wait any more. */
export const requestMessage = (state: State, command: RequestMessage): Decision => {
  const { by, now, reason, replyBy, opensAt, queueVersion } = command;
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  if (state.status !== Status.CONVERSATION_STATE_QUEUED && state.status !== Status.CONVERSATION_STATE_BOT)
    return nothing;
  if (!isCurrent(state, queueVersion)) return nothing;
  return happened(by, now, {
    $case: 'messageRequested',
    value: { reason, replyBy: dateOf(replyBy), opensAt: dateOf(opensAt) },
  });
};

/** True when the visitor has written something that can still be read. */
const hasWritten = (state: State): boolean => state.visitorWrote > state.erasedUpTo;

/** The visitor leaves a message, asked for one or weary of waiting. */
export const leaveMessage = (state: State, command: LeaveMessage): Decision => {
  const { by, now, messageId, text, name, email, clientSeq } = command;
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  const same = sameId(state, by, messageId);
  if (same) return same;
  const closedAlready = mayAct(state, by);
  if (closedAlready) return refuse(closedAlready);
  const asked = state.status === Status.CONVERSATION_STATE_TAKING_MESSAGE;
  if (!asked && state.status !== Status.CONVERSATION_STATE_QUEUED)
    return refuse(
      failedPrecondition('AGENT_IN_CHAT', 'Somebody is in this chat: write to them instead (SendMessage).'),
    );
  if (!text.trim() && !hasWritten(state)) return refuse(nothingWritten());
  const disordered = text.trim() ? wrongOrder(state, by, clientSeq) : undefined;
  if (disordered) return disordered;
  const replyBy = (asked && state.replyBy) || command.replyBy;
  const facts: Fact[] = [];
  if (!asked)
    facts.push({
      $case: 'messageRequested',
      value: { reason: Reason.REASON_VISITOR, replyBy: dateOf(replyBy), opensAt: undefined },
    });
  if (name || email) facts.push(identified(name, email, '', false));
  if (text.trim()) facts.push(messageSent(messageId, text, clientSeq));
  return happened(by, now, ...facts, ...messageTaken(state.queueId, replyBy, now));
};

/** Facts that say where to answer, when the log does not. */
export const addressed = (address: Address | undefined): readonly Fact[] =>
  address && !address.recorded ? [identified(address.name, address.email, '', false)] : [];

/**
 * How a conversation ends whose visitor was asked for a message and goes without leaving one: with what they wrote as
 * the message when it can be answered, else abandoned. Undefined when they were not asked.
 */
export const goneWithoutMessage = (
  state: State,
  address: Address | undefined,
  now: number,
  effectiveAt: number,
): readonly Fact[] | undefined => {
  if (state.status !== Status.CONVERSATION_STATE_TAKING_MESSAGE) return undefined;
  if (!address || !hasWritten(state)) return [closed(CloseReason.CLOSE_REASON_ABANDONED, effectiveAt)];
  return [...addressed(address), ...messageTaken(state.queueId, state.replyBy, now)];
};
