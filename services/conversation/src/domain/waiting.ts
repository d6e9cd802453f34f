import { conversation } from '@parley/contracts';
import { failedPrecondition } from '@parley/kernel';
import type { BotIsSilent, HandToBot, HandToPeople, Inform, ShowEstimate } from './care-commands.js';
import { queueEntered } from './facts.js';
import { happened, mayAct, mayKnow, nothing, refuse, type Decision, type Policy } from './rules.js';
import { isCurrent, isOpen, type State } from './state.js';

const { ConversationState: Status } = conversation;
/** What is told because the queue is another one. */
const OF_QUEUES: ReadonlySet<conversation.VisitorInformed_Next> = new Set([
  conversation.VisitorInformed_Next.NEXT_MOVED,
  conversation.VisitorInformed_Next.NEXT_PLACED,
]);

/** What the visitor was told about waiting; nothing once they do not wait any more. */
export const showEstimate = (state: State, { by, now, shown }: ShowEstimate): Decision => {
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  if (state.status !== Status.CONVERSATION_STATE_QUEUED) return nothing;
  return happened(by, now, { $case: 'waitEstimateShown', value: shown });
};

/** What happens next, said to the visitor; nothing once it is over or, of waiting, once they do not wait any more. */
export const inform = (state: State, { by, now, informed }: Inform): Decision => {
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  const held = informed.next === conversation.VisitorInformed_Next.NEXT_AGENT_HELD;
  const concerns = held ? state.agentIds.length > 0 : state.status === Status.CONVERSATION_STATE_QUEUED;
  if (!isOpen(state) || !concerns) return nothing;
  // The stage of waiting may be in the queue it is in anyway.
  if (OF_QUEUES.has(informed.next) && informed.queueId === state.queueId) return nothing;
  return happened(by, now, { $case: 'visitorInformed', value: informed });
};

/** The workflow gives a waiting chat to a bot; nothing when it does not wait any more. */
export const handToBot = (state: State, { by, now, queueVersion }: HandToBot): Decision => {
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  if (state.status !== Status.CONVERSATION_STATE_QUEUED || !isCurrent(state, queueVersion)) return nothing;
  return happened(by, now, { $case: 'handedToBot', value: { botId: '' } });
};

/** When a bot has left its visitor without an answer for too long, ms; undefined when it owes none. */
export const botSilentAt = (policy: Policy, { status, botAwaitedSince }: State): number | undefined =>
  status === Status.CONVERSATION_STATE_BOT && botAwaitedSince > 0
    ? botAwaitedSince + policy.botReplyMs
    : undefined;

/**
 * A bot that does not answer, as when there is none, has the chat no more: its visitor is asked for a message. Too early,
 * it does nothing.
 */
export const botIsSilent = (policy: Policy, state: State, { by, now, replyBy }: BotIsSilent): Decision => {
  const due = botSilentAt(policy, state);
  if (due === undefined || now < due) return nothing;
  const reason = conversation.MessageRequested_Reason.REASON_FAILSAFE;
  const value = { reason, replyBy: replyBy > 0 ? new Date(replyBy) : undefined, opensAt: undefined };
  return happened(by, now, { $case: 'messageRequested', value });
};

/** A bot hands its conversation to people. Nothing when it waits for them already. */
export const handToPeople = (state: State, { by, now, queueId }: HandToPeople): Decision => {
  const refused = mayAct(state, by);
  if (refused) return refuse(refused);
  if (state.status === Status.CONVERSATION_STATE_QUEUED) return nothing;
  if (state.status !== Status.CONVERSATION_STATE_BOT)
    return refuse(
      failedPrecondition('NOT_WITH_BOT', 'The conversation is not with a bot: people have it already.'),
    );
  const reason = conversation.QueueEntered_Reason.REASON_BOT_HANDOVER;
  return happened(by, now, queueEntered(queueId || state.queueId, reason));
};
