import { unavailable } from '@parley/kernel';
import type { Doc, Store } from '@parley/store';
import { aggregateKey, type Projection } from '../types.js';
import { tallyCodec } from './tally.js';

interface Sum extends Doc {
  readonly total: number;
  readonly labels: readonly string[];
}

/** Adds up what it sees; refuses what `poison` says, and fails as a whole while `outage` is on. */
export const summingIn = async (store: Store, name: string) => {
  const sums = await store.collection<Sum>({ name: `sums_${name}`, indexes: [] });
  const faults = { poison: new Set<string>(), outage: false, outages: 0, applications: 0 };
  /** The labels of each batch. */
  const batches: string[][] = [];
  const projection: Projection = {
    name,
    applied: async (keys) => {
      const docs = await sums.getMany(keys.map(({ tenant, id }) => aggregateKey(tenant, id)));
      return new Map(
        keys.flatMap(({ tenant, id }) => {
          const key = aggregateKey(tenant, id);
          const doc = docs.get(key);
          return doc ? [[key, doc.version] as const] : [];
        }),
      );
    },
    apply: async (runs) => {
      if (faults.outage && ++faults.outages) throw unavailable('TEST_OUTAGE', 'away');
      const batch: string[] = [];
      batches.push(batch);
      for (const { tenant, id, commits } of runs) {
        const key = aggregateKey(tenant, id);
        const before = await sums.get(key);
        let sum: Sum = before ?? { id: key, version: 0, total: 0, labels: [] };
        for (const { commit } of commits) {
          for (const bytes of commit.events) {
            const event = tallyCodec.decode(bytes, commit)!;
            if (faults.poison.has(event.label)) throw new Error(`cannot bear ${event.label}`);
            faults.applications++;
            batch.push(event.label);
            sum = {
              ...sum,
              version: sum.version + 1,
              total: sum.total + event.added,
              labels: [...sum.labels, event.label],
            };
          }
        }
        if (before ? !(await sums.replaceIf(sum, before.version)) : !(await sums.insert(sum)))
          throw new Error('raced');
      }
    },
  };
  return { sums, faults, batches, projection };
};
