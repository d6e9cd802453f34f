import { routing } from '@parley/contracts';
import { failedPrecondition, notFound, permissionDenied } from '@parley/kernel';
import type { Decision, Refusal } from './decision.js';
import { byTurn, capacityOf, type Agent, type Chat, type RoutingState } from './state.js';

/** The conversation an offer is about: an offer's id begins with it. */
export const conversationOfOffer = (offerId: string): string => offerId.replace(/-o\d+$/, '');

const chatOfOffer = (state: RoutingState, offerId: string): Chat | undefined => {
  const chat = state.chats.get(conversationOfOffer(offerId));
  return chat?.offerId === offerId ? chat : undefined;
};

const notYours = (): Refusal =>
  permissionDenied('NOT_YOUR_OFFER', 'This offer was made to another agent; only they can answer it.');
const over = (): Refusal =>
  failedPrecondition(
    'OFFER_NOT_PENDING',
    'This offer is over: it was answered, timed out or withdrawn. The chat goes to somebody else.',
  );

/** The agent takes the chat. Accepting the same offer again changes nothing. */
export const acceptOffer = (decision: Decision, offerId: string, agentId: string): Refusal => {
  const chat = chatOfOffer(decision.state, offerId);
  if (!chat) return over();
  if (chat.agentId !== agentId) return notYours();
  if (chat.phase === 'active') return undefined;
  decision.emit({ $case: 'offerAccepted', value: { offerId, conversationId: chat.id, agentId } });
  return undefined;
};

/** The agent does not take the chat: it goes to the next, and is not offered to them for a while. */
export const declineOffer = (
  decision: Decision,
  { offerId, agentId, reason }: { offerId: string; agentId: string; reason: string },
): Refusal => {
  const chat = chatOfOffer(decision.state, offerId);
  if (chat?.phase !== 'offered') return over();
  if (chat.agentId !== agentId) return notYours();
  decision.emit({ $case: 'offerDeclined', value: { offerId, conversationId: chat.id, agentId, reason } });
  decision.touchChat(chat.id);
  decision.touchAgent(decision.state.agents.get(agentId));
  return undefined;
};

/** The agent is done with the after-chat work. */
export const endWrapUp = (decision: Decision, conversationId: string, agentId: string): Refusal => {
  const agent = decision.state.agents.get(agentId);
  if (!agent?.wrapUps.has(conversationId))
    return notFound(
      'NO_WRAP_UP',
      'You have no after-chat work for this conversation; there is nothing to end.',
    );
  decision.emit({ $case: 'wrapUpEnded', value: { conversationId, agentId } });
  decision.touchAgent(agent);
  return undefined;
};

/** Withdraws an offer; the chat keeps its place and may be offered again at once. */
export const rescind = (decision: Decision, chat: Chat, reason: routing.OfferRescinded_Reason): void => {
  const { offerId, id: conversationId, agentId } = chat;
  decision.emit({ $case: 'offerRescinded', value: { offerId, conversationId, agentId, reason } });
  decision.touchChat(conversationId);
  decision.touchAgent(decision.state.agents.get(agentId));
};

/** Withdraws every pending offer of an agent who cannot answer. */
export const rescindAll = (decision: Decision, agent: Agent): void => {
  for (const chat of pendingOf(decision.state, agent))
    rescind(decision, chat, routing.OfferRescinded_Reason.REASON_AGENT_GONE);
};

/** Withdraws offers, the chat whose turn was last first, until the agent's capacity holds what they have. */
export const rescindExcess = (decision: Decision, agent: Agent): void => {
  for (const chat of pendingOf(decision.state, agent).reverse()) {
    if (agent.used <= capacityOf(agent)) return;
    rescind(decision, chat, routing.OfferRescinded_Reason.REASON_CAPACITY_LOWERED);
  }
};

const pendingOf = (state: RoutingState, agent: Agent): Chat[] =>
  [...agent.offers]
    .map((id) => state.chats.get(id))
    .filter((chat) => chat !== undefined)
    .sort(byTurn);
