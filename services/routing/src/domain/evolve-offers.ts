import { routing } from '@parley/contracts';
import { quitLine, reschedule, stopWaiting, wait } from './chats.js';
import { changeAgent } from './indexes.js';
import { withBoth, type Pair } from './lookup.js';
import type { Agent, Chat, Due, PendingOffer, RoutingState } from './state.js';

const { KIND_UNSPECIFIED, KIND_QUEUE, KIND_TRANSFER } = routing.OfferMade_Kind;

/** The end of an offer, as something due. */
export const offerDue = (chat: Chat, offer: PendingOffer): Due => ({
  at: offer.expiresAt,
  kind: 'offer',
  id: chat.id,
  agentId: offer.agentId,
});

/** The agent's capacity is reserved from here on. */
export const offerMade = (state: RoutingState, made: routing.OfferMade, time: number): void =>
  withBoth(state, made, (chat, agent) => {
    const offer: PendingOffer = {
      id: made.offerId,
      agentId: agent.id,
      expiresAt: made.expiresAt?.getTime() ?? time,
      kind: made.kind === KIND_UNSPECIFIED ? KIND_QUEUE : made.kind,
      transferId: made.transferId,
      autoAccept: made.autoAccept,
      reasons: made.explanation?.reasons ?? [],
    };
    if (chat.phase === 'waiting') stopWaiting(state, chat);
    if (offer.kind !== KIND_TRANSFER) chat.phase = 'offered';
    chat.offers = [...chat.offers, offer];
    state.due.add(offerDue(chat, offer));
    reschedule(state, chat);
    changeAgent(state, agent, () => {
      agent.used += chat.weight;
      agent.offers.add(chat.id);
    });
  });

const offerOf = (chat: Chat, agentId: string): PendingOffer | undefined =>
  chat.offers.find((offer) => offer.agentId === agentId);

export const offerAccepted = (state: RoutingState, accepted: routing.OfferAccepted, time: number): void =>
  withBoth(state, accepted, (chat, agent) => {
    const offer = offerOf(chat, agent.id);
    if (!offer) return;
    dropOffer(state, chat, offer);
    if (chat.phase === 'offered') {
      quitLine(state, chat);
      const queue = state.queues.get(chat.queueId);
      if (queue) queue.active++;
      chat.phase = 'active';
      chat.preferredAgentId = '';
      reschedule(state, chat);
    }
    const { id: offerId, transferId } = offer;
    const assignment = {
      agentId: agent.id,
      offerId,
      acceptedAt: time,
      weight: chat.weight,
      transferId,
    };
    chat.assignments = [...chat.assignments, assignment];
    changeAgent(state, agent, () => {
      agent.offers.delete(chat.id);
      agent.chats.add(chat.id);
      agent.idleSince = time;
    });
  });

const dropOffer = (state: RoutingState, chat: Chat, offer: PendingOffer): void => {
  chat.offers = chat.offers.filter((other) => other !== offer);
  state.due.drop();
};

/** The agent's capacity is free again; without another offer the chat waits on, with its place and age. */
export const offerReturned = (
  state: RoutingState,
  pair: Pair,
  then: ((chat: Chat, agent: Agent) => void) | undefined,
): void =>
  withBoth(state, pair, (chat, agent) => {
    const offer = offerOf(chat, agent.id);
    if (!offer) return;
    dropOffer(state, chat, offer);
    changeAgent(state, agent, () => {
      agent.used -= chat.weight;
      agent.offers.delete(chat.id);
    });
    // Whoever had it first and did not take it has had their turn.
    if (then && chat.preferredAgentId === agent.id) chat.preferredAgentId = '';
    if (chat.phase === 'offered' && chat.offers.length === 0) wait(state, chat);
    then?.(chat, agent);
  });
