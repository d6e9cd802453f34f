import { analytics, conversation } from '@parley/contracts';
import type { ConversationFact, QueueEntry } from './fact.js';

/** An abandonment after at most this long says more about the visitor than about the waiting. */
export const SHORT_ABANDON_SECONDS = 5;
/** A conversion counts for a chat when it comes at most this long after its end. */
export const CONVERSION_WINDOW_MS = 24 * 3_600_000;

const { CLOSE_REASON_MESSAGE_TAKEN, CLOSE_REASON_ABANDONED, CLOSE_REASON_VISITOR_ENDED } =
  conversation.CloseReason;
const {
  OUTCOME_UNSPECIFIED,
  OUTCOME_ANSWERED,
  OUTCOME_ABANDONED,
  OUTCOME_FLOWED_OUT,
  OUTCOME_MESSAGE_TAKEN,
  OUTCOME_WAITING,
} = analytics.Fact_Outcome;

/** What became of an offered chat: exactly one of five, so that they add up. Unspecified when it entered no queue. */
export const outcomeOf = (fact: ConversationFact): analytics.Fact_Outcome => {
  if (fact.enteredAt === undefined) return OUTCOME_UNSPECIFIED;
  if (fact.answeredAt !== undefined) return OUTCOME_ANSWERED;
  // A bot has it, or had it at the end.
  if (fact.entries.at(-1)?.leftAt !== undefined) return OUTCOME_FLOWED_OUT;
  return ending(fact);
};

/** What became of it in one queue: exactly one of the five, too. */
export const outcomeOfEntry = (fact: ConversationFact, entry: QueueEntry): analytics.Fact_Outcome => {
  if (entry.answeredAt !== undefined) return OUTCOME_ANSWERED;
  return entry.leftAt === undefined ? ending(fact) : OUTCOME_FLOWED_OUT;
};

/** Seconds in one queue until the answer, leaving it, or the end; undefined while it waits. */
export const waitSecondsOf = (fact: ConversationFact, entry: QueueEntry): number | undefined => {
  const end = entry.answeredAt ?? entry.leftAt ?? fact.closedAt;
  return end === undefined ? undefined : Math.max(0, end - entry.from - entry.closedMs) / 1000;
};

const ending = (fact: ConversationFact): analytics.Fact_Outcome => {
  if (fact.closedAt === undefined) return OUTCOME_WAITING;
  if (fact.closeReason === CLOSE_REASON_MESSAGE_TAKEN) return OUTCOME_MESSAGE_TAKEN;
  if (fact.closeReason === CLOSE_REASON_ABANDONED || fact.closeReason === CLOSE_REASON_VISITOR_ENDED)
    return OUTCOME_ABANDONED;
  return OUTCOME_FLOWED_OUT;
};

/**
 * Seconds from entering the first queue until the answer, or until the visitor was gone, without the time in which it
 * was closed or with a bot; undefined while it waits.
 */
export const waitSeconds = (fact: ConversationFact): number | undefined => {
  const end = fact.answeredAt ?? fact.closedAt;
  return fact.enteredAt === undefined || end === undefined
    ? undefined
    : Math.max(0, end - fact.enteredAt - fact.closedMs) / 1000;
};

/** Seconds of agents' work on it: their time in the chat and the wrap-up after it. */
export const handleSeconds = (fact: ConversationFact, wrapUpMs: number): number =>
  fact.segments.reduce((sum, { from, to }) => sum + (to === undefined ? 0 : to - from), wrapUpMs) / 1000;

/** Answered by the promised time; false while it is not answered. */
export const isAnsweredInTime = ({ messageAnsweredAt, replyBy }: ConversationFact): boolean =>
  messageAnsweredAt !== undefined && (replyBy === 0 || messageAnsweredAt <= replyBy);

/** Handled: it was offered, an agent answered it, and it is over. */
export const isHandled = (fact: ConversationFact): boolean =>
  fact.enteredAt !== undefined && fact.answeredAt !== undefined && fact.closedAt !== undefined;

/** Converted within 24 h of its end. */
export const isConverted = (fact: ConversationFact): boolean =>
  fact.closedAt !== undefined &&
  fact.convertedAt !== undefined &&
  fact.convertedAt <= fact.closedAt + CONVERSION_WINDOW_MS;

/** It ended on a visitor's message that nobody answered, after it had been answered before. */
export const isDropped = (fact: ConversationFact): boolean =>
  fact.closedAt !== undefined && fact.answeredAt !== undefined && fact.unansweredSince !== undefined;

/** A contact who comes back within this time had not been helped at the first contact. */
export const FCR_WINDOW_MS = 7 * 24 * 3_600_000;

/** Closed as resolved and never reopened; whether the contact came back otherwise only other facts can tell. */
export const isResolvedAtOnce = (fact: ConversationFact): boolean =>
  fact.closedAt !== undefined &&
  fact.closeReason === conversation.CloseReason.CLOSE_REASON_RESOLVED &&
  fact.reopened === 0;
