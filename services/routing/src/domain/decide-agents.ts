import { routing } from '@parley/contracts';
import { failedPrecondition, invalidArgument, notFound } from '@parley/kernel';
import { ensureDefaultQueue } from './decide-config.js';
import { agentGone, rescindExcess } from './decide-offers.js';
import type { Decision } from './decision.js';
import { byTurn } from './orders.js';
import type { Refusal } from './refusal.js';
import { DEFAULT_CAPACITY, type RoutingState } from './state.js';
import { unlessAt, unlessExpected, type Expected } from './versions.js';

const HIGHEST_LEVEL = 5;

/** Makes or changes an agent. One without queues serves the default queue. */
export const putAgent = (decision: Decision, agent: routing.Agent, expected: Expected): Refusal => {
  const { state } = decision;
  const known = state.agents.get(agent.agentId);
  const version = known?.config?.version ?? 0;
  const wrong =
    unlessExpected('agent', ['agentId', agent.agentId], version, expected) ?? wrongAgent(state, agent);
  if (wrong) return wrong;
  const queueIds = agent.queueIds.length > 0 ? [...new Set(agent.queueIds)] : [ensureDefaultQueue(decision)];
  const capacity = agent.capacity || DEFAULT_CAPACITY;
  // Their place in the former team may be somebody else's turn now.
  const former = known?.team;
  decision.emit({
    $case: 'agentConfigured',
    value: { agent: { ...agent, queueIds, capacity, version: version + 1 } },
  });
  const changed = state.agents.get(agent.agentId);
  // Chats the agent is in stay, and no new one comes until they fit again.
  if (changed) rescindExcess(decision, changed);
  decision.touchAgent(changed);
  if (former !== changed?.team) for (const member of former?.members ?? []) decision.touchAgent(member);
  return undefined;
};

const wrongAgent = (state: RoutingState, { queueIds, skills, teamId }: routing.Agent): Refusal => {
  const unknown = queueIds.filter((id) => !state.queues.has(id));
  if (unknown.length > 0)
    return invalidArgument(
      'queueIds',
      `there is no queue ${unknown.map((id) => `"${id}"`).join(', ')}; PutQueue makes one, and empty means the default queue`,
    );
  if (teamId && !state.teams.has(teamId))
    return invalidArgument('teamId', `there is no team "${teamId}"; PutTeam makes one, and empty means none`);
  for (const [skill, level] of Object.entries(skills)) {
    if (!Number.isInteger(level) || level < 1 || level > HIGHEST_LEVEL)
      return invalidArgument(`skills.${skill}`, `must be a level from 1 to ${HIGHEST_LEVEL}, such as 3`);
  }
  return undefined;
};

/** Removes an agent who has no chats; what rings with them goes to somebody else. */
export const removeAgent = (decision: Decision, agentId: string, expected: Expected): Refusal => {
  const agent = decision.state.agents.get(agentId);
  if (!agent?.config)
    return notFound('NO_SUCH_AGENT', `There is no agent "${agentId}"; ListAgents shows those there are.`);
  const stale = unlessAt('agent', agent.config.version, expected);
  if (stale) return stale;
  if (agent.chats.size > 0)
    return failedPrecondition(
      'AGENT_HAS_CHATS',
      `This agent has ${agent.chats.size} open chats; close or transfer them first.`,
    );
  agentGone(decision, agent);
  for (const chat of [...agent.reserved].sort(byTurn)) {
    const reason = routing.PreferenceEnded_Reason.REASON_AGENT_GONE;
    decision.emit({ $case: 'preferenceEnded', value: { conversationId: chat.id, agentId, reason } });
    decision.touchChat(chat.id);
  }
  for (const conversationId of [...agent.wrapUps.keys()])
    decision.emit({ $case: 'wrapUpEnded', value: { conversationId, agentId } });
  const members = agent.team?.members ?? [];
  decision.emit({ $case: 'agentRemoved', value: { agentId } });
  for (const member of members) decision.touchAgent(member);
  return undefined;
};

/** Somebody nobody configured wants chats: they serve the default queue. */
export const implicitAgent = (decision: Decision, agentId: string): void => {
  const queueIds = [ensureDefaultQueue(decision)];
  decision.emit({
    $case: 'agentConfigured',
    value: {
      agent: routing.Agent.fromPartial({ agentId, capacity: DEFAULT_CAPACITY, queueIds, version: 1 }),
    },
  });
};
