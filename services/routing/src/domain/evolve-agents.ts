import { routing } from '@parley/contracts';
import { changeAgent, readmit, recapacitate } from './indexes.js';
import { agentOf, type Pair } from './lookup.js';
import { isAvailable, UNTIL_AVAILABLE, type Due, type RoutingState } from './state.js';

const DAY_MS = 86_400_000;

/** The day (of UTC, since 1970) of a time. */
export const dayOf = (time: number): number => Math.floor(time / DAY_MS);

export const presenceChanged = (
  state: RoutingState,
  report: routing.AgentPresenceChanged,
  time: number,
): void => {
  const agent = agentOf(state, report.agentId);
  const available = routing.AgentStatus.AGENT_STATUS_AVAILABLE;
  // The report that they are available still, sent again while the offer timed out, is no click of theirs.
  const back = report.status === available && agent.reported !== available;
  changeAgent(state, agent, () => {
    const before = isAvailable(agent);
    if (agent.reported !== report.status) agent.statusSince = time;
    if (agent.online !== report.online) agent.onlineSince = time;
    agent.reported = report.status;
    agent.online = report.online;
    agent.revision = report.revision;
    if (back) agent.notResponding = false;
    if (isAvailable(agent) && !before) agent.idleSince = time;
  });
  if (!back) return;
  for (const id of [...agent.excludedFrom]) {
    const chat = state.chats.get(id);
    if (chat?.excluded.get(agent.id) === UNTIL_AVAILABLE) readmit(state, chat, agent);
  }
};

export const shiftStarted = (state: RoutingState, started: routing.ShiftStarted, time: number): void => {
  const agent = agentOf(state, started.agentId);
  agent.shifts = started.shifts;
  agent.shiftDay = dayOf(time);
  recapacitate(state, agent);
};

/** The end of after-chat work, as something due. */
export const wrapUpDue = (pair: Pair, at: number): Due => ({
  at,
  kind: 'wrap_up',
  id: pair.conversationId,
  agentId: pair.agentId,
});

export const wrapUpStarted = (state: RoutingState, started: routing.WrapUpStarted, time: number): void => {
  const until = started.until?.getTime() ?? time;
  state.due.add(wrapUpDue(started, until));
  changeAgent(state, agentOf(state, started.agentId), (agent) => {
    agent.wrapUps.set(started.conversationId, { until, weight: started.weight });
    agent.used += started.weight;
  });
};

export const wrapUpEnded = (state: RoutingState, end: routing.WrapUpEnded, time: number): void => {
  const agent = agentOf(state, end.agentId);
  const wrapUp = agent.wrapUps.get(end.conversationId);
  if (!wrapUp) return;
  changeAgent(state, agent, () => {
    agent.wrapUps.delete(end.conversationId);
    agent.used -= wrapUp.weight;
    agent.idleSince = time;
  });
  state.due.drop();
};
