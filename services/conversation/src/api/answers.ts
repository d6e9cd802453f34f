import { conversation } from '@parley/contracts';
import type { RequestContext } from '@parley/kernel';
import { followUpOf } from '../domain/rows.js';
import { isOpenFollowUp, senderKey, type State } from '../domain/state.js';
import type { View } from '../domain/view-types.js';
import { actorOf } from '../principals.js';

const dateOf = (ms: number): Date | undefined => (ms > 0 ? new Date(ms) : undefined);

/** The head of a conversation as the caller may see it. */
export const conversationOf = (
  context: RequestContext,
  conversationId: string,
  state: State,
  view: View,
): conversation.Conversation => {
  const visitor = context.principal.role === 'visitor';
  const hidden = visitor && state.closeReason === conversation.CloseReason.CLOSE_REASON_SPAM;
  return {
    conversationId,
    version: state.version,
    state: state.status,
    contactId: state.contactId,
    queueId: state.queueId,
    agentIds: [...state.agentIds],
    channel: state.channel,
    locale: state.locale,
    topic: state.topic,
    startedAt: dateOf(state.startedAt),
    closedAt: dateOf(state.closedAt),
    closeReason: hidden ? conversation.CloseReason.CLOSE_REASON_UNSPECIFIED : state.closeReason,
    rating: state.rating,
    visitorReadVersion: state.visitorRead,
    agentReadVersion: state.agentRead,
    visitorClientSeq: state.clientSeqs[VISITOR + state.contactId] ?? 0,
    ownClientSeq: state.clientSeqs[senderKey(actorOf(context.principal))] ?? 0,
    agentName: state.agentIds.length > 0 ? view.agentName : '',
    supervisorIds: [...state.supervisorIds],
    transfer: visitor ? undefined : transferOf(state, view),
    replyBy: dateOf(isOpenFollowUp(state.followUp) ? (state.followUp?.dueAt ?? 0) : state.replyBy),
    opensAt: dateOf(state.opensAt),
    followUp: visitor || !view.followUp ? undefined : followUpOf(conversationId, view, view.followUp),
    messageReason: state.messageReason,
  };
};

const transferOf = ({ transfer }: State, view: View): conversation.PendingTransfer | undefined =>
  transfer && {
    transferId: transfer.id,
    fromAgentId: transfer.fromAgentId,
    toAgentId: transfer.toAgentId,
    toQueueId: transfer.toQueueId,
    mode: transfer.mode,
    requestedAt: new Date(transfer.requestedAt),
    summary: view.transferId === transfer.id ? view.transferSummary : '',
  };

const VISITOR = senderKey({ kind: 1, id: '', name: '' });

/** Version and time of a message: the state remembers it also when another command had brought it. */
export const messagePlace = (
  state: State,
  messageId: string,
  otherwise: { readonly version: number; readonly time: number },
): { version: number; time: number } =>
  state.messages.findLast((message) => message.id === messageId) ?? otherwise;
