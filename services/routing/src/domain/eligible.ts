import { countsOf, isMember } from './lanes.js';
import { freeOf, isOpen, policy, slackOf } from './state.js';
import type { Agent, Chat, Lane, RoutingState } from './types.js';

/** Candidates that an explanation lists at most. */
export const CANDIDATES_SHOWN = 20;

/** True when the agent has room for the chat, and may have it; whether they meet its needs is asked elsewhere. */
export const canTake = (agent: Agent, chat: Chat): boolean =>
  isOpen(agent) &&
  chat.weight <= freeOf(agent) &&
  chat.weight <= slackOf(agent.team) &&
  !chat.excluded.has(agent.id);

/**
 * The agents of a lane who may have this chat, best first, CANDIDATES_SHOWN at most. Either the free agents are gone
 * through in the policy's order until enough are found, or the members of the lane, of whom the best are kept:
 * whichever is expected to be shorter. So nothing has to be kept in order for each lane.
 */
export const eligible = (state: RoutingState, lane: Lane, chat: Chat): readonly Agent[] => {
  if (state.free.size === 0) return [];
  const { open } = countsOf(state, lane);
  if (open === 0) return [];
  const expected = open <= CANDIDATES_SHOWN ? state.free.size : (CANDIDATES_SHOWN * state.free.size) / open;
  return expected <= lane.size ? fromFree(state, lane, chat) : fromMembers(state, lane, chat);
};

const fromFree = (state: RoutingState, lane: Lane, chat: Chat): readonly Agent[] => {
  const found: Agent[] = [];
  for (const agent of state.free) {
    if (!isMember(lane, agent) || !canTake(agent, chat)) continue;
    found.push(agent);
    if (found.length === CANDIDATES_SHOWN) break;
  }
  return found;
};

const fromMembers = (state: RoutingState, lane: Lane, chat: Chat): readonly Agent[] => {
  const best: Agent[] = [];
  for (const agent of membersOf(state, lane)) {
    if (!canTake(agent, chat)) continue;
    if (best.length === CANDIDATES_SHOWN && policy.compare(agent, best[CANDIDATES_SHOWN - 1]!) > 0) continue;
    let place = best.length;
    while (place > 0 && policy.compare(agent, best[place - 1]!) < 0) place--;
    best.splice(place, 0, agent);
    if (best.length > CANDIDATES_SHOWN) best.pop();
  }
  return best;
};

/** The agents who meet the needs of a lane. */
export function* membersOf(state: RoutingState, lane: Lane): Generator<Agent> {
  const { members } = lane;
  for (let word = 0; word < members.length; word++)
    for (let bits = members[word]!; bits !== 0; bits &= bits - 1)
      yield state.slots[word * 32 + (31 - Math.clz32(bits & -bits))]!;
}
