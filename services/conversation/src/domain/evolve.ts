import { common, conversation } from '@parley/contracts';
import { unreachable } from '@parley/kernel';
import { isCare, type ConversationFact } from './events.js';
import { evolveCare } from './evolve-care.js';
import { senderKey, withMessage, type State } from './state.js';

const { ConversationState: Status } = conversation;
const UNPARKED = conversation.QueueEntered_Reason.REASON_UNPARKED;

const isVisitor = (actor: common.Actor): boolean => actor.kind === common.Actor_Kind.KIND_VISITOR;

/** Applies one event. Total over every event that was ever written. */
export const evolve = (state: State, { fact, actor, time }: ConversationFact): State => {
  const version = state.version + 1;
  if (isCare(fact)) return evolveCare(state, version, fact, actor, time);
  switch (fact.$case) {
    case 'started':
      return {
        ...state,
        version,
        status: Status.CONVERSATION_STATE_QUEUED,
        contactId: fact.value.contactId,
        channel: fact.value.channel,
        locale: fact.value.locale,
        topic: fact.value.topic,
        pageUrl: fact.value.page?.url ?? '',
        awaited: true,
        openedByVisitor: isVisitor(actor),
        startedAt: time,
        openedAt: time,
        activeAt: time,
        visitorActiveAt: time,
        contentVersion: version,
      };
    case 'visitorIdentified':
      return { ...state, version, contentVersion: version };
    case 'messageSent':
      return {
        ...state,
        version,
        answered: state.answered || actor.kind === common.Actor_Kind.KIND_AGENT,
        awaited: state.awaited && actor.kind !== common.Actor_Kind.KIND_AGENT,
        // Whoever else writes to a visitor of a bot answers for it.
        botAwaitedSince: isVisitor(actor) ? state.botAwaitedSince || time : 0,
        activeAt: time,
        visitorActiveAt: isVisitor(actor) ? time : state.visitorActiveAt,
        visitorWrote: isVisitor(actor) ? version : state.visitorWrote,
        clientSeqs: fact.value.clientSeq
          ? { ...state.clientSeqs, [senderKey(actor)]: fact.value.clientSeq }
          : state.clientSeqs,
        messages: withMessage(state, fact.value.messageId, version, actor, time),
        contentVersion: version,
      };
    case 'noteAdded':
      return {
        ...state,
        version,
        messages: withMessage(state, fact.value.noteId, version, actor, time),
        contentVersion: version,
      };
    case 'readUpTo':
      return isVisitor(actor)
        ? { ...state, version, visitorRead: fact.value.version, visitorActiveAt: time }
        : { ...state, version, agentRead: Math.max(state.agentRead, fact.value.version) };
    case 'queueEntered':
      return {
        ...state,
        version,
        status: Status.CONVERSATION_STATE_QUEUED,
        queueId: fact.value.queueId,
        queueVersion: version,
        parkedBy: '',
        activeAt: fact.value.reason === UNPARKED ? time : state.activeAt,
      };
    case 'agentJoined':
      return {
        ...state,
        version,
        status: Status.CONVERSATION_STATE_ACTIVE,
        agentIds: [...state.agentIds, fact.value.agentId],
        queueId: fact.value.queueId || state.queueId,
        parkedBy: '',
        activeAt: time,
        contentVersion: version,
      };
    case 'agentLeft':
      return { ...state, version, agentIds: state.agentIds.filter((id) => id !== fact.value.agentId) };
    case 'closed':
      return {
        ...state,
        version,
        status: Status.CONVERSATION_STATE_CLOSED,
        closedAt: time,
        endedAt: fact.value.effectiveAt?.getTime() ?? time,
        closeReason: fact.value.reason,
        parkedBy: '',
      };
    case 'reopened':
      return {
        ...state,
        version,
        status: fact.value.agentId ? Status.CONVERSATION_STATE_ACTIVE : Status.CONVERSATION_STATE_QUEUED,
        agentIds: fact.value.agentId ? [fact.value.agentId] : [],
        supervisorIds: [],
        messageReason: conversation.MessageRequested_Reason.REASON_UNSPECIFIED,
        replyBy: 0,
        opensAt: 0,
        awaited: state.awaited || isVisitor(actor),
        openedByVisitor: isVisitor(actor),
        openedAt: time,
        activeAt: time,
        visitorActiveAt: isVisitor(actor) ? time : state.visitorActiveAt,
        closedAt: 0,
        endedAt: 0,
        closeReason: conversation.CloseReason.CLOSE_REASON_UNSPECIFIED,
      };
    case 'ratingGiven':
      return { ...state, version, rating: fact.value.score, contentVersion: version };
    case 'conversionRecorded':
      return { ...state, version, conversionIds: [...state.conversionIds, fact.value.conversionId] };
    case 'contentErased':
      return {
        ...state,
        version,
        topic: '',
        pageUrl: '',
        erasedUpTo: Math.max(state.erasedUpTo, fact.value.upToVersion),
        // Neither the question nor the address is there any more: nobody can answer it.
        followUp: undefined,
      };
    case 'pageChanged':
      return {
        ...state,
        version,
        pageUrl: fact.value.page?.url ?? '',
        visitorActiveAt: time,
        contentVersion: version,
      };
    default:
      return unreachable(fact);
  }
};
