import type { RequestContext } from '@parley/kernel';

/** Longer than this neither a dialog nor a message waits for routing's word. */
const ANSWER_WITHIN_MS = 1_500;

/**
 * The caller's context for a question to routing: a third of the caller's time at most, as the command itself has to get
 * into the log.
 */
export const briefly = (context: RequestContext, now: number): RequestContext => ({
  ...context,
  deadline: now + Math.min(ANSWER_WITHIN_MS, (context.deadline - now) / 3),
});
