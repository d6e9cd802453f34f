import type { Collection, Doc, IndexSpec, Store } from '@parley/store';
import type { ConversationFact } from './definitions/fact.js';
import { DEFINITIONS_VERSION } from './definitions/facts.js';
import type { Load, Tally } from './definitions/tally.js';

/** One conversation; version is that of its log. */
export interface FactDoc extends Doc {
  readonly tenant: string;
  readonly conversationId: string;
  /** Quarter hour of entering the queue (of the start, as long as it has not), ms. */
  readonly quarter: number;
  /** ms; 0 when it entered no queue. */
  readonly enteredAt: number;
  readonly contactId: string;
  readonly startedAt: number;
  readonly open: boolean;
  readonly fact: ConversationFact;
}

/** What routing's log says of one conversation; version is that of the last event about it. */
export interface RoutingFactDoc extends Doc {
  readonly tenant: string;
  /** Offer id to when it was accepted, ms. */
  readonly accepted: Readonly<Record<string, number>>;
  /** Finished after-chat work. */
  readonly wrapUpMs: number;
  /** Agent id to when a running one began, ms. */
  readonly wrapUpFrom: Readonly<Record<string, number>>;
}

/** The thresholds of the service level that a queue has had, oldest first; version is that of routing's log. */
export interface QueueDoc extends Doc {
  readonly tenant: string;
  readonly queueId: string;
  readonly thresholds: readonly { readonly from: number; readonly seconds: number }[];
}

/** The part of an agent's chat that lies in one quarter hour; version is the conversation's. */
export interface PieceDoc extends Doc {
  readonly tenant: string;
  readonly quarter: number;
  readonly agentId: string;
  readonly from: number;
  readonly to: number;
}

/** A time in which an agent was available for chats, in one quarter hour. */
export interface StaffPieceDoc extends Doc {
  readonly tenant: string;
  readonly quarter: number;
  readonly agentId: string;
  readonly from: number;
  readonly to: number;
  readonly slots: number;
}

/** What routing's log says of an agent; version is that log's. */
export interface StaffDoc extends Doc {
  readonly tenant: string;
  readonly agentId: string;
  readonly available: boolean;
  readonly capacity: number;
  /** Slots since `since`, ms; 0 while not available. */
  readonly slots: number;
  readonly since: number;
  /** slots > 0 */
  readonly staffed: boolean;
}

/** Until then (ms) facts of this quarter hour may change; rollups of it are not to be believed while it stands. */
export interface MarkDoc extends Doc {
  readonly tenant: string;
  readonly quarter: number;
  readonly until: number;
}

/** Facts of one quarter hour, queue and agent, tallied. */
export interface RollupDoc extends Doc {
  readonly tenant: string;
  readonly quarter: number;
  /** `chat`: each chat once, of no queue. `queue`: each in every queue it entered. */
  readonly kind: 'chat' | 'queue';
  readonly queueId: string;
  readonly agentId: string;
  readonly tally: Tally;
}

/** An agent's load in one quarter hour. */
export interface LoadDoc extends Doc {
  readonly tenant: string;
  readonly quarter: number;
  readonly agentId: string;
  readonly load: Load;
}

export interface AnalyticsStore {
  readonly facts: Collection<FactDoc>;
  readonly routingFacts: Collection<RoutingFactDoc>;
  /** How far routing's log of a tenant (the id) has been taken in. Written after all that it led to. */
  readonly routingLogs: Collection<Doc>;
  readonly queues: Collection<QueueDoc>;
  readonly pieces: Collection<PieceDoc>;
  readonly marks: Collection<MarkDoc>;
  readonly rollups: Collection<RollupDoc>;
  readonly loads: Collection<LoadDoc>;
  readonly staff: Collection<StaffDoc>;
  readonly staffPieces: Collection<StaffPieceDoc>;
  /** Tenants (the ids) that have facts. */
  readonly tenants: Collection<Doc>;
}

/** Parts joined by a character that no id holds. */
export const key = (...parts: (string | number)[]): string => parts.join('.');

const byQuarter = { name: 'by_quarter', fields: ['tenant', 'quarter'] } as const;

/**
 * Declares the collections of one version of the definitions. Each version has its own (but for what is no figure), so
 * that processes of two releases side by side do not mix their figures.
 */
export const openAnalyticsStore = async (
  store: Store,
  version: number = DEFINITIONS_VERSION,
): Promise<AnalyticsStore> => {
  const open = <D extends Doc>(name: string, ...indexes: IndexSpec[]): Promise<Collection<D>> =>
    store.collection<D>({ name: `${name}_v${version}`, indexes });
  return {
    facts: await open<FactDoc>(
      'facts',
      byQuarter,
      { name: 'by_open', fields: ['tenant', 'open'] },
      { name: 'by_entry', fields: ['tenant', 'enteredAt'] },
      { name: 'by_contact', fields: ['tenant', 'contactId', 'startedAt'] },
    ),
    routingFacts: await open<RoutingFactDoc>('routing_facts'),
    routingLogs: await open<Doc>('routing_logs'),
    queues: await open<QueueDoc>('queues', { name: 'by_tenant', fields: ['tenant'] }),
    pieces: await open<PieceDoc>('pieces', byQuarter),
    marks: await open<MarkDoc>('marks', byQuarter),
    rollups: await open<RollupDoc>('rollups', byQuarter),
    loads: await open<LoadDoc>('loads', byQuarter),
    // Of no version: routing's log is not kept for ever, so these could not be made anew. They are no figures.
    staff: await store.collection<StaffDoc>({
      name: 'staff',
      indexes: [{ name: 'by_staffed', fields: ['tenant', 'staffed'] }],
    }),
    staffPieces: await store.collection<StaffPieceDoc>({ name: 'staff_pieces', indexes: [byQuarter] }),
    tenants: await open<Doc>('tenants'),
  };
};
