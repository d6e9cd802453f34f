import type { Client, common } from '@parley/contracts';
import type { RequestContext } from '@parley/kernel';

/** A message is taken all the same when routing does not say in this time what to promise. */
const ANSWER_WITHIN_MS = 1_500;

export interface PromiseOptions {
  readonly getAvailability: Client<'parley.routing.v1.RoutingService'>['getAvailability'];
  /** What is promised when routing does not say, ms from now. */
  readonly defaultMs: number;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** Where a message would go: for the queue it is asked for, or by page and topic. */
export interface Whereabouts {
  readonly queueId: string;
  readonly page?: common.WebPage | undefined;
  readonly topic: string;
  readonly locale: string;
}

/** When an answer can be promised, and by which queue. */
export interface ReplyPromise {
  readonly queueId: string;
  /** Milliseconds since 1970. */
  readonly replyBy: number;
}

/** Asks routing what can be promised by its hours; never fails. */
export const replyPromise =
  ({ getAvailability, defaultMs, now, onError }: PromiseOptions) =>
  async (context: RequestContext, { queueId, page, topic, locale }: Whereabouts): Promise<ReplyPromise> => {
    const byDefault = now() + defaultMs;
    // A third of the caller's time at most: the message itself has to get into the log.
    const deadline = now() + Math.min(ANSWER_WITHIN_MS, (context.deadline - now()) / 3);
    try {
      const answer = await getAvailability({ queueId, page, topic, locale }, { ...context, deadline });
      return {
        queueId: queueId || answer.queueId,
        replyBy: answer.replyBy?.getTime() ?? byDefault,
      };
    } catch (error) {
      onError(error);
      return { queueId, replyBy: byDefault };
    }
  };
