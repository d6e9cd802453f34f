import { analytics, conversation } from '@parley/contracts';
import type { ConversationFact } from './facts.js';

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
  if (fact.closedAt === undefined) return OUTCOME_WAITING;
  if (fact.closeReason === CLOSE_REASON_MESSAGE_TAKEN) return OUTCOME_MESSAGE_TAKEN;
  if (fact.closeReason === CLOSE_REASON_ABANDONED || fact.closeReason === CLOSE_REASON_VISITOR_ENDED)
    return OUTCOME_ABANDONED;
  return OUTCOME_FLOWED_OUT;
};

/**
 * Seconds from entering the queue until the answer, or until the visitor was gone, without the time in which it was
 * closed; undefined while it waits.
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
