import { createHash } from 'node:crypto';
import type { Collection, CollectionSpec, Doc, Store } from '@parley/store';

/** What this service remembers of a conversation. Version: applied. Id: tenant/conversation. */
export interface ConversationDoc extends Doc {
  readonly contactId: string;
  readonly locale: string;
  readonly closed: boolean;
}

export interface EndpointDoc extends Doc {
  readonly tenant: string;
  readonly endpointId: string;
  readonly url: string;
  /** Empty: all. */
  readonly events: readonly string[];
  readonly enabled: boolean;
  /** whsec_…, encrypted. */
  readonly sealedSecret: string;
  readonly createdAt: number;
}

export type DeliveryState = 'pending' | 'delivered' | 'dead';

/** One event for one endpoint. Version counts the changes of this document, from 1. */
export interface DeliveryDoc extends Doc {
  readonly tenant: string;
  readonly deliveryId: string;
  /** Key of the endpoint and of the conversation. */
  readonly endpoint: string;
  readonly conversation: string;
  readonly endpointId: string;
  readonly conversationId: string;
  readonly conversationVersion: number;
  readonly event: string;
  /** The body as it is sent, each time the same. */
  readonly payload: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly lastStatus: number;
  readonly lastError: string;
  readonly createdAt: number;
  readonly nextAttemptAt: number;
}

/**
 * A wish to get a transcript by mail (id: tenant/command id), or the answer to a message that was left (id: tenant/its
 * event).
 */
export interface MailRequestDoc extends Doc {
  readonly tenant: string;
  readonly conversation: string;
  readonly conversationId: string;
  /** Empty of an answer: it goes where the conversation says. */
  readonly email: string;
  readonly locale: string;
  /** Version of the event that the message was answered by. Undefined: the transcript is asked for. */
  readonly answeredAt?: number;
  /** waiting: for the conversation to close. */
  readonly state: 'waiting' | 'pending' | 'sent' | 'dead';
  readonly attempts: number;
  /** How often transcript did not have the conversation yet. */
  readonly behind?: number;
  readonly nextAttemptAt: number;
  readonly lastError: string;
}

/** How much of something was taken; see mail/allowance.ts. */
export interface CountDoc extends Doc {
  readonly count: number;
  /** When it may be forgotten, ms; null: never. */
  readonly until: number | null;
}

/** A mail in the local mailbox. */
export interface MailDoc extends Doc {
  readonly tenant: string;
  readonly conversation: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly sentAt: number;
}

/** Key of anything of a tenant; tenants and ids hold no slash. */
export const keyOf = (tenant: string, id: string): string => `${tenant}/${id}`;

/** The same event of the same conversation for the same endpoint always has this id, which is its webhook-id too. */
export const deliveryIdOf = (conversationId: string, version: number, endpointId: string): string =>
  `${conversationId}-v${version}-${createHash('sha256').update(endpointId).digest('base64url').slice(0, 12)}`;

const deliveries: CollectionSpec<DeliveryDoc> = {
  name: 'deliveries',
  indexes: [
    { name: 'due', fields: ['endpoint', 'state', 'nextAttemptAt'] },
    { name: 'state', fields: ['state'] },
    { name: 'conversation', fields: ['conversation', 'conversationVersion'] },
    { name: 'created', fields: ['tenant', 'createdAt'] },
    { name: 'createdByState', fields: ['tenant', 'state', 'createdAt'] },
    { name: 'createdByEndpoint', fields: ['tenant', 'endpointId', 'createdAt'] },
    { name: 'createdByBoth', fields: ['tenant', 'endpointId', 'state', 'createdAt'] },
  ],
};
const requests: CollectionSpec<MailRequestDoc> = {
  name: 'mail_requests',
  indexes: [
    { name: 'due', fields: ['state', 'nextAttemptAt'] },
    { name: 'conversation', fields: ['conversation', 'state'] },
  ],
};
const counts: CollectionSpec<CountDoc> = {
  name: 'mail_counts',
  indexes: [{ name: 'until', fields: ['until'] }],
};
const mails: CollectionSpec<MailDoc> = {
  name: 'mails',
  indexes: [
    { name: 'sent', fields: ['tenant', 'sentAt'] },
    { name: 'conversation', fields: ['conversation'] },
  ],
};

export interface Collections {
  readonly conversations: Collection<ConversationDoc>;
  readonly endpoints: Collection<EndpointDoc>;
  readonly deliveries: Collection<DeliveryDoc>;
  readonly requests: Collection<MailRequestDoc>;
  readonly counts: Collection<CountDoc>;
  readonly mails: Collection<MailDoc>;
}

/** Declares the collections of this service. */
export const openCollections = async (store: Store): Promise<Collections> => ({
  conversations: await store.collection<ConversationDoc>({ name: 'conversations', indexes: [] }),
  endpoints: await store.collection<EndpointDoc>({
    name: 'endpoints',
    indexes: [
      { name: 'tenant', fields: ['tenant'] },
      { name: 'enabled', fields: ['enabled'] },
    ],
  }),
  deliveries: await store.collection(deliveries),
  requests: await store.collection(requests),
  counts: await store.collection(counts),
  mails: await store.collection(mails),
});
