import { DEFAULT_QUEUE_ID, routing } from '@parley/contracts';
import { failedPrecondition, invalidArgument, notFound } from '@parley/kernel';
import { defaultQueue } from './chats.js';
import { refreshHours } from './decide-hours.js';
import type { Decision } from './decision.js';
import { MOST_AT_ONCE } from './match.js';
import { byId } from './orders.js';
import type { Refusal } from './refusal.js';
import type { RoutingState } from './state.js';
import { unlessAt, unlessExpected, type Expected } from './versions.js';

/** Makes or changes a queue. A domain's first queue is its default; it stays so until another one is made it. */
export const putQueue = (decision: Decision, queue: routing.Queue, expected: Expected): Refusal => {
  const { state } = decision;
  const known = state.queues.get(queue.queueId)?.config;
  const version = known?.version ?? 0;
  const wrong =
    unlessExpected('queue', ['queueId', queue.queueId], version, expected) ?? wrongQueue(state, queue);
  if (wrong) return wrong;
  const current = defaultQueue(state)?.config;
  const isDefault = queue.isDefault || !current || current.queueId === queue.queueId;
  if (isDefault && current && current.queueId !== queue.queueId)
    configure(decision, { ...current, isDefault: false, version: current.version + 1 });
  configure(decision, { ...queue, isDefault, version: version + 1 });
  const entry = state.queues.get(queue.queueId);
  if (entry) refreshHours(decision, entry);
  return undefined;
};

const wrongQueue = (state: RoutingState, queue: routing.Queue): Refusal => {
  const { queueId, scheduleId, offerTo, failsafeAction, failsafeQueueId } = queue;
  if (scheduleId && !state.schedules.has(scheduleId))
    return invalidArgument(
      'scheduleId',
      `there is no schedule "${scheduleId}"; PutSchedule makes one, and empty means always open`,
    );
  if (offerTo > MOST_AT_ONCE) return invalidArgument('offerTo', `must be ${MOST_AT_ONCE} at most, such as 1`);
  if (failsafeAction !== routing.FailsafeAction.FAILSAFE_ACTION_MOVE) return undefined;
  for (let id = failsafeQueueId, seen = new Set([queueId]); ;) {
    if (seen.has(id))
      return invalidArgument(
        'failsafeQueueId',
        `chats would go round in circles through "${id}"; name a queue that does not lead back here`,
      );
    const next = state.queues.get(id)?.config;
    if (!next) return invalidArgument('failsafeQueueId', `there is no queue "${id}"; name another queue`);
    if (next.failsafeAction !== routing.FailsafeAction.FAILSAFE_ACTION_MOVE) return undefined;
    seen = seen.add(id);
    id = next.failsafeQueueId;
  }
};

const configure = (decision: Decision, queue: routing.Queue): void =>
  decision.emit({ $case: 'queueConfigured', value: { queue } });

/** Removes a queue; its chats go on in the default queue. The default queue cannot be removed. */
export const removeQueue = (decision: Decision, queueId: string, expected: Expected): Refusal => {
  const { state } = decision;
  const known = state.queues.get(queueId);
  if (!known)
    return notFound('NO_SUCH_QUEUE', `There is no queue "${queueId}"; ListQueues shows those there are.`);
  const stale = unlessAt('queue', known.config.version, expected);
  if (stale) return stale;
  const target = defaultQueue(state);
  if (!target || target === known)
    return failedPrecondition(
      'DEFAULT_QUEUE',
      `"${queueId}" takes the chats that name no queue; make another queue the default first.`,
    );
  const user = userOf(state, queueId);
  if (user) return failedPrecondition('QUEUE_IN_USE', `${user} names "${queueId}"; change that first.`);
  const members = byId(known.agents);
  decision.emit({ $case: 'queueRemoved', value: { queueId } });
  // Whoever served nothing else serves the default queue, like every agent without queues.
  for (const { config } of members)
    if (config?.queueIds.length === 0)
      decision.emit({
        $case: 'agentConfigured',
        value: {
          agent: { ...config, queueIds: [target.config.queueId], version: config.version + 1 },
        },
      });
  for (const agent of target.agents) decision.touchAgent(agent);
  return undefined;
};

const userOf = (state: RoutingState, queueId: string): string | undefined => {
  for (const { config } of state.queues.values())
    if (config.failsafeQueueId === queueId) return `The failsafe of the queue "${config.name}"`;
  const filter = state.workflows
    .get(state.published)
    ?.filters.find(({ targets }) =>
      targets.some(({ to }) => to?.$case === 'queueId' && to.value === queueId),
    );
  return filter && `The filter "${filter.name}" of the published workflow`;
};

/** The id of the default queue, which is made when there is none, so that no chat is ever without a queue. */
export const ensureDefaultQueue = (decision: Decision): string => {
  const known = defaultQueue(decision.state);
  if (known) return known.config.queueId;
  const queueId = DEFAULT_QUEUE_ID;
  configure(decision, routing.Queue.fromPartial({ queueId, name: 'Default', isDefault: true, version: 1 }));
  return queueId;
};
