import { OrderedSet } from './ordered-set.js';
import { mostFreeLongestIdle } from './policies/most-free-longest-idle.js';
import type { Policy } from './policy.js';
import {
  byTurn,
  freeOf,
  isAvailable,
  type Agent,
  type Chat,
  type Due,
  type Lane,
  type Requirements,
  type RoutingState,
} from './state.js';

/** The policy in force. Fixed for an engine version: decisions replay with the engine that made them. */
export const policy: Policy = mostFreeLongestIdle;

const requirementsOf = (chat: Chat): Requirements => ({ queueId: chat.queueId });
const laneKey = (requirements: Requirements): string => requirements.queueId;
const meets = (agent: Agent, requirements: Requirements): boolean =>
  agent.config?.queueIds.includes(requirements.queueId) ?? false;

/** The lane of a chat; made, with the agents who meet its requirements, when it is the first of its kind. */
export const laneOf = (state: RoutingState, chat: Chat): Lane => {
  const requirements = requirementsOf(chat);
  const key = laneKey(requirements);
  const known = state.lanes.get(key);
  if (known) return known;
  const lane: Lane = {
    key,
    requirements,
    waiting: new OrderedSet(byTurn),
    free: new OrderedSet(policy.compare),
    members: 0,
    available: 0,
  };
  state.lanes.set(key, lane);
  for (const agent of state.agents.values()) {
    if (!meets(agent, requirements)) continue;
    agent.lanes.push(lane);
    lane.members++;
    if (isAvailable(agent)) lane.available++;
    if (isFree(agent)) lane.free.add(agent);
  }
  return lane;
};

const isFree = (agent: Agent): boolean => isAvailable(agent) && freeOf(agent) > 0;

/**
 * Changes an agent and keeps every order they stand in right. All changes of what the policy or availability
 * depends on go through here.
 */
export const changeAgent = (agent: Agent, change: (agent: Agent) => void): void => {
  const wasAvailable = isAvailable(agent);
  if (isFree(agent)) for (const lane of agent.lanes) lane.free.delete(agent);
  change(agent);
  const available = isAvailable(agent);
  if (available !== wasAvailable) for (const lane of agent.lanes) lane.available += available ? 1 : -1;
  if (isFree(agent)) for (const lane of agent.lanes) lane.free.add(agent);
};

/** Gives an agent another configuration, with the lanes and queues that follow from it. */
export const reconfigureAgent = (state: RoutingState, agent: Agent, config: Agent['config']): void => {
  leaveLanes(agent);
  for (const queueId of agent.config?.queueIds ?? []) state.queues.get(queueId)?.agents.delete(agent);
  state.configuredAgents += (config ? 1 : 0) - (agent.config ? 1 : 0);
  agent.config = config;
  for (const queueId of config?.queueIds ?? []) state.queues.get(queueId)?.agents.add(agent);
  for (const lane of state.lanes.values()) {
    if (!meets(agent, lane.requirements)) continue;
    agent.lanes.push(lane);
    lane.members++;
    if (isAvailable(agent)) lane.available++;
    if (isFree(agent)) lane.free.add(agent);
  }
};

const leaveLanes = (agent: Agent): void => {
  for (const lane of agent.lanes) {
    lane.members--;
    if (isAvailable(agent)) lane.available--;
    lane.free.delete(agent);
  }
  agent.lanes = [];
};

/** Removes a lane that no chat waits in and no agent serves any more (its queue is gone). */
export const dropLane = (state: RoutingState, lane: Lane): void => {
  state.lanes.delete(lane.key);
};

/** Puts a chat among those that wait for an offer. */
export const wait = (state: RoutingState, chat: Chat): void => {
  chat.phase = 'waiting';
  laneOf(state, chat).waiting.add(chat);
};

/** Takes a chat from among those that wait for an offer. */
export const stopWaiting = (state: RoutingState, chat: Chat): void => {
  laneOf(state, chat).waiting.delete(chat);
};

/** Keeps an agent from being offered a chat until a time, or until they set themselves available again (0). */
export const exclude = (state: RoutingState, chat: Chat, agent: Agent, until: number): void => {
  readmit(state, chat, agent);
  chat.excluded.set(agent.id, until);
  agent.excludedFrom.add(chat.id);
  if (until) state.due.add(exclusionDue(chat, agent.id, until));
};

/** Lets an agent be offered a chat again. */
export const readmit = (state: RoutingState, chat: Chat, agent: Agent): void => {
  const until = chat.excluded.get(agent.id);
  if (until === undefined) return;
  if (until) state.due.delete(exclusionDue(chat, agent.id, until));
  chat.excluded.delete(agent.id);
  agent.excludedFrom.delete(chat.id);
};

const exclusionDue = (chat: Chat, agentId: string, at: number): Due => ({
  at,
  kind: 'exclusion',
  conversationId: chat.id,
  agentId,
});
