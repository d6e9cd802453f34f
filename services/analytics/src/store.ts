import type { Collection, Doc, Store } from '@parley/store';
import type { ConversationFact } from './definitions/facts.js';
import type { Load, Tally } from './definitions/tally.js';

/** One conversation; version is that of its log. */
export interface FactDoc extends Doc {
  readonly tenant: string;
  readonly conversationId: string;
  /** Quarter hour of entering the queue (of the start, as long as it has not), ms. */
  readonly quarter: number;
  /** ms; 0 when it entered no queue. */
  readonly enteredAt: number;
  readonly open: boolean;
  readonly fact: ConversationFact;
}

/** What routing's log says of one conversation; version is that of the last event about it. */
export interface RoutingFactDoc extends Doc {
  readonly tenant: string;
  readonly acceptedAt?: number;
  /** Finished after-chat work. */
  readonly wrapUpMs: number;
  /** When the running one began. */
  readonly wrapUpFrom?: number;
}

/** A tenant's queues as routing's log has them; version is the log's. */
export interface RoutingTenantDoc extends Doc {
  readonly serviceLevels: Readonly<Record<string, number>>;
}

/** The part of an agent's chat that lies in one quarter hour; version is the conversation's. */
export interface PieceDoc extends Doc {
  readonly tenant: string;
  readonly quarter: number;
  readonly agentId: string;
  readonly from: number;
  readonly to: number;
}

/** A quarter hour whose rollups must be computed anew. Each marking is a document of its own. */
export interface DirtyDoc extends Doc {
  readonly tenant: string;
  readonly quarter: number;
}

/** Facts of one quarter hour, queue and agent, tallied. */
export interface RollupDoc extends Doc {
  readonly tenant: string;
  readonly quarter: number;
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
  readonly routingTenants: Collection<RoutingTenantDoc>;
  readonly pieces: Collection<PieceDoc>;
  readonly dirty: Collection<DirtyDoc>;
  readonly rollups: Collection<RollupDoc>;
  readonly loads: Collection<LoadDoc>;
}

/** Parts joined by a character that no id holds. */
export const key = (...parts: (string | number)[]): string => parts.join('.');

const byQuarter = { name: 'by_quarter', fields: ['tenant', 'quarter'] } as const;

/** Declares the collections of analytics. */
export const openAnalyticsStore = async (store: Store): Promise<AnalyticsStore> => ({
  facts: await store.collection<FactDoc>({
    name: 'facts',
    indexes: [
      byQuarter,
      { name: 'by_open', fields: ['tenant', 'open'] },
      { name: 'by_entry', fields: ['tenant', 'enteredAt'] },
    ],
  }),
  routingFacts: await store.collection<RoutingFactDoc>({ name: 'routing_facts', indexes: [] }),
  routingTenants: await store.collection<RoutingTenantDoc>({ name: 'routing_tenants', indexes: [] }),
  pieces: await store.collection<PieceDoc>({ name: 'pieces', indexes: [byQuarter] }),
  dirty: await store.collection<DirtyDoc>({ name: 'dirty', indexes: [byQuarter] }),
  rollups: await store.collection<RollupDoc>({ name: 'rollups', indexes: [byQuarter] }),
  loads: await store.collection<LoadDoc>({ name: 'loads', indexes: [byQuarter] }),
});

/** Every document that a filter finds, page by page. */
export async function* everyDoc<D extends Doc>(
  collection: Collection<D>,
  filter: Parameters<Collection<D>['find']>[0]['filter'],
): AsyncGenerator<D> {
  let cursor: string | undefined;
  do {
    const page = await collection.find({ filter, limit: 1000, ...(cursor ? { cursor } : {}) });
    yield* page.items;
    cursor = page.next;
  } while (cursor);
}
