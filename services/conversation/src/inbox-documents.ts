import { conversation } from '@parley/contracts';
import { keyOf, type FollowUpDoc, type InboxDoc, type SeatDoc } from './documents.js';
import { followUpOf } from './domain/rows.js';
import { emptyView } from './domain/view.js';
import type { View } from './domain/view-types.js';

const { ConversationState: Status } = conversation;

/** The inbox document of a conversation as it looks now. */
export const inboxDocOf = (tenant: string, conversationId: string, view: View): InboxDoc => ({
  id: keyOf(tenant, conversationId),
  version: view.version,
  tenant,
  conversationId,
  contactKey: keyOf(tenant, view.contactId),
  list:
    view.status === Status.CONVERSATION_STATE_CLOSED
      ? 'closed'
      : view.status === Status.CONVERSATION_STATE_QUEUED
        ? 'queued'
        : 'active',
  open: view.status !== Status.CONVERSATION_STATE_CLOSED,
  queueId: view.queueId,
  queuedAt: view.queuedSince,
  startedAt: view.startedAt,
  closedAt: view.closedAt,
  view,
});

/** The view of a document, also of one that an older release wrote. */
export const viewOf = (doc: InboxDoc): View => ({ ...emptyView, ...doc.view });

const takesPart = (view: View, agentId: string): boolean =>
  view.agentIds.includes(agentId) || view.supervisorIds.includes(agentId) || view.parkedBy === agentId;

/** The document of the follow-up, if a message was taken. */
export const followUpDocOf = (
  tenant: string,
  conversationId: string,
  view: View,
): FollowUpDoc | undefined => {
  const { followUp } = view;
  return (
    followUp && {
      id: keyOf(tenant, conversationId),
      version: view.version,
      tenant,
      conversationId,
      status: followUp.erased ? 'erased' : followUp.answeredAt > 0 ? 'answered' : 'open',
      queueId: followUp.queueId,
      ownerKey: followUp.ownerId && keyOf(tenant, followUp.ownerId),
      // What was promised nothing is due when it was taken: it is not to be forgotten.
      dueAt: followUp.dueAt || followUp.takenAt,
      answeredAt: followUp.answeredAt,
      followUp,
      contactId: view.contactId,
      contactName: view.contactName,
      contactEmail: view.contactEmail,
      topic: view.topic,
    }
  );
};

/** What a list of follow-ups shows. */
export const followUpAsStored = (doc: FollowUpDoc): conversation.FollowUp =>
  followUpOf(doc.conversationId, doc, doc.followUp);

/** The seats of everybody who ever took part. */
export const seatsOf = (tenant: string, conversationId: string, view: View): readonly SeatDoc[] =>
  view.pastAgentIds.map((agentId) => {
    const closed = view.status === Status.CONVERSATION_STATE_CLOSED;
    return {
      id: `${keyOf(tenant, conversationId)}.${agentId}`,
      version: view.version,
      agentKey: keyOf(tenant, agentId),
      scope: closed ? 'closed' : takesPart(view, agentId) ? 'open' : 'left',
      at: closed ? view.closedAt : view.startedAt,
      inboxId: keyOf(tenant, conversationId),
    };
  });

/** True when no seat can have changed between the two. */
export const sameSeats = (before: View | undefined, after: View): boolean =>
  before !== undefined &&
  before.status === after.status &&
  before.closedAt === after.closedAt &&
  before.agentIds.join() === after.agentIds.join() &&
  before.supervisorIds.join() === after.supervisorIds.join() &&
  before.parkedBy === after.parkedBy &&
  before.pastAgentIds.join() === after.pastAgentIds.join();
