import { routing } from '@parley/contracts';
import { failedPrecondition, invalidArgument, notFound } from '@parley/kernel';
import { endAssignment } from './decide-conversations.js';
import { endPreference, move } from './decide-failsafe.js';
import { rescindExcess } from './decide-offers.js';
import { endTransfer } from './decide-transfers.js';
import type { Decision } from './decision.js';
import { offerChosen } from './match.js';
import type { Refusal } from './refusal.js';
import { freeOf, isAvailable, slackOf, type Chat } from './state.js';
import { rescindOffers } from './withdraw.js';

const Rescinded = routing.OfferRescinded_Reason;

/** A supervisor gives a waiting chat to an agent, whatever the rules but capacity say, or moves it to a queue. */
export const assignConversation = (
  decision: Decision,
  { conversationId, agentId, queueId }: { conversationId: string; agentId: string; queueId: string },
): Refusal => {
  if ((agentId === '') === (queueId === ''))
    return invalidArgument('agentId', 'name either an agent or a queue, such as "agentId": "ann"');
  const chat = decision.state.chats.get(conversationId);
  if (chat?.phase === 'active')
    return failedPrecondition(
      'ALREADY_ASSIGNED',
      'An agent has this chat already: use TransferConversation to give it to somebody else.',
    );
  if (!chat || chat.phase === 'detached')
    return failedPrecondition(
      'NOT_WAITING',
      'This chat does not wait for an agent; reload to see its state.',
    );
  return agentId ? giveTo(decision, chat, agentId) : moveTo(decision, chat, queueId);
};

const giveTo = (decision: Decision, chat: Chat, agentId: string): Refusal => {
  const agent = decision.state.agents.get(agentId);
  if (!agent?.config)
    return notFound('NO_SUCH_AGENT', `There is no agent "${agentId}"; ListAgents shows those there are.`);
  if (chat.offers.some((offer) => offer.agentId === agentId))
    return failedPrecondition('ALREADY_OFFERED', 'This chat rings with that agent at this moment.');
  if (!isAvailable(agent))
    return failedPrecondition(
      'AGENT_UNAVAILABLE',
      'That agent is not available now: choose another one, or set their status first.',
    );
  if (freeOf(agent) < chat.weight || slackOf(agent.team) < chat.weight)
    return failedPrecondition(
      'AGENT_FULL',
      'That agent, or their team, has as many chats as they may have: choose another one, or raise the limit.',
    );
  rescindOffers(decision, chat, Rescinded.REASON_REASSIGNED);
  endPreference(decision, chat, routing.PreferenceEnded_Reason.REASON_MOVED);
  offerChosen(decision, chat, agent, { kind: routing.OfferMade_Kind.KIND_ASSIGNED });
  return undefined;
};

const moveTo = (decision: Decision, chat: Chat, queueId: string): Refusal => {
  const queue = decision.state.queues.get(queueId);
  if (!queue)
    return notFound('NO_SUCH_QUEUE', `There is no queue "${queueId}"; ListQueues shows those there are.`);
  if (chat.queueId === queueId)
    return failedPrecondition('ALREADY_THERE', 'This chat is in that queue already; choose another one.');
  if (!queue.open)
    return failedPrecondition('QUEUE_CLOSED', 'That queue is closed at this hour; choose another one.');
  rescindOffers(decision, chat, Rescinded.REASON_MOVED);
  move(decision, chat, queueId, routing.TargetEntered_Cause.CAUSE_MOVED);
  return undefined;
};

/** A supervisor has taken the chat over: nobody else has it or is offered it any more. */
export const startAssignment = (
  decision: Decision,
  started: { conversationId: string; agentId: string; weight: number; sourceVersion: number },
): undefined => {
  const { state } = decision;
  const { conversationId, agentId, sourceVersion } = started;
  const chat = state.chats.get(conversationId);
  const known = chat?.sourceVersion ?? state.ended.get(conversationId) ?? -1;
  if (sourceVersion > 0 && sourceVersion <= known) return;
  if (chat) {
    endTransfer(decision, chat, routing.TransferEnded_Outcome.OUTCOME_CANCELLED);
    rescindOffers(decision, chat, Rescinded.REASON_REASSIGNED);
    if (chat.phase === 'waiting')
      decision.emit({
        $case: 'conversationDequeued',
        value: {
          conversationId,
          queueId: chat.queueId,
          reason: routing.ConversationDequeued_Reason.REASON_TAKEN_OVER,
          sourceVersion,
        },
      });
    // One that they accepted, too: whatever becomes of its join, they have the chat.
    for (const assignment of chat.assignments)
      if (assignment.agentId !== agentId || assignment.offerId)
        endAssignment(decision, chat, assignment, routing.AssignmentEnded_Reason.REASON_TAKEN_OVER, 0);
  }
  if (chat?.assignments.some((assignment) => assignment.agentId === agentId)) return;
  const weight = started.weight || (chat?.weight ?? 1);
  decision.emit({ $case: 'assignmentStarted', value: { conversationId, agentId, weight, sourceVersion } });
  const agent = state.agents.get(agentId);
  if (agent) rescindExcess(decision, agent);
};
