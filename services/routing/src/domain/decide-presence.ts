import type { routing } from '@parley/contracts';
import { implicitAgent } from './decide-agents.js';
import { agentGone } from './decide-offers.js';
import type { Decision } from './decision.js';
import { dayOf } from './evolve-agents.js';
import { isAvailable } from './state.js';

/** Takes up what presence says of an agent; anything not newer than what is known is dropped. */
export const setPresence = (decision: Decision, report: routing.AgentPresenceChanged): void => {
  const { state, now } = decision;
  if (report.revision <= (state.agents.get(report.agentId)?.revision ?? 0n)) return;
  decision.emit({ $case: 'agentPresenceChanged', value: report });
  const agent = state.agents.get(report.agentId);
  if (!agent) return;
  if (!isAvailable(agent)) return agentGone(decision, agent);
  if (!agent.config) implicitAgent(decision, agent.id);
  if (agent.shifts === 0 || agent.shiftDay !== dayOf(now))
    decision.emit({ $case: 'shiftStarted', value: { agentId: agent.id, shifts: agent.shifts + 1 } });
  decision.touchAgent(agent);
};
