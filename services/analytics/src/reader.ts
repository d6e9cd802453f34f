import { type AnalyticsStore, everyDoc, key } from './store.js';

/** Reads single facts and what is open now. */
export class FactReader {
  constructor(private readonly store: AnalyticsStore) {}

  async live(
    tenant: string,
    queueId: string,
  ): Promise<{ waiting: number; oldestEnteredAt?: number; active: number }> {
    let waiting = 0;
    let active = 0;
    let oldest = Infinity;
    for await (const { fact } of everyDoc(this.store.facts, { tenant, open: true })) {
      if (queueId && fact.queueId !== queueId) continue;
      if (fact.segments.some((segment) => segment.to === undefined)) active++;
      else if (fact.enteredAt !== undefined) {
        waiting++;
        oldest = Math.min(oldest, fact.enteredAt);
      }
    }
    return { waiting, active, ...(waiting > 0 ? { oldestEnteredAt: oldest } : {}) };
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
      return {
        conversationId: doc.conversationId,
        version: doc.version,
        fact: doc.fact,
        wrapUpMs: known?.wrapUpMs ?? 0,
        ...(known?.acceptedAt === undefined ? {} : { acceptedAt: known.acceptedAt }),
      };
    });
    return { rows, ...(next ? { next } : {}) };
  }
}
