import { conversation } from '@parley/contracts';
import { unreachable } from '@parley/kernel';
import type { CareFact } from './events.js';
import type { FollowUpView, View } from './view-types.js';

const { ConversationState: Status } = conversation;
const LONGEST_TEXT = 2_000;

/** Applies one event of handing on, holding, supervising or answering later to what lists show. */
export const evolveViewCare = (view: View, version: number, fact: CareFact, time: number): View => {
  switch (fact.$case) {
    case 'transferRequested':
      return { ...view, version, transferId: fact.value.transferId, transferSummary: fact.value.summary };
    case 'transferred':
    case 'transferRefused':
      return { ...view, version, transferId: '', transferSummary: '' };
    case 'held':
      return { ...view, version, status: Status.CONVERSATION_STATE_ON_HOLD };
    case 'resumed':
      return { ...view, version, status: Status.CONVERSATION_STATE_ACTIVE };
    case 'parked':
      return {
        ...view,
        version,
        status: Status.CONVERSATION_STATE_PARKED,
        agentIds: [],
        parkedBy: fact.value.agentId,
      };
    case 'supervisorJoined': {
      const id = fact.value.supervisorId;
      const past = view.pastAgentIds;
      return {
        ...view,
        version,
        supervisorIds: [...view.supervisorIds, id],
        pastAgentIds: past.includes(id) ? past : [...past, id],
      };
    }
    case 'supervisorLeft':
      return {
        ...view,
        version,
        supervisorIds: view.supervisorIds.filter((id) => id !== fact.value.supervisorId),
      };
    case 'visitorInformed':
      return {
        ...view,
        version,
        queueId: fact.value.queueId || view.queueId,
        escalated: view.escalated || fact.value.next === conversation.VisitorInformed_Next.NEXT_ESCALATED,
      };
    case 'messageRequested':
      return {
        ...view,
        version,
        status: Status.CONVERSATION_STATE_TAKING_MESSAGE,
        queuedSince: 0,
        escalated: false,
      };
    case 'messageTaken': {
      const { queueId } = fact.value;
      const dueAt = fact.value.replyBy?.getTime() ?? 0;
      // Left again before it was answered: one answer for both, by who has it.
      const open = view.followUp?.answeredAt === 0 && !view.followUp.erased ? view.followUp : undefined;
      const text = [open?.text, view.waitingText].filter(Boolean).join('\n').slice(0, LONGEST_TEXT);
      const ownerId = open?.ownerId ?? '';
      const followUp = { queueId, ownerId, text, takenAt: time, dueAt, answeredAt: 0, erased: false };
      return { ...view, version, queueId, followUp };
    }
    case 'followUpAssigned': {
      const dueAt = fact.value.dueAt?.getTime();
      const { agentId: ownerId } = fact.value;
      return { ...view, version, followUp: changed(view, { ownerId, ...(dueAt ? { dueAt } : {}) }) };
    }
    case 'followUpAnswered':
      return {
        ...view,
        version,
        followUp: changed(view, {
          answeredAt: time,
          ownerId: view.followUp?.ownerId || fact.value.agentId,
        }),
      };
    case 'handedToBot':
      return { ...view, version, status: Status.CONVERSATION_STATE_BOT, queuedSince: 0, escalated: false };
    case 'whisperSent':
    case 'takenOver':
    case 'waitEstimateShown':
      return { ...view, version };
    default:
      return unreachable(fact);
  }
};

const changed = (view: View, change: Partial<FollowUpView>): FollowUpView | undefined =>
  view.followUp && { ...view.followUp, ...change };
