import type { routing } from '@parley/contracts';
import { notFound } from '@parley/kernel';
import { queueState } from '../domain.js';
import { availabilityOf } from '../workflows/availability.js';
import { readFor, type ApiDeps, type RoutingHandlers } from './deps.js';

export interface AvailabilityDeps extends Pick<ApiDeps, 'writer' | 'now'> {
  /** What a chat that enters a queue now has to expect; undefined when it cannot be said. */
  readonly estimating: {
    ofNext(tenant: string, queue: routing.QueueState): routing.WaitEstimate | undefined;
  };
}

/** The handler of what a visitor may expect before a chat begins. */
export const availabilityHandlers = (deps: AvailabilityDeps): Pick<RoutingHandlers, 'getAvailability'> => {
  const read = readFor(deps);
  return {
    getAvailability: (request, context) =>
      read(context, (state) => {
        const { queueId } = request;
        if (queueId && !state.queues.has(queueId))
          throw notFound('NO_SUCH_QUEUE', `There is no queue "${queueId}"; leave it out to ask for any.`);
        const found = availabilityOf(state, request, deps.now());
        const queue = state.queues.get(found.queueId);
        const estimate = queue && deps.estimating.ofNext(context.tenant, queueState(queue));
        return { ...found, estimate };
      }),
  };
};
