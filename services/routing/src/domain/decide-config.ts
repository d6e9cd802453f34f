import type { routing } from '@parley/contracts';
import { aborted, failedPrecondition, invalidArgument, notFound } from '@parley/kernel';
import { defaultQueue } from './chats.js';
import { rescindExcess } from './decide-offers.js';
import type { Decision, Refusal } from './decision.js';

/** Capacity of an agent for whom none is given, weight units. */
export const DEFAULT_CAPACITY = 4;
const DEFAULT_QUEUE_ID = 'default';

const changedMeanwhile = (what: string, version: number): Refusal =>
  aborted(
    'VERSION_CONFLICT',
    `expectedVersion: the ${what} has version ${version} by now; read it again and repeat the change on top of it.`,
  );

/** Makes or changes a queue. A domain's first queue is its default; it stays so until another one is made it. */
export const putQueue = (decision: Decision, queue: routing.Queue, expectedVersion: number): Refusal => {
  const { state } = decision;
  const known = state.queues.get(queue.queueId)?.config;
  const version = known?.version ?? 0;
  if (expectedVersion !== 0 && expectedVersion !== version) return changedMeanwhile('queue', version);
  const current = defaultQueue(state)?.config;
  const isDefault = queue.isDefault || !current || current.queueId === queue.queueId;
  if (isDefault && current && current.queueId !== queue.queueId)
    configure(decision, { ...current, isDefault: false, version: current.version + 1 });
  configure(decision, { ...queue, isDefault, version: version + 1 });
  return undefined;
};

const configure = (decision: Decision, queue: routing.Queue): void =>
  decision.emit({ $case: 'queueConfigured', value: { queue } });

/** Removes a queue; its chats go on in the default queue. The default queue cannot be removed. */
export const removeQueue = (decision: Decision, queueId: string): Refusal => {
  const { state } = decision;
  const known = state.queues.get(queueId);
  if (!known)
    return notFound('NO_SUCH_QUEUE', `There is no queue "${queueId}"; ListQueues shows those there are.`);
  const target = defaultQueue(state);
  if (!target || target === known)
    return failedPrecondition(
      'DEFAULT_QUEUE',
      `"${queueId}" takes the chats that name no queue; make another queue the default first.`,
    );
  decision.emit({ $case: 'queueRemoved', value: { queueId } });
  // Whoever served nothing else serves the default queue, like every agent without queues.
  for (const { config } of state.agents.values())
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

/** Makes or changes an agent. One without queues serves the default queue. */
export const putAgent = (decision: Decision, agent: routing.Agent, expectedVersion: number): Refusal => {
  const { state } = decision;
  const known = state.agents.get(agent.agentId);
  const version = known?.config?.version ?? 0;
  if (expectedVersion !== 0 && expectedVersion !== version) return changedMeanwhile('agent', version);
  const unknown = agent.queueIds.filter((id) => !state.queues.has(id));
  if (unknown.length > 0)
    return invalidArgument('queueIds', `there is no queue ${unknown.map((id) => `"${id}"`).join(', ')}`);
  for (const [skill, level] of Object.entries(agent.skills))
    if (level < 1 || level > 5) return invalidArgument(`skills.${skill}`, 'must be a level from 1 to 5');
  const queueIds = agent.queueIds.length > 0 ? [...new Set(agent.queueIds)] : [ensureDefaultQueue(decision)];
  const capacity = agent.capacity || DEFAULT_CAPACITY;
  decision.emit({
    $case: 'agentConfigured',
    value: { agent: { ...agent, queueIds, capacity, version: version + 1 } },
  });
  const changed = state.agents.get(agent.agentId);
  // Chats the agent is in stay, and no new one comes until they fit again.
  if (changed) rescindExcess(decision, changed);
  decision.touchAgent(changed);
  return undefined;
};

/** Somebody nobody configured wants chats: they serve the default queue. */
export const implicitAgent = (decision: Decision, agentId: string): void => {
  const queueIds = [ensureDefaultQueue(decision)];
  const agent: routing.Agent = {
    agentId,
    name: '',
    capacity: DEFAULT_CAPACITY,
    queueIds,
    skills: {},
    languages: [],
    version: 1,
  };
  decision.emit({ $case: 'agentConfigured', value: { agent } });
};

/** The id of the default queue, which is made when there is none, so that no chat is ever without a queue. */
export const ensureDefaultQueue = (decision: Decision): string => {
  const known = defaultQueue(decision.state);
  if (known) return known.config.queueId;
  configure(decision, {
    queueId: DEFAULT_QUEUE_ID,
    name: 'Default',
    offerTimeoutSeconds: 0,
    wrapUpSeconds: 0,
    serviceLevelSeconds: 0,
    isDefault: true,
    version: 1,
  });
  return DEFAULT_QUEUE_ID;
};
