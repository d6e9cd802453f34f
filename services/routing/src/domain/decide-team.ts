import type { routing } from '@parley/contracts';
import { failedPrecondition, notFound } from '@parley/kernel';
import { rescindExcess } from './decide-offers.js';
import type { Decision } from './decision.js';
import { byId } from './orders.js';
import type { Refusal } from './refusal.js';
import { unlessAt, unlessExpected, type Expected } from './versions.js';

/** Makes or changes a team. Chats that are under way stay where they are, whatever its limits become. */
export const putTeam = (decision: Decision, team: routing.Team, expected: Expected): Refusal => {
  const { state } = decision;
  const version = state.teams.get(team.teamId)?.config.version ?? 0;
  const refused = unlessExpected('team', ['teamId', team.teamId], version, expected);
  if (refused) return refused;
  decision.emit({ $case: 'teamConfigured', value: { team: { ...team, version: version + 1 } } });
  const entry = state.teams.get(team.teamId);
  if (!entry) return undefined;
  for (const agent of byId(entry.members)) {
    if (team.latencyLimitSeconds === 0) forgive(decision, agent.id);
    rescindExcess(decision, agent);
    decision.touchAgent(agent);
  }
  return undefined;
};

const forgive = (decision: Decision, agentId: string): void => {
  for (const conversationId of [...(decision.state.agents.get(agentId)?.overdue ?? [])])
    decision.emit({ $case: 'replyCaughtUp', value: { conversationId, agentId } });
};

/** Removes a team without members. */
export const removeTeam = (decision: Decision, teamId: string, expected: Expected): Refusal => {
  const team = decision.state.teams.get(teamId);
  if (!team)
    return notFound('NO_SUCH_TEAM', `There is no team "${teamId}"; ListTeams shows those there are.`);
  const stale = unlessAt('team', team.config.version, expected);
  if (stale) return stale;
  if (team.members.size > 0)
    return failedPrecondition(
      'TEAM_HAS_MEMBERS',
      `${team.members.size} agents are in this team; put them into another one, or none, first.`,
    );
  decision.emit({ $case: 'teamRemoved', value: { teamId } });
  return undefined;
};

interface Late {
  readonly conversationId: string;
  readonly agentId: string;
  readonly since: number;
}

/** A visitor waits for the agent's reply for too long: the agent gets no further chat until they have caught up. */
export const replyOverdue = (decision: Decision, { conversationId, agentId, since }: Late): undefined => {
  const agent = decision.state.agents.get(agentId);
  if (!agent?.chats.has(conversationId) || agent.overdue.has(conversationId)) return;
  if (!agent.team?.config.latencyLimitSeconds) return;
  decision.emit({
    $case: 'replyOverdue',
    value: { conversationId, agentId, since: new Date(since) },
  });
};

/** The agent has replied there. */
export const replyCaughtUp = (decision: Decision, conversationId: string, agentId: string): undefined => {
  const agent = decision.state.agents.get(agentId);
  if (!agent?.overdue.has(conversationId)) return;
  decision.emit({ $case: 'replyCaughtUp', value: { conversationId, agentId } });
  decision.touchAgent(agent);
};
