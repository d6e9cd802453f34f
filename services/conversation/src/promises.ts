import type { Client, common, routing } from '@parley/contracts';
import { ApiError, type RequestContext } from '@parley/kernel';
import { briefly } from './ask-routing.js';

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

/**
 * Asks routing what can be promised by its hours; never fails. For a queue that there is not, it is what the queue
 * promises that takes the message in its place.
 */
export const replyPromise =
  ({ getAvailability, defaultMs, now, onError }: PromiseOptions) =>
  async (context: RequestContext, { queueId, page, topic, locale }: Whereabouts): Promise<ReplyPromise> => {
    const byDefault = now() + defaultMs;
    const brief = briefly(context, now());
    const ask = (asked: string): Promise<routing.GetAvailabilityResponse> =>
      getAvailability({ queueId: asked, page, topic, locale }, brief);
    try {
      let known = queueId;
      const answer = await ask(queueId).catch((error: unknown) => {
        if (!isNoSuchQueue(error)) throw error;
        known = '';
        return ask('');
      });
      return {
        queueId: known || answer.queueId,
        replyBy: answer.replyBy?.getTime() ?? byDefault,
      };
    } catch (error) {
      onError(error);
      return { queueId, replyBy: byDefault };
    }
  };

const isNoSuchQueue = (error: unknown): boolean =>
  error instanceof ApiError && error.details.reason === 'NO_SUCH_QUEUE';
