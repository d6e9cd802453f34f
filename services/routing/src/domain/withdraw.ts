import type { routing } from '@parley/contracts';
import type { Decision } from './decision.js';
import { byTurn } from './orders.js';
import type { Agent, Chat, PendingOffer, RoutingState } from './types.js';

/** Withdraws an offer; a chat of the queue keeps its place and may be offered again at once. */
export const rescind = (
  decision: Decision,
  chat: Chat,
  offer: PendingOffer,
  reason: routing.OfferRescinded_Reason,
): void => {
  const { id: offerId, agentId } = offer;
  decision.emit({ $case: 'offerRescinded', value: { offerId, conversationId: chat.id, agentId, reason } });
  decision.touchChat(chat.id);
  decision.touchAgent(decision.state.agents.get(agentId));
};

/** Withdraws every offer of a chat, except the one given. */
export const rescindOffers = (
  decision: Decision,
  chat: Chat,
  reason: routing.OfferRescinded_Reason,
  except?: PendingOffer,
): void => {
  for (const offer of chat.offers) if (offer !== except) rescind(decision, chat, offer, reason);
};

/** A pending offer with its chat. */
export interface Pending {
  readonly chat: Chat;
  readonly offer: PendingOffer;
}

/** An agent's pending offers, in the turn of their chats. */
export const pendingOf = (state: RoutingState, agent: Agent): Pending[] => {
  const found: Pending[] = [];
  for (const id of agent.offers) {
    const chat = state.chats.get(id);
    const offer = chat?.offers.find(({ agentId }) => agentId === agent.id);
    if (chat && offer) found.push({ chat, offer });
  }
  return found.sort((a, b) => byTurn(a.chat, b.chat));
};
