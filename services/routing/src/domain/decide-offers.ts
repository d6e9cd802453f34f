import { routing } from '@parley/contracts';
import { failedPrecondition, notFound, permissionDenied } from '@parley/kernel';
import { transferReturned } from './decide-transfers.js';
import type { Decision } from './decision.js';
import { byTurn } from './orders.js';
import type { Refusal } from './refusal.js';
import { slackOf, type Agent, type Chat, type TeamEntry } from './state.js';
import { pendingOf, rescind, rescindOffers, type Pending } from './withdraw.js';

const Reason = routing.OfferRescinded_Reason;
const Outcome = routing.TransferEnded_Outcome;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** The conversation an offer is about: an offer's id begins with it. */
export const conversationOfOffer = (offerId: string): string => {
  let end = offerId.length;
  while (end > 0 && isDigit(offerId.charCodeAt(end - 1))) end--;
  return end < offerId.length && offerId.endsWith('-o', end) ? offerId.slice(0, end - 2) : offerId;
};

const pending = (chat: Chat | undefined, offerId: string): Pending | undefined => {
  const offer = chat?.offers.find(({ id }) => id === offerId);
  return chat && offer ? { chat, offer } : undefined;
};

const notYours = (): Refusal =>
  permissionDenied('NOT_YOUR_OFFER', 'This offer was made to another agent; only they can answer it.');
const over = (): Refusal =>
  failedPrecondition(
    'OFFER_NOT_PENDING',
    'This offer is over: it was answered, timed out or withdrawn. The chat goes to somebody else.',
  );

/** The agent takes the chat; whoever else was offered it is not any more. Accepting again changes nothing. */
export const acceptOffer = (decision: Decision, offerId: string, agentId: string): Refusal => {
  const { state } = decision;
  const chat = state.chats.get(conversationOfOffer(offerId));
  const accepted = chat?.assignments.find((assignment) => assignment.offerId === offerId);
  if (accepted) return accepted.agentId === agentId ? undefined : notYours();
  const found = pending(chat, offerId);
  if (!found) return over();
  const { offer } = found;
  if (offer.agentId !== agentId) return notYours();
  const conversationId = found.chat.id;
  decision.emit({ $case: 'offerAccepted', value: { offerId, conversationId, agentId } });
  rescindOffers(decision, found.chat, Reason.REASON_ACCEPTED_BY_OTHER);
  if (offer.transferId) {
    const { transferId } = offer;
    const outcome = Outcome.OUTCOME_ACCEPTED;
    decision.emit({ $case: 'transferEnded', value: { conversationId, transferId, outcome, reason: '' } });
  }
  return undefined;
};

/** The agent does not take the chat: it goes to the next, and is not offered to them for a while. */
export const declineOffer = (
  decision: Decision,
  { offerId, agentId, reason }: { offerId: string; agentId: string; reason: string },
): Refusal => {
  const found = pending(decision.state.chats.get(conversationOfOffer(offerId)), offerId);
  if (!found) return over();
  const { chat, offer } = found;
  if (offer.agentId !== agentId) return notYours();
  decision.emit({ $case: 'offerDeclined', value: { offerId, conversationId: chat.id, agentId, reason } });
  transferReturned(decision, chat, offer, Outcome.OUTCOME_DECLINED, reason);
  decision.touchChat(chat.id);
  decision.touchAgent(decision.state.agents.get(agentId));
  return undefined;
};

/** The offer rang out: the agent counts as not responding, and has none of their other offers any more. */
export const timeOut = (decision: Decision, conversationId: string, agentId: string): void => {
  const agent = decision.state.agents.get(agentId);
  const chat = decision.state.chats.get(conversationId);
  const offer = chat?.offers.find((each) => each.agentId === agentId);
  if (!agent || !chat || !offer) return;
  const { id: offerId } = offer;
  decision.emit({ $case: 'offerTimedOut', value: { offerId, conversationId, agentId } });
  decision.emit({ $case: 'agentNotResponding', value: { agentId, offerId } });
  decision.touchChat(conversationId);
  decision.touchAgent(agent);
  transferReturned(decision, chat, offer, Outcome.OUTCOME_TIMED_OUT);
  // Whoever did not hear one offer does not hear the others: nobody should wait for them.
  agentGone(decision, agent);
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

/**
 * Withdraws every pending offer of an agent who cannot answer, and lets go of the chats that were kept for them. A
 * parked chat is kept for as long as its agent is there at all.
 */
export const agentGone = (decision: Decision, agent: Agent): void => {
  for (const found of pendingOf(decision.state, agent)) giveBack(decision, found, Reason.REASON_AGENT_GONE);
  const here = agent.online && agent.reported !== routing.AgentStatus.AGENT_STATUS_OFFLINE;
  for (const chat of [...agent.reserved].sort(byTurn)) {
    if (chat.parked && here) continue;
    const reason = routing.PreferenceEnded_Reason.REASON_AGENT_GONE;
    decision.emit({
      $case: 'preferenceEnded',
      value: { conversationId: chat.id, agentId: agent.id, reason },
    });
    decision.touchChat(chat.id);
  }
};

const giveBack = (
  decision: Decision,
  { chat, offer }: Pending,
  reason: routing.OfferRescinded_Reason,
): void => {
  rescind(decision, chat, offer, reason);
  transferReturned(decision, chat, offer, Outcome.OUTCOME_UNAVAILABLE);
};

/** Withdraws offers, the chat whose turn was last first, until agent and team may hold what they have. */
export const rescindExcess = (decision: Decision, agent: Agent): void => {
  rescindExcessOf(decision, agent);
  if (agent.team) rescindExcessOfTeam(decision, agent.team);
};

const rescindExcessOf = (decision: Decision, agent: Agent): void => {
  const most = agent.config?.maxChats ?? 0;
  for (const found of pendingOf(decision.state, agent).reverse()) {
    const many = most > 0 && agent.offers.size + agent.chats.size > most;
    if (agent.used <= agent.capacity && !many) return;
    giveBack(decision, found, Reason.REASON_CAPACITY_LOWERED);
  }
};

const rescindExcessOfTeam = (decision: Decision, team: TeamEntry): void => {
  if (slackOf(team) > 0 || team.used <= team.config.maxUsed) return;
  const offers = [...team.members]
    .flatMap((agent) => pendingOf(decision.state, agent))
    .sort((a, b) => b.chat.turn - a.chat.turn || b.chat.seq - a.chat.seq);
  for (const found of offers) {
    if (team.used <= team.config.maxUsed) return;
    giveBack(decision, found, Reason.REASON_CAPACITY_LOWERED);
  }
};
