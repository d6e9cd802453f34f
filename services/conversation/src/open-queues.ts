import type { Client, routing } from '@parley/contracts';
import {
  failedPrecondition,
  notFound,
  unavailable,
  type ApiError,
  type RequestContext,
} from '@parley/kernel';

/** Longer than this nobody waits in front of a dialog for routing's word. */
const ANSWER_WITHIN_MS = 1_500;

export interface OpenQueuesOptions {
  readonly listQueues: Client<'parley.routing.v1.RoutingService'>['listQueues'];
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** Throws the refusal, which names `field`, unless chats can wait in the queue now. */
export type RequireOpenQueue = (context: RequestContext, field: string, queueId: string) => Promise<void>;

/**
 * Asks routing whether a queue takes chats. To be done before a chat is sent there: once its agents have left, all that
 * is left for a queue that is closed or unknown is to take a message, or to put the chat somewhere else.
 */
export const requireOpenQueue =
  ({ listQueues, now, onError }: OpenQueuesOptions): RequireOpenQueue =>
  async (context, field, queueId) => {
    // A third of the caller's time at most: the command itself has to get into the log.
    const deadline = now() + Math.min(ANSWER_WITHIN_MS, (context.deadline - now()) / 3);
    const { queues } = await listQueues({}, { ...context, deadline }).catch((error: unknown) => {
      onError(error);
      throw unavailable(
        'ROUTING_UNAVAILABLE',
        'Routing does not say just now whether that queue is open. Try again in a moment, or choose an agent.',
      );
    });
    const refused = refusal(queues, field, queueId);
    if (refused) throw refused;
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
