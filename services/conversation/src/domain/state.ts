import { common, conversation } from '@parley/contracts';
import { unreachable } from '@parley/kernel';
import type { ConversationFact } from './events.js';

const { ConversationState: Status } = conversation;
export type Status = conversation.ConversationState;

/** A message that the state still remembers, to answer a repetition of it. */
export interface RememberedMessage {
  readonly id: string;
  /** Whose it is, by `senderKey`. */
  readonly sender: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** A conversation as its rules see it. Of personal content it holds topic and page only, which an erasure empties. */
export interface State {
  /** Version of the last event; 0 before the first. */
  readonly version: number;
  /** UNSPECIFIED before the conversation has started. */
  readonly status: Status;
  readonly contactId: string;
  readonly channel: conversation.Channel;
  readonly locale: string;
  readonly topic: string;
  /** The queue it is or was last in. */
  readonly queueId: string;
  /** Agents in the chat; once closed, those who were in it at the end. */
  readonly agentIds: readonly string[];
  /** True once an agent's first message was sent; stays true when reopened. */
  readonly answered: boolean;
  /** True while an answer is due: from the start, and from a reopening by the visitor, until an agent writes. */
  readonly awaited: boolean;
  /** True when the visitor opened it the last time: started it or reopened it. */
  readonly openedByVisitor: boolean;
  readonly startedAt: number;
  /** When it was started or last reopened. */
  readonly openedAt: number;
  /** Time of the last thing that keeps the conversation from expiring. */
  readonly activeAt: number;
  /** Time of the visitor's last own event. */
  readonly visitorActiveAt: number;
  /** Time of the commit that closed it; 0 while open. */
  readonly closedAt: number;
  /** When it really ended, at or before `closedAt`. */
  readonly endedAt: number;
  readonly closeReason: conversation.CloseReason;
  /** 0 while not rated. */
  readonly rating: number;
  /** The last client_seq of each sender, by `senderKey`. */
  readonly clientSeqs: Readonly<Record<string, number>>;
  readonly messages: readonly RememberedMessage[];
  readonly conversionIds: readonly string[];
  readonly visitorRead: number;
  readonly agentRead: number;
  readonly pageUrl: string;
  /** Version of the last event that carries personal content. */
  readonly contentVersion: number;
  /** Content up to this version is erased. */
  readonly erasedUpTo: number;
}

export const initialState: State = {
  version: 0,
  status: Status.CONVERSATION_STATE_UNSPECIFIED,
  contactId: '',
  channel: conversation.Channel.CHANNEL_UNSPECIFIED,
  locale: '',
  topic: '',
  queueId: '',
  agentIds: [],
  answered: false,
  awaited: false,
  openedByVisitor: false,
  startedAt: 0,
  openedAt: 0,
  activeAt: 0,
  visitorActiveAt: 0,
  closedAt: 0,
  endedAt: 0,
  closeReason: conversation.CloseReason.CLOSE_REASON_UNSPECIFIED,
  rating: 0,
  clientSeqs: {},
  messages: [],
  conversionIds: [],
  visitorRead: 0,
  agentRead: 0,
  pageUrl: '',
  contentVersion: 0,
  erasedUpTo: 0,
};

/** More than one sender ever has in flight; the owner's memory of command ids reaches further back. */
const REMEMBERED_MESSAGES = 64;

/** Names a sender among all kinds of them: a contact and a user may have the same id. */
export const senderKey = (actor: common.Actor): string => `${actor.kind}:${actor.id}`;

/** True while a conversation has started and is not closed. */
export const isOpen = (state: State): boolean =>
  state.status !== Status.CONVERSATION_STATE_UNSPECIFIED && state.status !== Status.CONVERSATION_STATE_CLOSED;

const isVisitor = (actor: common.Actor): boolean => actor.kind === common.Actor_Kind.KIND_VISITOR;

/** Applies one event. Total over every event that was ever written. */
export const evolve = (state: State, { fact, actor, time }: ConversationFact): State => {
  const version = state.version + 1;
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
        activeAt: time,
        visitorActiveAt: isVisitor(actor) ? time : state.visitorActiveAt,
        clientSeqs: fact.value.clientSeq
          ? { ...state.clientSeqs, [senderKey(actor)]: fact.value.clientSeq }
          : state.clientSeqs,
        messages: [
          ...state.messages.slice(1 - REMEMBERED_MESSAGES),
          { id: fact.value.messageId, sender: senderKey(actor), version, time },
        ],
        contentVersion: version,
      };
    case 'noteAdded':
      return {
        ...state,
        version,
        messages: [
          ...state.messages.slice(1 - REMEMBERED_MESSAGES),
          { id: fact.value.noteId, sender: senderKey(actor), version, time },
        ],
        contentVersion: version,
      };
    case 'readUpTo':
      return isVisitor(actor)
        ? { ...state, version, visitorRead: fact.value.version, visitorActiveAt: time }
        : { ...state, version, agentRead: Math.max(state.agentRead, fact.value.version) };
    case 'queueEntered':
      return { ...state, version, status: Status.CONVERSATION_STATE_QUEUED, queueId: fact.value.queueId };
    case 'agentJoined':
      return {
        ...state,
        version,
        status: Status.CONVERSATION_STATE_ACTIVE,
        agentIds: [...state.agentIds, fact.value.agentId],
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
      };
    case 'reopened':
      return {
        ...state,
        version,
        status: fact.value.agentId ? Status.CONVERSATION_STATE_ACTIVE : Status.CONVERSATION_STATE_QUEUED,
        agentIds: fact.value.agentId ? [fact.value.agentId] : [],
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
