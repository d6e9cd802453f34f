import { routing } from '@parley/contracts';
import type { EventCase } from './commands.js';
import { canTake, eligible, isStillMeant } from './eligible.js';
import { explain, reasonsFor, type Grounds } from './explain.js';
import { laneOf } from './lanes.js';
import { byTurn } from './orders.js';
import { freeOf, isOpen, slackOf } from './state.js';
import type { Agent, Chat, Lane, RoutingState, TeamEntry } from './types.js';

/** How long an offer rings when its queue does not say, s. */
export const OFFER_TIMEOUT_SECONDS = 20;
/** Agents who are offered the same chat at once, at most. */
export const MOST_AT_ONCE = 5;

const { KIND_QUEUE, KIND_ASSIGNED, KIND_TRANSFER } = routing.OfferMade_Kind;

/** What matching needs of a decision. */
export interface Deciding {
  readonly state: RoutingState;
  readonly now: number;
  emit(event: EventCase): void;
}

/** Offers a waiting chat to the best who may have it; does nothing when there is nobody. */
export const offer = (
  decision: Deciding,
  chat: Chat,
  candidates: readonly Agent[] = candidatesFor(decision.state, chat),
): boolean => {
  const { state } = decision;
  const best = candidates[0];
  if (!best) return false;
  if (best.id === chat.preferredAgentId) return offerReserved(decision, chat, best);
  const lane = chat.lane ?? laneOf(state, chat);
  const several = offersAtOnce(state, chat, best);
  const grounds = explain(state, lane, chat, candidates);
  for (const agent of candidates.slice(0, several)) {
    // The one before may have used up what was left to their team; what is accepted at once is for one only.
    if (agent !== best && (agent.team?.config.autoAccept || !canTake(agent, chat))) continue;
    const reasons = reasonsFor(lane, agent, candidates);
    if (several > 1) reasons.push('several_at_once');
    makeOffer(decision, chat, agent, { kind: KIND_QUEUE, reasons, grounds });
  }
  return true;
};

/**
 * The same while more than one agent or chat has become free: an agent who would be offered this chat may also be free
 * for one whose turn is before it. That one is offered instead, so that true does not say which it was.
 */
export const offerInTurn = (decision: Deciding, chat: Chat): boolean => {
  const { state } = decision;
  for (let next = chat; ;) {
    const candidates = candidatesFor(state, next);
    const before = firstBefore(state, next, candidates);
    if (!before) return offer(decision, next, candidates);
    next = before;
  }
};

/** The first chat whose turn is before this one's for an agent who would be offered it. */
const firstBefore = (state: RoutingState, chat: Chat, candidates: readonly Agent[]): Chat | undefined => {
  let first = chat;
  const several = candidates[0] ? offersAtOnce(state, chat, candidates[0]) : 0;
  for (const agent of candidates.slice(0, several)) {
    const next = nextFor(state, agent);
    if (next && byTurn(next, first) < 0) first = next;
  }
  return first === chat ? undefined : first;
};

/** Who may have a waiting chat now, best first; of one that is kept for somebody only they. */
const candidatesFor = (state: RoutingState, chat: Chat): readonly Agent[] => {
  const preferred = state.agents.get(chat.preferredAgentId);
  if (!preferred) return eligible(state, chat.lane ?? laneOf(state, chat), chat);
  return canTake(preferred, chat) && isStillMeant(preferred, chat) ? [preferred] : [];
};

const offersAtOnce = (state: RoutingState, chat: Chat, best: Agent): number =>
  best.team?.config.autoAccept
    ? 1
    : Math.min(Math.max(1, state.queues.get(chat.queueId)?.config.offerTo ?? 1), MOST_AT_ONCE);

const offerReserved = (decision: Deciding, chat: Chat, agent: Agent): boolean => {
  const lane = laneOf(decision.state, chat);
  const reasons = [...reasonsFor(lane, agent, []), chat.parked ? 'parked' : 'last_agent'];
  const grounds = explain(decision.state, lane, chat, [agent]);
  makeOffer(decision, chat, agent, { kind: KIND_QUEUE, reasons, grounds });
  return true;
};

/** Offers a chat to an agent whom somebody chose: a supervisor, or the agent who transfers it. */
export const offerChosen = (
  decision: Deciding,
  chat: Chat,
  agent: Agent,
  how: Pick<How, 'kind' | 'transferId' | 'expiresAt'>,
): void => {
  const lane = laneOf(decision.state, chat);
  const grounds = explain(decision.state, lane, chat, [agent]);
  const reasons = [how.kind === KIND_ASSIGNED ? 'assigned' : 'transfer'];
  makeOffer(decision, chat, agent, { ...how, reasons, grounds });
};

interface How {
  readonly kind: routing.OfferMade_Kind;
  readonly reasons: string[];
  readonly grounds: Grounds;
  readonly transferId?: string;
  /** ms; by the queue's time when not given. */
  readonly expiresAt?: number;
}

const makeOffer = (decision: Deciding, chat: Chat, agent: Agent, how: How): void => {
  const { state, now } = decision;
  const { kind, reasons, grounds, transferId = '' } = how;
  const seconds = state.queues.get(chat.queueId)?.config.offerTimeoutSeconds || OFFER_TIMEOUT_SECONDS;
  const own = chat.parked && chat.preferredAgentId === agent.id;
  const autoAccept = own || (agent.team?.config.autoAccept ?? false);
  // Made of the log's own version: the same decision gives the same id, and no other decision does.
  const offerId = `${chat.id}-o${state.version + 1}`;
  decision.emit({
    $case: 'offerMade',
    value: {
      offerId,
      conversationId: chat.id,
      agentId: agent.id,
      queueId: chat.queueId,
      expiresAt: new Date(how.expiresAt ?? now + seconds * 1000),
      explanation: { ...grounds, reasons },
      kind,
      transferId,
      autoAccept: autoAccept && kind !== KIND_TRANSFER,
    },
  });
  if (autoAccept && kind !== KIND_TRANSFER)
    decision.emit({ $case: 'offerAccepted', value: { offerId, conversationId: chat.id, agentId: agent.id } });
};

/** Offers chats, each in its turn, for as long as this agent can take one. */
export const drain = (decision: Deciding, agent: Agent, give: typeof offerInTurn): void => {
  while (isOpen(agent)) {
    const next = nextFor(decision.state, agent);
    if (!next || !give(decision, next)) return;
  }
};

const nextFor = (state: RoutingState, agent: Agent): Chat | undefined => {
  const free = Math.min(freeOf(agent), slackOf(agent.team));
  const { heads, laneAt } = state;
  let best: Chat | undefined;
  let turn = Infinity;
  for (const index of agent.lanes) {
    const head = heads[index]!;
    if (head > turn || head === Infinity) continue;
    const lane = laneAt[index]!;
    const chat = lane.needs.weight <= free ? firstIn(lane, agent) : undefined;
    if (!chat || (best && byTurn(chat, best) > 0)) continue;
    best = chat;
    turn = chat.turn;
  }
  for (const chat of agent.reserved)
    if (canTake(agent, chat) && isStillMeant(agent, chat) && (!best || byTurn(chat, best) < 0)) best = chat;
  return best;
};

const firstIn = ({ waiting }: Lane, agent: Agent): Chat | undefined => {
  const first = waiting.first();
  if (!first?.excluded.has(agent.id)) return first;
  for (const chat of waiting) if (!chat.excluded.has(agent.id)) return chat;
  return undefined;
};

/** The same for a team with a limit: what one member lets go of, another one may be the right one for. */
export const drainTeam = (decision: Deciding, team: TeamEntry, give: typeof offerInTurn): void => {
  while (slackOf(team) > 0) {
    let best: Chat | undefined;
    for (const agent of team.members) {
      const chat = isOpen(agent) ? nextFor(decision.state, agent) : undefined;
      if (chat && (!best || byTurn(chat, best) < 0)) best = chat;
    }
    if (!best || !give(decision, best)) return;
  }
};
