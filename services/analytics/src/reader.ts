import { everyDoc } from '@parley/store';
import { fromRouting } from './measure.js';
import { type AnalyticsStore, key } from './store.js';

/** Chats that are open now. */
export interface LiveCounts {
  waiting: number;
  /** Since when the first of them waits, ms. */
  oldestEnteredAt?: number;
  /** With an agent in them. */
  active: number;
}

/** Reads single facts and what is open now. */
export class FactReader {
  constructor(private readonly store: AnalyticsStore) {}

  /** Open chats of one queue, or of all when the id is empty. */
  async live(tenant: string, queueId: string): Promise<LiveCounts> {
    const queues = await this.liveByQueue(tenant);
    if (queueId) return queues.get(queueId) ?? { waiting: 0, active: 0 };
    const all: LiveCounts = { waiting: 0, active: 0 };
    for (const counts of queues.values()) addLive(all, counts);
    return all;
  }

  /** Open chats by queue id; empty for those that entered none. */
  async liveByQueue(tenant: string): Promise<Map<string, LiveCounts>> {
    const queues = new Map<string, LiveCounts>();
    for await (const { fact } of everyDoc(this.store.facts, { tenant, open: true })) {
      let counts = queues.get(fact.queueId);
      if (!counts) queues.set(fact.queueId, (counts = { waiting: 0, active: 0 }));
      if (fact.segments.some((segment) => segment.to === undefined)) counts.active++;
      else if (fact.queuedSince !== undefined)
        addLive(counts, { waiting: 1, oldestEnteredAt: fact.queuedSince, active: 0 });
    }
    return queues;
  }

  async facts(query: {
    tenant: string;
    from: number;
    to: number;
    conversationId: string;
    limit: number;
    cursor: string;
  }) {
    const { tenant, from, to, conversationId, limit, cursor } = query;
    const { items, next } = conversationId
      ? {
          items: [await this.store.facts.get(key(tenant, conversationId))].filter((d) => d !== undefined),
          next: undefined,
        }
      : await this.store.facts.find({
          filter: { tenant, enteredAt: { gte: from, lt: to } },
          sort: { field: 'enteredAt', direction: 'asc' },
          limit,
          ...(cursor ? { cursor } : {}),
        });
    const routing = await this.store.routingFacts.getMany(items.map((doc) => doc.id));
    const rows = items.map((doc) => {
      const known = routing.get(doc.id);
      const { conversationId, version, fact } = doc;
      return { conversationId, version, fact, ...fromRouting(doc, known) };
    });
    return { rows, ...(next ? { next } : {}) };
  }
}

/** Adds up what is open. */
export const addLive = (into: LiveCounts, { waiting, oldestEnteredAt, active }: LiveCounts): void => {
  into.waiting += waiting;
  into.active += active;
  if (oldestEnteredAt !== undefined)
    into.oldestEnteredAt = Math.min(into.oldestEnteredAt ?? Infinity, oldestEnteredAt);
};
