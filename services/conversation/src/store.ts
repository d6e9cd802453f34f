import type { Collection, Store } from '@parley/store';
import type { ContactDoc, FollowUpDoc, InboxDoc, SeatDoc } from './documents.js';

export interface Documents {
  readonly contacts: Collection<ContactDoc>;
  readonly inbox: Collection<InboxDoc>;
  readonly seats: Collection<SeatDoc>;
  readonly followUps: Collection<FollowUpDoc>;
}

/** Declares the collections. Contacts are a record; the inbox can be rebuilt from the log. */
export const openDocuments = async (records: Store, projections: Store): Promise<Documents> => ({
  contacts: await records.collection<ContactDoc>({
    name: 'contacts',
    indexes: [
      { name: 'listed', fields: ['tenant', 'hidden', 'lastSeenAt'] },
      { name: 'external', fields: ['externalKey'], unique: true },
      { name: 'person', fields: ['personKey'] },
    ],
    searchable: ['name', 'email'],
  }),
  inbox: await projections.collection<InboxDoc>({
    name: 'inbox',
    indexes: [
      { name: 'queue', fields: ['tenant', 'list', 'queueId', 'queuedAt'] },
      { name: 'waiting', fields: ['tenant', 'list', 'queuedAt'] },
      { name: 'closed', fields: ['tenant', 'list', 'closedAt'] },
      { name: 'open', fields: ['tenant', 'open', 'startedAt'] },
      { name: 'contact', fields: ['contactKey', 'startedAt'] },
    ],
  }),
  seats: await projections.collection<SeatDoc>({
    name: 'seats',
    indexes: [{ name: 'agent', fields: ['agentKey', 'scope', 'at'] }],
  }),
  followUps: await projections.collection<FollowUpDoc>({
    name: 'follow_ups',
    indexes: [
      { name: 'due', fields: ['tenant', 'status', 'dueAt'] },
      { name: 'done', fields: ['tenant', 'status', 'answeredAt'] },
      { name: 'due_by_queue', fields: ['tenant', 'queueId', 'status', 'dueAt'] },
      { name: 'done_by_queue', fields: ['tenant', 'queueId', 'status', 'answeredAt'] },
      { name: 'own_due', fields: ['ownerKey', 'status', 'dueAt'] },
      { name: 'own_done', fields: ['ownerKey', 'status', 'answeredAt'] },
      { name: 'own_due_by_queue', fields: ['ownerKey', 'queueId', 'status', 'dueAt'] },
      { name: 'own_done_by_queue', fields: ['ownerKey', 'queueId', 'status', 'answeredAt'] },
    ],
  }),
});
