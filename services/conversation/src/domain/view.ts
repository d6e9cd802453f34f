import { common, conversation } from '@parley/contracts';
import { unreachable } from '@parley/kernel';
import type { ConversationFact } from './events.js';

const { ConversationState: Status } = conversation;

/**
 * A conversation as lists show it, computed from its events beside the state. Unlike the state it holds personal
 * content, which an erasure empties. Values are JSON: it is the body of the inbox's document. Times are ms, 0 for none.
 */
export interface View {
  readonly version: number;
  readonly status: conversation.ConversationState;
  readonly contactId: string;
  readonly contactName: string;
  readonly queueId: string;
  /** Agents in the chat; once closed, those who were in it at the end. */
  readonly agentIds: readonly string[];
  /** Everybody who was ever in it. */
  readonly pastAgentIds: readonly string[];
  /** Display name of the agent who joined last. */
  readonly agentName: string;
  readonly lastText: string;
  readonly lastAuthor: common.Actor_Kind;
  readonly lastMessageAt: number;
  readonly unansweredSince: number;
  readonly queuedSince: number;
  /** Versions of the visitor's messages that no agent has read, the newest `MOST_UNREAD`. */
  readonly unreadVersions: readonly number[];
  readonly startedAt: number;
  readonly closedAt: number;
  readonly closeReason: conversation.CloseReason;
  readonly topic: string;
  readonly channel: conversation.Channel;
  readonly locale: string;
  readonly pageUrl: string;
  readonly pageTitle: string;
  readonly rating: number;
}

export const emptyView: View = {
  version: 0,
  status: Status.CONVERSATION_STATE_UNSPECIFIED,
  contactId: '',
  contactName: '',
  queueId: '',
  agentIds: [],
  pastAgentIds: [],
  agentName: '',
  lastText: '',
  lastAuthor: common.Actor_Kind.KIND_UNSPECIFIED,
  lastMessageAt: 0,
  unansweredSince: 0,
  queuedSince: 0,
  unreadVersions: [],
  startedAt: 0,
  closedAt: 0,
  closeReason: conversation.CloseReason.CLOSE_REASON_UNSPECIFIED,
  topic: '',
  channel: conversation.Channel.CHANNEL_UNSPECIFIED,
  locale: '',
  pageUrl: '',
  pageTitle: '',
  rating: 0,
};

/** A list shows no more than this of a message. */
const EXCERPT = 200;
const MOST_UNREAD = 100;

const excerptOf = (message: conversation.MessageSent): string => {
  switch (message.content?.$case) {
    case 'text':
      return message.content.value.text.slice(0, EXCERPT);
    case 'file':
      return message.content.value.name.slice(0, EXCERPT);
    case undefined:
      return '';
    default:
      return unreachable(message.content);
  }
};

const including = (ids: readonly string[], id: string): readonly string[] =>
  ids.includes(id) ? ids : [...ids, id];

/** Applies one event to what lists show. */
export const evolveView = (view: View, { fact, actor, time }: ConversationFact): View => {
  const version = view.version + 1;
  switch (fact.$case) {
    case 'started':
      return {
        ...view,
        version,
        status: Status.CONVERSATION_STATE_QUEUED,
        contactId: fact.value.contactId,
        channel: fact.value.channel,
        locale: fact.value.locale,
        topic: fact.value.topic,
        pageUrl: fact.value.page?.url ?? '',
        pageTitle: fact.value.page?.title ?? '',
        startedAt: time,
      };
    case 'visitorIdentified':
      return { ...view, version, contactName: fact.value.name || view.contactName || fact.value.email };
    case 'messageSent':
      return withMessage(view, version, fact.value, actor, time);
    case 'readUpTo':
      if (actor.kind === common.Actor_Kind.KIND_VISITOR || view.unreadVersions.length === 0)
        return { ...view, version };
      return {
        ...view,
        version,
        unreadVersions: view.unreadVersions.filter((unread) => unread > fact.value.version),
      };
    case 'queueEntered':
      return {
        ...view,
        version,
        status: Status.CONVERSATION_STATE_QUEUED,
        queueId: fact.value.queueId,
        queuedSince: time,
      };
    case 'agentJoined':
      return {
        ...view,
        version,
        status: Status.CONVERSATION_STATE_ACTIVE,
        agentIds: including(view.agentIds, fact.value.agentId),
        pastAgentIds: including(view.pastAgentIds, fact.value.agentId),
        agentName: fact.value.agentName,
        queuedSince: 0,
      };
    case 'agentLeft':
      return { ...view, version, agentIds: view.agentIds.filter((id) => id !== fact.value.agentId) };
    case 'closed':
      return {
        ...view,
        version,
        status: Status.CONVERSATION_STATE_CLOSED,
        queuedSince: 0,
        unansweredSince: 0,
        closedAt: time,
        closeReason: fact.value.reason,
      };
    case 'reopened':
      return {
        ...view,
        version,
        status: fact.value.agentId ? Status.CONVERSATION_STATE_ACTIVE : Status.CONVERSATION_STATE_QUEUED,
        agentIds: fact.value.agentId ? [fact.value.agentId] : [],
        closedAt: 0,
        closeReason: conversation.CloseReason.CLOSE_REASON_UNSPECIFIED,
      };
    case 'ratingGiven':
      return { ...view, version, rating: fact.value.score };
    case 'pageChanged':
      return {
        ...view,
        version,
        pageUrl: fact.value.page?.url ?? '',
        pageTitle: fact.value.page?.title ?? '',
      };
    case 'contentErased':
      return {
        ...view,
        version,
        contactName: '',
        lastText: '',
        agentName: '',
        topic: '',
        pageUrl: '',
        pageTitle: '',
      };
    case 'noteAdded':
    case 'conversionRecorded':
      return { ...view, version };
    default:
      return unreachable(fact);
  }
};

const withMessage = (
  view: View,
  version: number,
  message: conversation.MessageSent,
  actor: common.Actor,
  time: number,
): View => {
  const fromVisitor = actor.kind === common.Actor_Kind.KIND_VISITOR;
  return {
    ...view,
    version,
    lastText: excerptOf(message),
    lastAuthor: actor.kind,
    lastMessageAt: time,
    unansweredSince: fromVisitor
      ? view.unansweredSince || time
      : actor.kind === common.Actor_Kind.KIND_AGENT
        ? 0
        : view.unansweredSince,
    unreadVersions: fromVisitor
      ? [...view.unreadVersions.slice(1 - MOST_UNREAD), version]
      : view.unreadVersions,
  };
};

/** True when a list shows the two differently; false when only the number of the last event differs. */
export const showsDifference = (before: View, after: View, facts: readonly ConversationFact[]): boolean =>
  before.unreadVersions.length !== after.unreadVersions.length ||
  facts.some(({ fact }) => fact.$case !== 'readUpTo' && fact.$case !== 'noteAdded');

const dateOf = (ms: number): Date | undefined => (ms > 0 ? new Date(ms) : undefined);

/** The line that an inbox shows for it. */
export const rowOf = (conversationId: string, view: View): conversation.InboxRow => ({
  conversationId,
  version: view.version,
  state: view.status,
  contactId: view.contactId,
  contactName: view.contactName,
  queueId: view.queueId,
  agentIds: [...view.agentIds],
  lastText: view.lastText,
  lastAuthor: view.lastAuthor,
  lastMessageAt: dateOf(view.lastMessageAt),
  unansweredSince: dateOf(view.unansweredSince),
  queuedSince: dateOf(view.queuedSince),
  unread: view.unreadVersions.length,
  startedAt: dateOf(view.startedAt),
  closedAt: dateOf(view.closedAt),
  closeReason: view.closeReason,
  topic: view.topic,
  channel: view.channel,
  locale: view.locale,
  page: view.pageUrl ? { url: view.pageUrl, title: view.pageTitle } : undefined,
  rating: view.rating,
});
