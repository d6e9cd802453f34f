import { routing } from '@parley/contracts';
import { notFound } from '@parley/kernel';
import type { Decision } from './decision.js';
import { eligible, hasRoom } from './eligible.js';
import { laneOf } from './lanes.js';
import { offerChosen } from './match.js';
import type { Refusal } from './refusal.js';
import { withoutSkills } from './routes.js';
import { isOpen, type Agent, type Chat, type PendingOffer, type Transfer } from './state.js';
import { rescindOffers } from './withdraw.js';

/** How long the other agent has to accept when the transfer does not say, s. */
export const TRANSFER_SECONDS = 30;

const { KIND_TRANSFER } = routing.OfferMade_Kind;
const Outcome = routing.TransferEnded_Outcome;

/** Asks another agent to take the chat, or to come into it. Whoever has it goes on until they have accepted. */
export const requestTransfer = (decision: Decision, requested: routing.TransferRequested): Refusal => {
  const { state, now } = decision;
  const { conversationId, transferId } = requested;
  const chat = state.chats.get(conversationId);
  // Told again, while it goes on or after it was accepted.
  if (chat?.transfer?.id === transferId) return undefined;
  if (chat?.assignments.some((assignment) => assignment.transferId === transferId)) return undefined;
  if (chat?.transfer) endTransfer(decision, chat, Outcome.OUTCOME_CANCELLED);
  const expiresAt = requested.expiresAt ?? new Date(now + TRANSFER_SECONDS * 1000);
  decision.emit({ $case: 'transferRequested', value: { ...requested, expiresAt } });
  if (chat?.phase === 'active') goOn(decision, chat, Outcome.OUTCOME_UNAVAILABLE, '', '');
  else {
    const outcome = Outcome.OUTCOME_UNAVAILABLE;
    decision.emit({ $case: 'transferEnded', value: { conversationId, transferId, outcome, reason: '' } });
  }
  return undefined;
};

/** The agent who asked does not want it any more. */
export const cancelTransfer = (decision: Decision, conversationId: string, transferId: string): Refusal => {
  const chat = decision.state.chats.get(conversationId);
  if (chat?.transfer?.id !== transferId)
    return notFound('NO_SUCH_TRANSFER', 'This transfer is over: it was accepted, refused or cancelled.');
  endTransfer(decision, chat, Outcome.OUTCOME_CANCELLED);
  return undefined;
};

/** Offers the chat to the next who may be asked; without one the transfer ends, and the first agent goes on. */
const goOn = (
  decision: Decision,
  chat: Chat,
  outcome: routing.TransferEnded_Outcome,
  reason: string,
  except: string,
): void => {
  const { transfer } = chat;
  if (!transfer) return;
  const agent = nextFor(decision, chat, transfer, except);
  if (!agent) return endTransfer(decision, chat, outcome, reason);
  const { id: transferId, expiresAt } = transfer;
  offerChosen(decision, chat, agent, { kind: KIND_TRANSFER, transferId, expiresAt });
};

const nextFor = (decision: Decision, chat: Chat, transfer: Transfer, except: string): Agent | undefined => {
  const { state, now } = decision;
  const { toAgentId, toQueueId, expiresAt } = transfer;
  if (expiresAt <= now) return undefined;
  const has = (agent: Agent): boolean =>
    agent.id === except || agent.chats.has(chat.id) || agent.offers.has(chat.id);
  if (!toQueueId) {
    // Who is asked by name may have declined before: this time a colleague asks.
    const agent = state.agents.get(toAgentId);
    return agent && !has(agent) && isOpen(agent) && hasRoom(agent, chat) ? agent : undefined;
  }
  const sought: Chat = { ...chat, queueId: toQueueId, requirements: withoutSkills(chat.requirements) };
  return eligible(state, laneOf(state, sought), sought).find((agent) => !has(agent));
};

/** Ends a transfer that was not accepted, with the offer that belongs to it. */
export const endTransfer = (
  decision: Decision,
  chat: Chat,
  outcome: routing.TransferEnded_Outcome,
  reason = '',
): void => {
  const { transfer } = chat;
  if (!transfer) return;
  rescindOffers(decision, chat, routing.OfferRescinded_Reason.REASON_TRANSFER_ENDED);
  decision.emit({
    $case: 'transferEnded',
    value: { conversationId: chat.id, transferId: transfer.id, outcome, reason },
  });
};

/** What follows when an offer did not lead to anything: the next of the queue is asked, or the transfer is over. */
export const transferReturned = (
  decision: Decision,
  chat: Chat,
  offer: PendingOffer,
  outcome: routing.TransferEnded_Outcome,
  reason = '',
): void => {
  if (offer.kind === KIND_TRANSFER && chat.transfer?.id === offer.transferId)
    goOn(decision, chat, outcome, reason, offer.agentId);
};
