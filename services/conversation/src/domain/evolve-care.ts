import { conversation, type common } from '@parley/contracts';
import { unreachable } from '@parley/kernel';
import type { CareFact } from './events.js';
import { isOpenFollowUp, withMessage, type FollowUpState, type State } from './state.js';

const { ConversationState: Status } = conversation;
/** More than one ever waits for an answer; an older id is answered as an unknown one. */
const REMEMBERED_TRANSFERS = 16;

/** Applies one event of handing on, holding, supervising or answering later; reads no personal field. */
export const evolveCare = (
  state: State,
  version: number,
  fact: CareFact,
  actor: common.Actor,
  time: number,
): State => {
  switch (fact.$case) {
    case 'transferRequested': {
      const { transferId, fromAgentId, toAgentId, toQueueId, mode } = fact.value;
      return {
        ...state,
        version,
        transfer: { id: transferId, fromAgentId, toAgentId, toQueueId, mode, requestedAt: time },
        contentVersion: version,
      };
    }
    case 'transferred':
      return { ...withoutTransfer(state, fact.value.transferId, true), version };
    case 'transferRefused':
      return { ...withoutTransfer(state, fact.value.transferId, false), version, contentVersion: version };
    case 'held':
      return { ...state, version, status: Status.CONVERSATION_STATE_ON_HOLD, activeAt: time };
    case 'resumed':
      return { ...state, version, status: Status.CONVERSATION_STATE_ACTIVE, activeAt: time };
    case 'parked':
      return {
        ...state,
        version,
        status: Status.CONVERSATION_STATE_PARKED,
        agentIds: [],
        parkedBy: fact.value.agentId,
        activeAt: time,
      };
    case 'supervisorJoined':
      return {
        ...state,
        version,
        supervisorIds: [...state.supervisorIds, fact.value.supervisorId],
        contentVersion: version,
      };
    case 'supervisorLeft':
      return {
        ...state,
        version,
        supervisorIds: state.supervisorIds.filter((id) => id !== fact.value.supervisorId),
      };
    case 'whisperSent':
      return {
        ...state,
        version,
        messages: withMessage(state, fact.value.whisperId, version, actor, time),
        contentVersion: version,
      };
    case 'takenOver':
      return { ...state, version, contentVersion: version };
    case 'waitEstimateShown':
      return { ...state, version };
    case 'visitorInformed':
      return { ...state, version, queueId: fact.value.queueId || state.queueId };
    case 'messageRequested':
      return {
        ...state,
        version,
        status: Status.CONVERSATION_STATE_TAKING_MESSAGE,
        messageReason: fact.value.reason,
        replyBy: fact.value.replyBy?.getTime() ?? 0,
        opensAt: fact.value.opensAt?.getTime() ?? 0,
        activeAt: time,
      };
    case 'messageTaken': {
      const dueAt = fact.value.replyBy?.getTime() ?? 0;
      const { queueId } = fact.value;
      return {
        ...state,
        version,
        queueId,
        // Left again before it was answered: it stays with who has it.
        followUp: { queueId, ownerId: openOwner(state), takenAt: time, dueAt, answeredAt: 0 },
      };
    }
    case 'followUpAssigned': {
      const dueAt = fact.value.dueAt?.getTime();
      const { agentId: ownerId } = fact.value;
      return { ...state, version, followUp: changed(state, { ownerId, ...(dueAt ? { dueAt } : {}) }) };
    }
    case 'followUpAnswered':
      return {
        ...state,
        version,
        followUp: changed(state, {
          answeredAt: time,
          ownerId: state.followUp?.ownerId || fact.value.agentId,
        }),
      };
    case 'handedToBot':
      return {
        ...state,
        version,
        status: Status.CONVERSATION_STATE_BOT,
        activeAt: time,
        botAwaitedSince: time,
      };
    default:
      return unreachable(fact);
  }
};

const withoutTransfer = (state: State, id: string, done: boolean): State => ({
  ...state,
  transfer: undefined,
  pastTransfers: [...state.pastTransfers.slice(1 - REMEMBERED_TRANSFERS), { id, done }],
});

const openOwner = ({ followUp }: State): string =>
  isOpenFollowUp(followUp) ? (followUp?.ownerId ?? '') : '';

const changed = (state: State, change: Partial<FollowUpState>): FollowUpState | undefined =>
  state.followUp && { ...state.followUp, ...change };
