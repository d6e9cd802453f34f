import type { Doc } from '@parley/store';
import type { FollowUpView, View } from './domain/view-types.js';

/** A contact as stored. Its `version` counts its changes. Times are ms, 0 for none. */
export interface ContactDoc extends Doc {
  readonly tenant: string;
  readonly contactId: string;
  readonly name: string;
  readonly email: string;
  readonly externalId: string;
  /** Unique: `externalKey` of the tenant and external id or, without one, of the contact itself. */
  readonly externalKey: string;
  readonly verified: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly locale: string;
  /** The contact that this one turned out to be; empty otherwise. */
  readonly mergedInto: string;
  /** Key of that contact, for finding who was merged into it; its own key otherwise. */
  readonly personKey: string;
  /** The conversation that is open, being opened, or was the last one; tells two tabs of each other. */
  readonly openConversationId: string;
  /** The command that reserved it. */
  readonly openedBy: string;
  /** An inbox row not newer than this says nothing about whether it is open: it was reopened since. */
  readonly openAfter: number;
  /** Merged or erased: not in lists. */
  readonly hidden: boolean;
  readonly erasedAt: number;
}

/** A conversation in the inbox; `version` is that of the last event applied. */
export interface InboxDoc extends Doc {
  readonly tenant: string;
  readonly conversationId: string;
  readonly contactKey: string;
  readonly list: 'queued' | 'active' | 'closed';
  readonly open: boolean;
  readonly queueId: string;
  readonly queuedAt: number;
  readonly startedAt: number;
  readonly closedAt: number;
  readonly view: View;
}

/** An agent's share in a conversation; `version` is that of the conversation when it last changed. */
export interface SeatDoc extends Doc {
  readonly agentKey: string;
  /** `left`: the agent is out of a chat that goes on. */
  readonly scope: 'open' | 'left' | 'closed';
  /** Start or, once closed, end of the conversation, ms. */
  readonly at: number;
  /** Id of the conversation's document. */
  readonly inboxId: string;
}

/** A follow-up; `version` is that of its conversation. */
export interface FollowUpDoc extends Doc {
  readonly tenant: string;
  readonly conversationId: string;
  /** `erased`: it can be answered no more, and is in no list. */
  readonly status: 'open' | 'answered' | 'erased';
  readonly queueId: string;
  /** Key of its owner; empty when it is nobody's. */
  readonly ownerKey: string;
  readonly dueAt: number;
  readonly answeredAt: number;
  readonly followUp: FollowUpView;
  readonly contactId: string;
  readonly contactName: string;
  readonly contactEmail: string;
  readonly topic: string;
}

/** Id of a tenant's thing among those of all tenants. Neither part can hold a dot. */
export const keyOf = (tenant: string, id: string): string => `${tenant}.${id}`;

/** Key under which a contact is found by the customer's own id of it. */
export const externalKeyOf = (tenant: string, externalId: string): string =>
  `external:${tenant}.${externalId}`;

/** A contact of which nothing is known yet. */
export const newContact = (tenant: string, contactId: string, now: number): ContactDoc => ({
  id: keyOf(tenant, contactId),
  version: 0,
  tenant,
  contactId,
  name: '',
  email: '',
  externalId: '',
  externalKey: keyOf(tenant, contactId),
  verified: false,
  attributes: {},
  firstSeenAt: now,
  lastSeenAt: now,
  locale: '',
  mergedInto: '',
  personKey: keyOf(tenant, contactId),
  openConversationId: '',
  openedBy: '',
  openAfter: 0,
  hidden: false,
  erasedAt: 0,
});
