import type { routing } from '@parley/contracts';
import { hoursDue, moveQueue, reschedule, sortAnew } from './chats.js';
import { changeAgent, readmit, recapacitate, reconfigureAgent } from './indexes.js';
import { agentOf } from './lookup.js';
import { emptyQueue, type Agent, type QueueEntry, type RoutingState } from './state.js';

/** Versions of the workflow that are kept, besides those that chats still wait by. */
export const VERSIONS_KEPT = 50;

export const queueConfigured = (state: RoutingState, { queue }: routing.QueueConfigured): void => {
  if (!queue) return;
  const known = state.queues.get(queue.queueId);
  if (!known) {
    state.queues.set(queue.queueId, emptyQueue(queue));
    return;
  }
  const sooner = known.config.maxWaitSeconds !== queue.maxWaitSeconds;
  known.config = queue;
  if (sooner) rescheduleAll(state, known);
};

const rescheduleAll = (state: RoutingState, queue: QueueEntry): void => {
  for (const chat of queue.line) reschedule(state, chat);
};

export const queueRemoved = (state: RoutingState, { queueId }: routing.QueueRemoved): void => {
  for (const agent of state.agents.values())
    if (agent.config?.queueIds.includes(queueId))
      reconfigureAgent(state, agent, {
        ...agent.config,
        queueIds: agent.config.queueIds.filter((id) => id !== queueId),
        version: agent.config.version + 1,
      });
  moveQueue(state, queueId);
};

export const queueHoursChanged = (
  state: RoutingState,
  { queueId, open, until }: routing.QueueHoursChanged,
  time: number,
): void => {
  const queue = state.queues.get(queueId);
  if (!queue) return;
  if (queue.hoursUntil) state.due.drop();
  queue.hoursUntil = until?.getTime() ?? 0;
  if (queue.hoursUntil) state.due.add(hoursDue(queueId, queue.hoursUntil));
  if (queue.open === open) return;
  queue.open = open;
  queue.hoursSince = time;
  rescheduleAll(state, queue);
};

export const agentConfigured = (
  state: RoutingState,
  { agent: config }: routing.AgentConfigured,
  time: number,
): void => {
  if (!config) return;
  const agent = agentOf(state, config.agentId);
  if (!agent.config) changeAgent(state, agent, () => (agent.idleSince = time));
  reconfigureAgent(state, agent, config);
};

/** Whoever is removed while they are here is known by presence only, as if they had never been configured. */
export const agentRemoved = (state: RoutingState, { agentId }: routing.AgentRemoved): void => {
  const agent = state.agents.get(agentId);
  if (!agent) return;
  reconfigureAgent(state, agent, undefined);
  if (agent.online || holdsAnything(agent)) return;
  for (const id of [...agent.excludedFrom]) {
    const chat = state.chats.get(id);
    if (chat) readmit(state, chat, agent);
  }
  state.agents.delete(agentId);
};

const holdsAnything = ({ offers, chats, wrapUps, reserved }: Agent): boolean =>
  offers.size + chats.size + wrapUps.size + reserved.size > 0;

export const teamConfigured = (state: RoutingState, { team }: routing.TeamConfigured): void => {
  if (!team) return;
  const known = state.teams.get(team.teamId);
  if (known) {
    known.config = team;
    for (const agent of known.members) recapacitate(state, agent);
    return;
  }
  state.teams.set(team.teamId, { config: team, members: new Set(), used: 0 });
  rejoin(state, team.teamId);
};

/** Its members are in no team from then on. */
export const teamRemoved = (state: RoutingState, { teamId }: routing.TeamRemoved): void => {
  state.teams.delete(teamId);
  for (const agent of state.agents.values())
    if (agent.config?.teamId === teamId)
      reconfigureAgent(state, agent, { ...agent.config, teamId: '', version: agent.config.version + 1 });
};

const rejoin = (state: RoutingState, teamId: string): void => {
  for (const agent of state.agents.values())
    if (agent.config?.teamId === teamId) reconfigureAgent(state, agent, agent.config);
};

export const settingsConfigured = (state: RoutingState, { settings }: routing.SettingsConfigured): void => {
  if (!settings) return;
  const sorted = settings.ageingSeconds === state.settings.ageingSeconds;
  state.settings = settings;
  if (!sorted) sortAnew(state);
};

export const workflowPublished = (state: RoutingState, { workflow }: routing.WorkflowPublished): void => {
  if (!workflow) return;
  state.workflows.set(workflow.version, workflow);
  state.published = workflow.version;
  const superfluous = [...state.workflows.keys()].slice(0, -VERSIONS_KEPT);
  if (superfluous.length === 0) return;
  const inUse = new Set<number>();
  for (const chat of state.chats.values()) inUse.add(chat.workflowVersion);
  for (const version of superfluous) if (!inUse.has(version)) state.workflows.delete(version);
};
