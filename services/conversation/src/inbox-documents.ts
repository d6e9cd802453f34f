import { conversation } from '@parley/contracts';
import type { View } from './domain/view.js';
import { keyOf, type InboxDoc, type SeatDoc } from './documents.js';

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

/** The seats of everybody who ever took part. */
export const seatsOf = (tenant: string, conversationId: string, view: View): readonly SeatDoc[] =>
  view.pastAgentIds.map((agentId) => {
    const closed = view.status === Status.CONVERSATION_STATE_CLOSED;
    return {
      id: `${keyOf(tenant, conversationId)}.${agentId}`,
      version: view.version,
      agentKey: keyOf(tenant, agentId),
      scope: closed ? 'closed' : view.agentIds.includes(agentId) ? 'open' : 'left',
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
  before.pastAgentIds.join() === after.pastAgentIds.join();
