import type { routing } from '@parley/contracts';
import { policy } from './indexes.js';
import { capacityOf, freeOf, type Agent, type Chat, type Lane, type RoutingState } from './state.js';

/** Candidates that an explanation lists at most. */
export const CANDIDATES_SHOWN = 20;

/** The agents who may have this chat, best first, CANDIDATES_SHOWN at most. */
export const eligible = (lane: Lane, chat: Chat): readonly Agent[] => {
  const found: Agent[] = [];
  for (const agent of lane.free) {
    if (chat.weight > freeOf(agent) || chat.excluded.has(agent.id)) continue;
    found.push(agent);
    if (found.length === CANDIDATES_SHOWN) break;
  }
  return found;
};

/** What every rule did to the agents at this moment: counts by rule, the best candidates and what parts them. */
export const explain = (
  state: RoutingState,
  lane: Lane,
  chat: Chat,
  candidates: readonly Agent[],
): routing.Explanation => {
  const tooFull = lane.available - lane.free.size + tooHeavy(lane, chat);
  return {
    considered: state.configuredAgents,
    excluded: [
      { rule: 'serves_queue', agents: state.configuredAgents - lane.members },
      { rule: 'available', agents: lane.members - lane.available },
      { rule: 'free_capacity', agents: tooFull },
      { rule: 'declined_or_timed_out', agents: turnedAway(state, lane, chat) },
    ],
    candidates: candidates.map((agent, i) => ({
      agentId: agent.id,
      freeShare: freeOf(agent) / capacityOf(agent),
      idleSince: new Date(agent.idleSince),
      behindBecause: i === 0 ? '' : policy.because(candidates[i - 1]!, agent),
    })),
  };
};

const tooHeavy = (lane: Lane, chat: Chat): number => {
  // Everybody in `free` has one unit left: only a heavier chat needs the count.
  if (chat.weight <= 1) return 0;
  let count = 0;
  for (const agent of lane.free) if (chat.weight > freeOf(agent)) count++;
  return count;
};

const turnedAway = (state: RoutingState, lane: Lane, chat: Chat): number => {
  let count = 0;
  for (const id of chat.excluded.keys()) {
    const agent = state.agents.get(id);
    if (agent && chat.weight <= freeOf(agent) && lane.free.has(agent)) count++;
  }
  return count;
};
