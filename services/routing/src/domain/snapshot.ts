import { routing } from '@parley/contracts';
import { enterLine, hoursDue, newChat, reschedule, wait } from './chats.js';
import { wrapUpDue } from './evolve-agents.js';
import { offerDue } from './evolve-offers.js';
import { exclude, reconfigureAgent } from './indexes.js';
import { MOST_URGENT, turnOf } from './orders.js';
import { upgrade, type SnapshotOfFormat1 } from './snapshot-1.js';
import type { AgentRecord, ChatRecord, Snapshot } from './snapshot-records.js';
import { emptyAgent, emptyQueue, emptyState, type Agent, type Chat, type RoutingState } from './state.js';

/** The state as JSON; equal states (by their events) give equal snapshots. */
export const takeSnapshot = (state: RoutingState): Snapshot => ({
  format: 2,
  version: state.version,
  time: state.time,
  settings: state.settings,
  teams: [...state.teams.values()].map(({ config }) => config),
  skills: [...state.skills.values()],
  schedules: [...state.schedules.values()],
  workflows: [...state.workflows.values()].map((workflow) => routing.Workflow.toJSON(workflow)),
  published: state.published,
  draft: state.draft && routing.Workflow.toJSON(state.draft),
  draftRevision: state.draftRevision,
  queues: [...state.queues.values()].map(({ config, open, hoursUntil, hoursSince }) => ({
    config,
    open,
    hoursUntil,
    hoursSince,
  })),
  agents: [...state.agents.values()].map(agentRecord),
  chats: [...state.chats.values()].map(chatRecord),
  ended: [...state.ended],
});

const agentRecord = (agent: Agent): AgentRecord => ({
  id: agent.id,
  config: agent.config,
  reported: agent.reported,
  online: agent.online,
  revision: String(agent.revision),
  notResponding: agent.notResponding,
  statusSince: agent.statusSince,
  onlineSince: agent.onlineSince,
  idleSince: agent.idleSince,
  shifts: agent.shifts,
  shiftDay: agent.shiftDay,
  overdue: [...agent.overdue],
  wrapUps: [...agent.wrapUps].map(([id, { until, weight }]) => [id, until, weight] as const),
});

const chatRecord = ({ lane: _lane, due: _due, turn: _turn, ...facts }: Chat): ChatRecord => ({
  ...facts,
  excluded: [...facts.excluded],
});

/** The state that a snapshot was taken of, also one of an older release. */
export const restoreSnapshot = (stored: Snapshot | SnapshotOfFormat1): RoutingState => {
  const snapshot = stored.format === 1 ? upgrade(stored) : stored;
  const state = emptyState();
  restoreConfig(state, snapshot);
  for (const record of snapshot.agents) state.agents.set(record.id, restoreAgent(state, record));
  for (const record of snapshot.chats) restoreChat(state, record);
  // Last, when what they hold is known: the orders they stand in depend on it.
  for (const { id, config } of snapshot.agents)
    reconfigureAgent(state, state.agents.get(id)!, config && routing.Agent.fromPartial(config));
  for (const [id, version] of snapshot.ended) state.ended.set(id, version);
  return state;
};

const restoreConfig = (state: RoutingState, snapshot: Snapshot): void => {
  state.version = snapshot.version;
  state.time = snapshot.time;
  state.settings = routing.RoutingSettings.fromPartial(snapshot.settings);
  for (const team of snapshot.teams)
    state.teams.set(team.teamId, { config: routing.Team.fromPartial(team), members: new Set(), used: 0 });
  for (const skill of snapshot.skills) state.skills.set(skill.skillId, skill);
  for (const schedule of snapshot.schedules) state.schedules.set(schedule.scheduleId, schedule);
  for (const json of snapshot.workflows) {
    const workflow = routing.Workflow.fromJSON(json);
    state.workflows.set(workflow.version, workflow);
  }
  state.published = snapshot.published;
  state.draft = snapshot.draft === undefined ? undefined : routing.Workflow.fromJSON(snapshot.draft);
  state.draftRevision = snapshot.draftRevision;
  for (const { config, open, hoursUntil, hoursSince } of snapshot.queues) {
    const queue = emptyQueue(routing.Queue.fromPartial(config));
    state.queues.set(config.queueId, queue);
    Object.assign(queue, { open, hoursUntil, hoursSince });
    if (hoursUntil) state.due.add(hoursDue(config.queueId, hoursUntil));
  }
};

const restoreAgent = (state: RoutingState, record: AgentRecord): Agent => {
  const agent = emptyAgent(record.id);
  agent.reported = record.reported;
  agent.online = record.online;
  agent.revision = BigInt(record.revision);
  agent.notResponding = record.notResponding;
  agent.statusSince = record.statusSince;
  agent.onlineSince = record.onlineSince ?? record.statusSince;
  agent.idleSince = record.idleSince;
  agent.shifts = record.shifts;
  agent.shiftDay = record.shiftDay;
  for (const id of record.overdue) agent.overdue.add(id);
  for (const [conversationId, until, weight] of record.wrapUps) {
    agent.wrapUps.set(conversationId, { until, weight });
    agent.used += weight;
    state.due.add(wrapUpDue({ conversationId, agentId: agent.id }, until));
  }
  return agent;
};

const restoreChat = (state: RoutingState, { excluded, ...facts }: ChatRecord): void => {
  const turn = turnOf(facts.firstEnteredAt, facts.priority, state.settings.ageingSeconds);
  const { entryVersion = facts.sourceVersion } = facts;
  const { escalated = facts.failsafeTimes > 0 && facts.priority === MOST_URGENT } = facts;
  const chat = newChat({ ...facts, entryVersion, escalated, turn });
  state.chats.set(chat.id, chat);
  for (const [agentId, until] of excluded) {
    const agent = state.agents.get(agentId);
    if (agent) exclude(state, chat, agent, until);
  }
  for (const offer of chat.offers) {
    const agent = state.agents.get(offer.agentId);
    agent?.offers.add(chat.id);
    if (agent) agent.used += chat.weight;
    state.due.add(offerDue(chat, offer));
  }
  for (const { agentId, weight } of chat.assignments) {
    const agent = state.agents.get(agentId);
    agent?.chats.add(chat.id);
    if (agent) agent.used += weight;
  }
  const queue = state.queues.get(chat.queueId);
  if (chat.phase === 'active' && queue) queue.active++;
  if (chat.phase === 'waiting' || chat.phase === 'offered') enterLine(state, chat);
  if (chat.phase === 'waiting') wait(state, chat);
  else reschedule(state, chat);
};
