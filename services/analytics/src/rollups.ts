import { loadOf } from './definitions/load.js';
import { QUARTER_MS } from './definitions/quarters.js';
import { emptyTally, type Measured, tallyFact } from './definitions/tally.js';
import {
  type AnalyticsStore,
  type DirtyDoc,
  everyDoc,
  type FactDoc,
  key,
  type LoadDoc,
  type RollupDoc,
} from './store.js';

/** Service levels of queues that nobody configured. */
export const DEFAULT_SERVICE_LEVEL_SECONDS = 30;

/** What is needed of routing's log to measure facts. */
export const measure = async (
  store: AnalyticsStore,
  tenant: string,
  docs: readonly FactDoc[],
): Promise<{ doc: FactDoc; measured: Measured; routingVersion: number }[]> => {
  const queues = (await store.routingTenants.get(tenant))?.serviceLevels ?? {};
  const routing = await store.routingFacts.getMany(docs.map((doc) => doc.id));
  return docs.map((doc) => {
    const known = routing.get(doc.id);
    const serviceLevelSeconds = queues[doc.fact.queueId] || DEFAULT_SERVICE_LEVEL_SECONDS;
    const measured: Measured = {
      fact: doc.fact,
      wrapUpMs: known?.wrapUpMs ?? 0,
      serviceLevelSeconds,
      ...(known?.acceptedAt === undefined ? {} : { acceptedAt: known.acceptedAt }),
    };
    return { doc, measured, routingVersion: known?.version ?? 0 };
  });
};

/**
 * Keeps rollups true: computes marked quarter hours anew from their facts, never adds to what is there. Two processes
 * may compute the same one: versions, which grow with the facts', let the newer result win.
 */
export class Rollups {
  #running: Promise<void> | undefined;

  constructor(private readonly store: AnalyticsStore) {}

  /** Computes all that is marked, of one tenant or of all; a report calls it first and so counts everything. */
  async refresh(tenant?: string): Promise<void> {
    if (tenant !== undefined) return this.#refresh({ tenant });
    // By time, one at a time: several calls during a run lead to one more.
    this.#running ??= this.#refresh({}).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #refresh(filter: { tenant?: string }): Promise<void> {
    const marked = new Map<string, DirtyDoc[]>();
    for await (const doc of everyDoc(this.store.dirty, filter)) {
      const id = key(doc.tenant, doc.quarter);
      marked.set(id, [...(marked.get(id) ?? []), doc]);
    }
    for (const docs of marked.values()) {
      const { tenant, quarter } = docs[0]!;
      await this.#compute(tenant, quarter);
      await this.#computeLoads(tenant, quarter);
      // Only those that were there before the facts were read.
      await this.store.dirty.delete(docs.map((doc) => doc.id));
    }
  }

  async #compute(tenant: string, quarter: number): Promise<void> {
    const docs = await Array.fromAsync(everyDoc(this.store.facts, { tenant, quarter }));
    const measured = await measure(this.store, tenant, docs);
    const version = measured.reduce((sum, { doc, routingVersion }) => sum + doc.version + routingVersion, 1);
    const rollups = new Map<string, RollupDoc>();
    const rollupOf = (queueId: string, agentId: string): RollupDoc => {
      const id = key(tenant, quarter, queueId, agentId);
      let rollup = rollups.get(id);
      if (!rollup)
        rollups.set(id, (rollup = { id, version, tenant, quarter, queueId, agentId, tally: emptyTally() }));
      return rollup;
    };
    // Groups that have become empty are written as such.
    for await (const old of everyDoc(this.store.rollups, { tenant, quarter }))
      rollupOf(old.queueId, old.agentId);
    for (const { doc, measured: one } of measured)
      tallyFact(rollupOf(doc.fact.queueId, doc.fact.agentId).tally, one);
    await this.store.rollups.upsertNewer([...rollups.values()]);
  }

  async #computeLoads(tenant: string, quarter: number): Promise<void> {
    const pieces = await Array.fromAsync(everyDoc(this.store.pieces, { tenant, quarter }));
    const version = pieces.reduce((sum, piece) => sum + piece.version, 1);
    const loads = [...Map.groupBy(pieces, (piece) => piece.agentId)].map(([agentId, spans]): LoadDoc => {
      const load = loadOf(spans, quarter, quarter + QUARTER_MS);
      return { id: key(tenant, quarter, agentId), version, tenant, quarter, agentId, load };
    });
    await this.store.loads.upsertNewer(loads);
  }
}
