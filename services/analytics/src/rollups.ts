import type { Clock } from '@parley/kernel';
import { everyDoc } from '@parley/store';
import { loadOf } from './definitions/load.js';
import { QUARTER_MS } from './definitions/quarters.js';
import { measure } from './measure.js';
import { Parts } from './parts.js';
import { type AnalyticsStore, key, type LoadDoc, type MarkDoc, type RollupDoc } from './store.js';

/**
 * Rolls quarter hours up whose marks have run out: anew from their facts, never added to. Two processes may do the same
 * one at once; the one that began to read later wins, for it has seen more.
 */
export class Rollups {
  #running: Promise<void> | undefined;

  constructor(
    private readonly store: AnalyticsStore,
    private readonly clock: Clock,
  ) {}

  /** Rolls up what is due, one run at a time: a call during a run waits for that one. */
  refresh(): Promise<void> {
    this.#running ??= this.#refresh().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #refresh(): Promise<void> {
    const now = this.clock.now();
    const marked = new Map<string, MarkDoc[]>();
    for await (const doc of everyDoc(this.store.marks, {})) {
      const id = key(doc.tenant, doc.quarter);
      marked.set(id, [...(marked.get(id) ?? []), doc]);
    }
    for (const docs of marked.values()) {
      const { tenant, quarter } = docs[0]!;
      const over = docs.filter((doc) => doc.until < now);
      // While another mark stands, that one sees to it that nothing is forgotten.
      if (over.length === docs.length) {
        await this.#compute(tenant, quarter);
        await this.#computeLoads(tenant, quarter);
      }
      await this.store.marks.delete(over.map((doc) => doc.id));
    }
  }

  async #compute(tenant: string, quarter: number): Promise<void> {
    const version = this.clock.now();
    const docs = await Array.fromAsync(everyDoc(this.store.facts, { tenant, quarter }));
    const parts = new Parts();
    // Groups that have become empty are written as such.
    for await (const old of everyDoc(this.store.rollups, { tenant, quarter }))
      parts.of(old.kind, old.queueId, old.agentId);
    for (const { measured } of await measure(this.store, tenant, docs)) parts.add(measured);
    const rollups = [...parts.all()].map((part): RollupDoc => {
      const id = key(tenant, quarter, part.kind, part.queueId, part.agentId);
      return { id, version, tenant, quarter, ...part };
    });
    await this.store.rollups.upsertNewer(rollups);
  }

  async #computeLoads(tenant: string, quarter: number): Promise<void> {
    const version = this.clock.now();
    const pieces = await Array.fromAsync(everyDoc(this.store.pieces, { tenant, quarter }));
    const staffed = await Array.fromAsync(everyDoc(this.store.staffPieces, { tenant, quarter }));
    const chats = Map.groupBy(pieces, ({ agentId }) => agentId);
    const slots = Map.groupBy(staffed, ({ agentId }) => agentId);
    const loads = [...new Set([...chats.keys(), ...slots.keys()])].map((agentId): LoadDoc => {
      const end = quarter + QUARTER_MS;
      const load = loadOf(chats.get(agentId) ?? [], slots.get(agentId) ?? [], quarter, end);
      return { id: key(tenant, quarter, agentId), version, tenant, quarter, agentId, load };
    });
    await this.store.loads.upsertNewer(loads);
  }
}
