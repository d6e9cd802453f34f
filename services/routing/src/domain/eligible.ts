import { countsOf, isMember, meets, needsOf } from './lanes.js';
import { freeOf, isAvailable, isOpen, policy, slackOf } from './state.js';
import type { Agent, Chat, Lane, Needs, RoutingState } from './types.js';

/** Candidates that an explanation lists at most. */
export const CANDIDATES_SHOWN = 20;

/** True when the agent has room for the chat, and may have it; whether they meet its needs is asked elsewhere. */
export const canTake = (agent: Agent, chat: Chat): boolean => isOpen(agent) && mayHave(agent, chat);

/** True when the agent for whom a chat is kept may still have it: a parked one is their own, whatever it needs. */
export const isStillMeant = (agent: Agent, chat: Chat): boolean => chat.parked || meets(agent, needsOf(chat));

/** True when there is room for the chat with an agent who is open. */
export const hasRoom = (agent: Agent, { weight }: Pick<Chat, 'weight'>): boolean =>
  weight <= freeOf(agent) && weight <= slackOf(agent.team);

/** The same for one who is known to be open, unless they declined, missed or gave away the chat. */
const mayHave = (agent: Agent, chat: Chat): boolean => hasRoom(agent, chat) && !chat.excluded.has(agent.id);

/**
 * The agents of a lane who may have this chat, best first, CANDIDATES_SHOWN at most. Either the free agents are gone
 * through in the policy's order until enough are found, or those of them who are members of the lane, of whom the best
 * are kept: whichever is expected to be shorter. So nothing has to be kept in order for each lane.
 */
export const eligible = (state: RoutingState, lane: Lane, chat: Chat): readonly Agent[] => {
  const { open } = countsOf(state, lane);
  if (open === 0) return [];
  const ordered = (CANDIDATES_SHOWN * state.free.size) / open;
  return open > CANDIDATES_SHOWN && ordered < open + lane.members.length
    ? fromFree(state, lane, chat)
    : fromMembers(state, lane, chat);
};

const fromFree = (state: RoutingState, lane: Lane, chat: Chat): readonly Agent[] => {
  const found: Agent[] = [];
  for (const agent of state.free) {
    if (!isMember(lane, agent) || !mayHave(agent, chat)) continue;
    found.push(agent);
    if (found.length === CANDIDATES_SHOWN) break;
  }
  return found;
};

const fromMembers = ({ open, slots }: RoutingState, { members }: Lane, chat: Chat): readonly Agent[] => {
  const best: Agent[] = [];
  const words = Math.min(members.length, open.length);
  for (let word = 0; word < words; word++)
    for (let bits = members[word]! & open[word]!; bits !== 0; bits &= bits - 1) {
      const agent = slots[word * 32 + (31 - Math.clz32(bits & -bits))]!;
      if (mayHave(agent, chat)) keep(best, agent);
    }
  return best;
};

const keep = (best: Agent[], agent: Agent): void => {
  const { length } = best;
  if (length === CANDIDATES_SHOWN && policy.compare(agent, best[length - 1]!) > 0) return;
  let place = length;
  while (place > 0 && policy.compare(agent, best[place - 1]!) < 0) place--;
  best.splice(place, 0, agent);
  if (best.length > CANDIDATES_SHOWN) best.pop();
};

/** Who is there for a chat: somebody who could have it now; somebody, but it would wait for them; nobody. */
export type Staffing = 'free' | 'later' | 'nobody';

/** The same rules for a chat that does not exist yet. No lane is asked or made: asking must not change the state. */
export const staffingOf = (state: RoutingState, needs: Needs): Staffing => {
  let found: Staffing = 'nobody';
  for (const agent of state.queues.get(needs.queueId)?.agents ?? []) {
    if (!isAvailable(agent) || !couldEverTake(agent, needs) || !meets(agent, needs)) continue;
    if (isOpen(agent) && hasRoom(agent, needs)) return 'free';
    found = 'later';
  }
  return found;
};

const couldEverTake = ({ capacity, team }: Agent, { weight }: Needs): boolean =>
  weight <= capacity && weight <= (team?.config.maxUsed || Infinity);

/** The agents who meet the needs of a lane. */
export function* membersOf({ slots }: RoutingState, { members }: Lane): Generator<Agent> {
  for (let word = 0; word < members.length; word++)
    for (let bits = members[word]!; bits !== 0; bits &= bits - 1)
      yield slots[word * 32 + (31 - Math.clz32(bits & -bits))]!;
}
