import type { routing } from '@parley/contracts';
import { CANDIDATES_SHOWN } from './eligible.js';
import { countsOf, isMember } from './lanes.js';
import { freeOf, isAvailable, isOpen, policy, slackOf } from './state.js';
import type { Agent, Chat, Lane, RoutingState } from './types.js';

/**
 * How many agents each rule keeps from a chat, in the order of the rules; each agent counts for the first that
 * excludes them. Rules that exclude nobody are left out.
 */
export const excludedBy = (state: RoutingState, lane: Lane, chat: Chat): routing.RuleCount[] => {
  const serving = state.queues.get(lane.needs.queueId)?.agents.size ?? 0;
  const counts = countsOf(state, lane);
  const limited = limitedByTeam(state, lane);
  const turnedAway = declined(state, lane, chat);
  const open = counts.open - (limited.all - limited.overdue) - turnedAway;
  const rules: routing.RuleCount[] = [];
  const add = (rule: string, agents: number): void => {
    if (agents > 0) rules.push({ rule, agents });
  };
  add('serves_queue', state.configuredAgents - serving);
  add('skill', serving - lane.skilled);
  add('language', lane.skilled - lane.size);
  add('available', counts.unavailable);
  add('free_capacity', counts.full);
  add('team_limit', limited.all);
  add('reply_overdue', counts.overdue - limited.overdue);
  add('declined_or_timed_out', turnedAway);
  if (chat.preferredAgentId) add('preferred', open - (takesPart(state, lane, chat) ? 1 : 0));
  return rules;
};

const takesPart = (state: RoutingState, lane: Lane, chat: Chat): boolean => {
  const agent = state.agents.get(chat.preferredAgentId);
  return agent !== undefined && isMember(lane, agent) && isOpen(agent) && freeOf(agent) >= chat.weight;
};

const limitedByTeam = (state: RoutingState, lane: Lane): { all: number; overdue: number } => {
  let all = 0;
  let overdue = 0;
  const { weight } = lane.needs;
  for (const team of state.teams.values()) {
    if (slackOf(team) >= weight) continue;
    for (const agent of team.members) {
      if (!isMember(lane, agent) || !isAvailable(agent) || freeOf(agent) < weight) continue;
      all++;
      if (agent.overdue.size > 0) overdue++;
    }
  }
  return { all, overdue };
};

const declined = (state: RoutingState, lane: Lane, { excluded, weight }: Chat): number => {
  let count = 0;
  for (const id of excluded.keys()) {
    const agent = state.agents.get(id);
    if (!agent || !isMember(lane, agent) || !isOpen(agent)) continue;
    if (freeOf(agent) >= weight && slackOf(agent.team) >= weight) count++;
  }
  return count;
};

/** What an explanation says besides the reasons for the one agent. */
export type Grounds = Omit<routing.Explanation, 'reasons'>;

/** What every rule did to the agents at this moment: counts by rule, the best candidates and what parts them. */
export const explain = (
  state: RoutingState,
  lane: Lane,
  chat: Chat,
  candidates: readonly Agent[],
): Grounds => ({
  considered: state.configuredAgents,
  excluded: excludedBy(state, lane, chat),
  candidates: candidates.slice(0, CANDIDATES_SHOWN).map((agent, i) => ({
    agentId: agent.id,
    freeShare: agent.capacity > 0 ? freeOf(agent) / agent.capacity : 0,
    idleSince: new Date(agent.idleSince),
    behindBecause: i === 0 ? '' : policy.because(candidates[i - 1]!, agent),
    skills: levelsOf(agent, lane),
  })),
  filterName: chat.filterName,
  workflowVersion: chat.workflowVersion,
  target: chat.target,
  requirements: chat.requirements,
});

const levelsOf = (agent: Agent, { needs }: Lane): Record<string, number> => {
  const levels: Record<string, number> = {};
  for (const [id] of needs.skills) levels[id] = agent.config?.skills[id] ?? 0;
  return levels;
};

/** Codes of what speaks for an agent: see Explanation.reasons. */
export const reasonsFor = (lane: Lane, agent: Agent, candidates: readonly Agent[]): string[] => {
  const reasons = [`queue:${lane.needs.queueId}`];
  for (const [id] of lane.needs.skills) reasons.push(`skill:${id}:${agent.config?.skills[id] ?? 0}`);
  if (lane.needs.language) reasons.push(`language:${lane.needs.language}`);
  const place = candidates.indexOf(agent);
  const next = candidates[place + 1];
  if (candidates.length === 1) reasons.push('only_candidate');
  else if (place >= 0 && next) reasons.push(policy.merit(agent, next));
  return reasons;
};
