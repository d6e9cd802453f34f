import type { EventCase } from './commands.js';
import { eligible, explain } from './explain.js';
import { laneOf } from './indexes.js';
import { byTurn, freeOf, isAvailable, type Agent, type Chat, type Lane, type RoutingState } from './state.js';

/** How long an offer rings when its queue does not say, s. */
export const OFFER_TIMEOUT_SECONDS = 20;

/** What matching needs of a decision. */
interface Deciding {
  readonly state: RoutingState;
  readonly now: number;
  emit(event: EventCase): void;
}

/** Offers a waiting chat to the best agent who may have it; does nothing when there is none. */
export const offer = (decision: Deciding, chat: Chat): boolean => {
  const { state, now } = decision;
  const lane = laneOf(state, chat);
  if (lane.free.size === 0) return false;
  const candidates = eligible(lane, chat);
  const best = candidates[0];
  if (!best) return false;
  const timeout = state.queues.get(chat.queueId)?.config.offerTimeoutSeconds || OFFER_TIMEOUT_SECONDS;
  decision.emit({
    $case: 'offerMade',
    value: {
      // Made of the log's own version: the same decision gives the same id, and no other decision does.
      offerId: `${chat.id}-o${state.version + 1}`,
      conversationId: chat.id,
      agentId: best.id,
      queueId: chat.queueId,
      expiresAt: new Date(now + timeout * 1000),
      explanation: explain(state, lane, chat, candidates),
    },
  });
  return true;
};

/** Offers chats, each in its turn, for as long as this agent can take one. */
export const drain = (decision: Deciding, agent: Agent): void => {
  while (isAvailable(agent) && freeOf(agent) > 0) {
    const next = nextFor(agent);
    if (!next || !offer(decision, next)) return;
  }
};

const nextFor = (agent: Agent): Chat | undefined => {
  let best: Chat | undefined;
  for (const lane of agent.lanes) {
    const chat = firstIn(lane, agent);
    if (chat && (!best || byTurn(chat, best) < 0)) best = chat;
  }
  return best;
};

const firstIn = (lane: Lane, agent: Agent): Chat | undefined => {
  const free = freeOf(agent);
  const first = lane.waiting.first();
  if (!first || mayTake(agent, first, free)) return first;
  for (const chat of lane.waiting) if (mayTake(agent, chat, free)) return chat;
  return undefined;
};

const mayTake = (agent: Agent, chat: Chat, free: number): boolean =>
  chat.weight <= free && !chat.excluded.has(agent.id);
