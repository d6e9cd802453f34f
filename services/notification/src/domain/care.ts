import { conversation } from '@parley/contracts';
import { nameOf, type Content } from './events.js';

type CareEvent = Extract<
  NonNullable<conversation.ConversationEvent['event']>,
  {
    $case:
      | 'transferRequested'
      | 'transferred'
      | 'transferRefused'
      | 'held'
      | 'resumed'
      | 'parked'
      | 'supervisorJoined'
      | 'supervisorLeft'
      | 'whisperSent'
      | 'takenOver'
      | 'waitEstimateShown'
      | 'visitorInformed'
      | 'messageRequested'
      | 'messageTaken'
      | 'followUpAssigned'
      | 'followUpAnswered'
      | 'handedToBot';
  }
>;

/** Handing on, holding, supervising, answering later. Summaries stay inside, as notes do. */
export const careContentOf = (it: CareEvent): Content | undefined => {
  switch (it.$case) {
    case 'transferRequested': {
      const { summary: _inside, mode, ...transfer } = it.value;
      return ['conversation.transfer_requested', { ...transfer, mode: modeOf(mode) }];
    }
    case 'transferred': {
      const { mode, ...transfer } = it.value;
      return ['conversation.transferred', { ...transfer, mode: modeOf(mode) }];
    }
    case 'transferRefused': {
      const reason = nameOf(conversation.transferRefused_ReasonToJSON(it.value.reason), 'REASON_');
      return ['conversation.transfer_refused', { transferId: it.value.transferId, reason }];
    }
    case 'held':
      return ['conversation.held', { agentId: it.value.agentId }];
    case 'resumed':
      return ['conversation.resumed', { agentId: it.value.agentId }];
    case 'parked':
      return ['conversation.parked', { agentId: it.value.agentId }];
    case 'supervisorJoined':
      return ['conversation.supervised', { ...it.value }];
    case 'takenOver':
      return ['conversation.taken_over', { ...it.value }];
    case 'handedToBot':
      return ['conversation.handed_to_bot', { botId: it.value.botId }];
    case 'visitorInformed': {
      const next = nameOf(conversation.visitorInformed_NextToJSON(it.value.next), 'NEXT_');
      return ['conversation.informed', { next, times: it.value.times, queueId: it.value.queueId }];
    }
    case 'messageRequested': {
      const reason = nameOf(conversation.messageRequested_ReasonToJSON(it.value.reason), 'REASON_');
      const { replyBy, opensAt } = it.value;
      return [
        'conversation.message_requested',
        { reason, replyBy: replyBy?.toISOString(), opensAt: opensAt?.toISOString() },
      ];
    }
    case 'messageTaken': {
      const { queueId, replyBy } = it.value;
      return ['conversation.message_taken', { queueId, replyBy: replyBy?.toISOString() }];
    }
    case 'followUpAssigned': {
      const { agentId, dueAt } = it.value;
      return ['conversation.follow_up_assigned', { agentId, dueAt: dueAt?.toISOString() }];
    }
    case 'followUpAnswered':
      return ['conversation.follow_up_answered', { ...it.value }];
    case 'supervisorLeft':
    case 'whisperSent':
    case 'waitEstimateShown':
      return undefined;
    default:
      return undefined;
  }
};

const modeOf = (mode: conversation.TransferRequested_Mode): string =>
  nameOf(conversation.transferRequested_ModeToJSON(mode), 'MODE_');
