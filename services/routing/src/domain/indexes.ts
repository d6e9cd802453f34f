import { roomFor, setBit } from './bits.js';
import { enterLanes, leaveLanes, setStanding, standingOf } from './lanes.js';
import { DEFAULT_CAPACITY, freeOf, isAvailable, isOpen } from './state.js';
import type { Agent, Chat, Due, QueueEntry, RoutingState } from './types.js';

/**
 * Changes an agent and keeps every order and count they stand in right. All changes of what the policy, capacity or
 * availability depends on go through here.
 */
export const changeAgent = (state: RoutingState, agent: Agent, change: (agent: Agent) => void): void => {
  const wasOpen = isOpen(agent);
  if (wasOpen) state.free.delete(agent);
  const { used } = agent;
  count(agent, -1);
  change(agent);
  count(agent, 1);
  if (agent.team) agent.team.used += agent.used - used;
  setStanding(state, agent, standingOf(agent));
  const open = isOpen(agent);
  if (open) state.free.add(agent);
  if (open !== wasOpen) setBit(state.open, agent.slot, open);
};

const count = (agent: Agent, by: 1 | -1): void => {
  if (!isAvailable(agent)) return;
  const free = by * freeOf(agent);
  for (const queue of agent.queues) {
    queue.available += by;
    queue.free += free;
  }
};

/** Gives an agent another configuration, with the lanes, queues and team that follow from it. */
export const reconfigureAgent = (state: RoutingState, agent: Agent, config: Agent['config']): void => {
  if (isOpen(agent)) {
    state.free.delete(agent);
    setBit(state.open, agent.slot, false);
  }
  count(agent, -1);
  leaveLanes(state, agent);
  for (const queue of agent.queues) queue.agents.delete(agent);
  leaveTeam(agent);
  state.configuredAgents += (config ? 1 : 0) - (agent.config ? 1 : 0);
  if (!config && agent.slot >= 0) vacate(state, agent);
  if (config && agent.slot < 0) occupy(state, agent);
  agent.config = config;
  agent.queues = (config?.queueIds ?? [])
    .map((id) => state.queues.get(id))
    .filter((queue): queue is QueueEntry => queue !== undefined);
  for (const queue of agent.queues) queue.agents.add(agent);
  joinTeam(state, agent);
  agent.capacity = capacityOf(agent);
  agent.standing = standingOf(agent);
  enterLanes(state, agent);
  count(agent, 1);
  if (!isOpen(agent)) return;
  state.free.add(agent);
  setBit(state.open, agent.slot, true);
};

/** Takes up what a team's limits, or the agent's count of shifts, mean for their capacity. */
export const recapacitate = (state: RoutingState, agent: Agent): void => {
  const capacity = capacityOf(agent);
  if (capacity !== agent.capacity) changeAgent(state, agent, () => (agent.capacity = capacity));
};

const capacityOf = ({ config, team, shifts }: Agent): number => {
  if (!config) return 0;
  const capacity = config.capacity || DEFAULT_CAPACITY;
  const { rampShifts = 0, rampCapacity = 0 } = team?.config ?? {};
  return rampShifts > 0 && shifts <= rampShifts ? Math.min(capacity, rampCapacity || 1) : capacity;
};

const leaveTeam = (agent: Agent): void => {
  agent.team?.members.delete(agent);
  if (agent.team) agent.team.used -= agent.used;
  agent.team = undefined;
};

const joinTeam = (state: RoutingState, agent: Agent): void => {
  agent.team = state.teams.get(agent.config?.teamId ?? '');
  agent.team?.members.add(agent);
  if (agent.team) agent.team.used += agent.used;
};

const occupy = (state: RoutingState, agent: Agent): void => {
  agent.slot = state.vacant.pop() ?? state.slots.length;
  state.slots[agent.slot] = agent;
  state.open = roomFor(state.open, agent.slot);
};

const vacate = (state: RoutingState, agent: Agent): void => {
  state.slots[agent.slot] = undefined;
  state.vacant.push(agent.slot);
  agent.slot = -1;
};

/** Nobody is excluded from most chats: they share this. */
export const NOBODY: ReadonlyMap<string, number> = new Map<string, number>();

/** Keeps an agent from being offered a chat until a time, or until they set themselves available again (0). */
export const exclude = (state: RoutingState, chat: Chat, agent: Agent, until: number): void => {
  readmit(state, chat, agent);
  chat.excluded = new Map([...chat.excluded, [agent.id, until]]);
  agent.excludedFrom.add(chat.id);
  if (until) state.due.add(exclusionDue(chat, agent.id, until));
};

/** Lets an agent be offered a chat again. */
export const readmit = (state: RoutingState, chat: Chat, agent: Agent): void => {
  const until = chat.excluded.get(agent.id);
  if (until === undefined) return;
  if (until) state.due.drop();
  agent.excludedFrom.delete(chat.id);
  const left = [...chat.excluded].filter(([id]) => id !== agent.id);
  chat.excluded = left.length > 0 ? new Map(left) : NOBODY;
};

const exclusionDue = (chat: Chat, agentId: string, at: number): Due => ({
  at,
  kind: 'exclusion',
  id: chat.id,
  agentId,
});
