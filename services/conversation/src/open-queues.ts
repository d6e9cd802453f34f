import { DEFAULT_QUEUE_ID, type Client, type routing } from '@parley/contracts';
import {
  failedPrecondition,
  notFound,
  unavailable,
  type ApiError,
  type RequestContext,
} from '@parley/kernel';
import { briefly } from './ask-routing.js';

export interface OpenQueuesOptions {
  readonly listQueues: Client<'parley.routing.v1.RoutingService'>['listQueues'];
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** Throws the refusal, which names `field`, unless chats can wait in the queue now. */
export type RequireOpenQueue = (context: RequestContext, field: string, queueId: string) => Promise<void>;

/** Throws the refusal when there is no such queue; passes when that cannot be learned. Empty: none is asked for. */
export type RequireQueue = (context: RequestContext, queueId: string) => Promise<void>;

/** True when there is no such queue; false also when that cannot be learned, or when none is asked for (empty). */
export type QueueIsUnknown = (context: RequestContext, queueId: string) => Promise<boolean>;

/**
 * Asks routing whether a queue takes chats. To be done before a chat is sent there: once its agents have left, all that
 * is left for a queue that is closed or unknown is to take a message, or to put the chat somewhere else.
 */
export const requireOpenQueue =
  ({ listQueues, now, onError }: OpenQueuesOptions): RequireOpenQueue =>
  async (context, field, queueId) => {
    const { queues } = await listQueues({}, briefly(context, now())).catch((error: unknown) => {
      onError(error);
      throw unavailable(
        'ROUTING_UNAVAILABLE',
        'Routing does not say just now whether that queue is open. Try again in a moment, or choose an agent.',
      );
    });
    const refused = refusal(queues, field, queueId);
    if (refused) throw refused;
  };

/**
 * Asks routing whether there is a queue. For programs, whose authors can mend a wrong id; a chat is not held up by
 * routing's silence, since routing has a place for it in any case.
 */
export const requireQueue =
  (options: OpenQueuesOptions): RequireQueue =>
  async (context, queueId) => {
    const others = await queuesBut(options, context, queueId);
    if (!others) return;
    const known = others.find(({ queue }) => queue)?.queue?.queueId;
    const instead = known
      ? `name one that ListQueues shows, such as "${known}", or`
      : 'make it with PutQueue, or';
    const description = `there is no queue "${queueId}"; ${instead} leave it out for the default queue.`;
    throw notFound('NO_SUCH_QUEUE', `queueId: ${description}`, {
      violations: [{ field: 'queueId', description }],
    });
  };

/** Asks routing whether a queue is missing, for who goes on without it. */
export const queueIsUnknown =
  (options: OpenQueuesOptions): QueueIsUnknown =>
  async (context, queueId) =>
    (await queuesBut(options, context, queueId)) !== undefined;

/** The queues there are when the one that is asked for is none of them. */
const queuesBut = async (
  { listQueues, now, onError }: OpenQueuesOptions,
  context: RequestContext,
  queueId: string,
): Promise<readonly routing.QueueState[] | undefined> => {
  if (!queueId || queueId === DEFAULT_QUEUE_ID) return undefined;
  const answer = await listQueues({}, briefly(context, now())).catch((error: unknown) => {
    onError(error);
    return undefined;
  });
  if (!answer || answer.queues.some(({ queue }) => queue?.queueId === queueId)) return undefined;
  return answer.queues;
};

const refusal = (
  queues: readonly routing.QueueState[],
  field: string,
  queueId: string,
): ApiError | undefined => {
  const asked = queues.find(({ queue }) => queue?.queueId === queueId);
  if (asked?.open) return undefined;
  const other = queues.find(({ open }) => open)?.queue?.queueId;
  const instead = other ? `choose one that is open, such as "${other}".` : 'none is open: choose an agent.';
  const description = asked
    ? `the queue "${queueId}" is closed at this hour; ${instead}`
    : `there is no queue "${queueId}"; ${instead}`;
  const details = { violations: [{ field, description }] };
  return asked
    ? failedPrecondition('QUEUE_CLOSED', `${field}: ${description}`, details)
    : notFound('NO_SUCH_QUEUE', `${field}: ${description}`, details);
};
