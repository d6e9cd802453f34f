import type { Collection, Doc, Store } from '@parley/store';
import type { routing } from '@parley/contracts';

export interface AgentDoc extends Doc {
  readonly tenant: string;
  readonly partition: number;
  readonly agentId: string;
  readonly status: routing.AgentStatus;
  /** ms */
  readonly statusSince: number;
  /** Absent in documents of older releases. */
  readonly automatic?: boolean;
  readonly finishing?: boolean;
  readonly online: boolean;
  readonly revision: number;
}

export interface PageViewDoc {
  readonly url: string;
  readonly title: string;
  /** ms */
  readonly at: number;
}

export interface VisitorDoc extends Doc {
  readonly tenant: string;
  readonly partition: number;
  readonly contactId: string;
  /** The conversation they are in as far as presence knows; empty when none, or once they have left it. */
  readonly conversationId: string;
  /** Whether conversationId is set: what a new owner looks for. */
  readonly inConversation: boolean;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** Oldest first. */
  readonly trail: readonly PageViewDoc[];
}

export interface PresenceStore {
  readonly agents: Collection<AgentDoc>;
  readonly visitors: Collection<VisitorDoc>;
}

/** Ids of tenants and people hold no dot, so this is unique. */
export const docId = (tenant: string, id: string): string => `${tenant}.${id}`;

/** Declares presence's collections. */
export const openPresenceStore = async (store: Store): Promise<PresenceStore> => ({
  agents: await store.collection<AgentDoc>({
    name: 'agents',
    indexes: [{ name: 'by_partition', fields: ['partition'] }],
  }),
  visitors: await store.collection<VisitorDoc>({
    name: 'visitors',
    indexes: [
      { name: 'by_tenant', fields: ['tenant', 'lastSeenAt'] },
      { name: 'in_conversation', fields: ['partition', 'inConversation'] },
      { name: 'by_age', fields: ['lastSeenAt'] },
    ],
  }),
});
