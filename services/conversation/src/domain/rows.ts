import type { conversation } from '@parley/contracts';
import type { ConversationFact, Fact } from './events.js';
import type { FollowUpView, View } from './view-types.js';

/** Events that no list shows. */
const UNSEEN: ReadonlySet<Fact['$case']> = new Set([
  'readUpTo',
  'noteAdded',
  'whisperSent',
  'waitEstimateShown',
  'visitorInformed',
] as const);

/** True when a list shows the two differently; false when only the number of the last event differs. */
export const showsDifference = (before: View, after: View, facts: readonly ConversationFact[]): boolean =>
  before.unreadVersions.length !== after.unreadVersions.length ||
  before.queueId !== after.queueId ||
  before.escalated !== after.escalated ||
  facts.some(({ fact }) => !UNSEEN.has(fact.$case));

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
  supervisorIds: [...view.supervisorIds],
  parkedBy: view.parkedBy,
  transferring: view.transferId !== '',
  followUpDueAt: isOpenFollowUp(view) ? dateOf(view.followUp?.dueAt ?? 0) : undefined,
  followUpOwnerId: isOpenFollowUp(view) ? (view.followUp?.ownerId ?? '') : '',
  escalated: view.escalated,
});

/** True while somebody owes the visitor an answer. */
export const isOpenFollowUp = ({ followUp }: View): boolean => followUp?.answeredAt === 0 && !followUp.erased;

/** The follow-up of a conversation in which a message was taken. */
export const followUpOf = (
  conversationId: string,
  view: Pick<View, 'version' | 'contactId' | 'contactName' | 'contactEmail' | 'topic'>,
  followUp: FollowUpView,
): conversation.FollowUp => ({
  conversationId,
  version: view.version,
  contactId: view.contactId,
  contactName: view.contactName,
  contactEmail: view.contactEmail,
  queueId: followUp.queueId,
  text: followUp.text,
  takenAt: dateOf(followUp.takenAt),
  dueAt: dateOf(followUp.dueAt),
  ownerId: followUp.ownerId,
  owner: followUp.ownerId
    ? { $case: 'ownerUserId', value: followUp.ownerId }
    : { $case: 'ownerQueueId', value: followUp.queueId },
  answeredAt: dateOf(followUp.answeredAt),
  topic: view.topic,
});
