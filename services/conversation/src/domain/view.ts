import { common, conversation } from '@parley/contracts';
import { unreachable } from '@parley/kernel';
import { isCare, type ConversationFact } from './events.js';
import { evolveViewCare } from './view-care.js';
import type { View } from './view-types.js';

const { ConversationState: Status } = conversation;

export const emptyView: View = {
  version: 0,
  status: Status.CONVERSATION_STATE_UNSPECIFIED,
  contactId: '',
  contactName: '',
  contactEmail: '',
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
  waitingText: '',
  supervisorIds: [],
  parkedBy: '',
  transferId: '',
  transferSummary: '',
  followUp: undefined,
  escalated: false,
};

/** A list shows no more than this of a message. */
const EXCERPT = 200;
const MOST_UNREAD = 100;
const LONGEST_WAITING = 2_000;

const textOf = (message: conversation.MessageSent): string => {
  switch (message.content?.$case) {
    case 'text':
      return message.content.value.text;
    case 'file':
      return message.content.value.name;
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
  if (isCare(fact)) return evolveViewCare(view, version, fact, time);
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
      return {
        ...view,
        version,
        contactName: fact.value.name || view.contactName || fact.value.email,
        contactEmail: fact.value.email || view.contactEmail,
      };
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
        parkedBy: '',
      };
    case 'agentJoined':
      return {
        ...view,
        version,
        status: Status.CONVERSATION_STATE_ACTIVE,
        agentIds: including(view.agentIds, fact.value.agentId),
        pastAgentIds: including(view.pastAgentIds, fact.value.agentId),
        agentName: fact.value.agentName,
        queueId: fact.value.queueId || view.queueId,
        queuedSince: 0,
        parkedBy: '',
        escalated: false,
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
        waitingText: '',
        parkedBy: '',
        escalated: false,
        closedAt: time,
        closeReason: fact.value.reason,
      };
    case 'reopened':
      return {
        ...view,
        version,
        status: fact.value.agentId ? Status.CONVERSATION_STATE_ACTIVE : Status.CONVERSATION_STATE_QUEUED,
        agentIds: fact.value.agentId ? [fact.value.agentId] : [],
        supervisorIds: [],
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
        contactEmail: '',
        lastText: '',
        waitingText: '',
        agentName: '',
        topic: '',
        pageUrl: '',
        pageTitle: '',
        transferSummary: '',
        followUp: view.followUp && {
          ...view.followUp,
          text: '',
          erased: view.followUp.answeredAt === 0,
        },
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
  const fromAgent = actor.kind === common.Actor_Kind.KIND_AGENT;
  const text = textOf(message);
  return {
    ...view,
    version,
    lastText: text.slice(0, EXCERPT),
    lastAuthor: actor.kind,
    lastMessageAt: time,
    unansweredSince: fromVisitor ? view.unansweredSince || time : fromAgent ? 0 : view.unansweredSince,
    waitingText: fromVisitor
      ? (view.waitingText ? `${view.waitingText}\n${text}` : text).slice(0, LONGEST_WAITING)
      : fromAgent
        ? ''
        : view.waitingText,
    unreadVersions: fromVisitor
      ? [...view.unreadVersions.slice(1 - MOST_UNREAD), version]
      : view.unreadVersions,
  };
};
