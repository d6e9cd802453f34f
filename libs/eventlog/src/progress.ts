import { everyDoc, type Collection, type Doc, type Store } from '@parley/store';
import type { ParkedAggregate, PurgedProgress } from './types.js';

interface Checkpoint extends Doc {
  readonly projection: string;
  readonly seq: number;
  /** Absent: the list of purged aggregates has not been begun. */
  readonly purged?: PurgedProgress;
}

/** Where a consumer goes on in a partition. */
export interface Place {
  /** Sequence up to which everything is applied or parked; 0 when there is none. */
  readonly seq: number;
  readonly purged?: PurgedProgress | undefined;
}

export interface ParkedDoc extends Doc, ParkedAggregate {
  readonly projection: string;
  readonly partition: number;
  readonly aggregateId: string;
  /** Another instance asks the one that runs the partition to replay. */
  readonly replayRequested: boolean;
}

/** How far a projection has come, stored beside its documents: a checkpoint a partition, and what is parked. */
export interface Progress {
  checkpoint(partition: number): Promise<Place>;
  /** The sequence of each checkpoint there is, by partition. */
  checkpoints(): Promise<ReadonlyMap<number, number>>;
  store(partition: number, place: Place): Promise<void>;
  parked(partition?: number): Promise<ParkedDoc[]>;
  findParked(tenant: string, id: string): Promise<ParkedDoc | undefined>;
  park(partition: number, parked: ParkedAggregate): Promise<void>;
  requestReplay(parked: ParkedDoc): Promise<void>;
  unpark(tenant: string, id: string): Promise<void>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
}

const collections = async (
  store: Store,
): Promise<{ checkpoints: Collection<Checkpoint>; parkings: Collection<ParkedDoc> }> => ({
  checkpoints: await store.collection<Checkpoint>({
    name: 'log_checkpoints',
    indexes: [{ name: 'projection', fields: ['projection'] }],
  }),
  parkings: await store.collection<ParkedDoc>({
    name: 'log_parked',
    indexes: [{ name: 'place', fields: ['projection', 'partition'] }],
  }),
});

/** The progress of one projection. */
export const openProgress = async (store: Store, projection: string): Promise<Progress> => {
  const { checkpoints, parkings } = await collections(store);
  const checkpointId = (partition: number): string => `${projection}/${partition}`;
  const parkedId = (tenant: string, id: string): string => `${projection}/${tenant}/${id}`;
  return {
    checkpoint: async (partition) => {
      const found = await checkpoints.get(checkpointId(partition));
      return { seq: found?.seq ?? 0, purged: found?.purged };
    },
    checkpoints: async () => {
      const found = new Map<number, number>();
      for await (const { id, seq } of everyDoc(checkpoints, { projection }))
        found.set(Number(id.slice(projection.length + 1)), seq);
      return found;
    },
    store: (partition, { seq, purged }) =>
      checkpoints.put([
        { id: checkpointId(partition), version: seq, projection, seq, ...(purged ? { purged } : {}) },
      ]),
    parked: async (partition) => {
      const found: ParkedDoc[] = [];
      let cursor: string | undefined;
      do {
        const page = await parkings.find({
          filter: { projection, ...(partition === undefined ? {} : { partition }) },
          limit: 1_000,
          ...(cursor ? { cursor } : {}),
        });
        found.push(...page.items);
        cursor = page.next;
      } while (cursor);
      return found;
    },
    findParked: (tenant, id) => parkings.get(parkedId(tenant, id)),
    park: (partition, parked) =>
      parkings.put([
        {
          ...parked,
          id: parkedId(parked.tenant, parked.id),
          aggregateId: parked.id,
          version: parked.failedVersion,
          projection,
          partition,
          replayRequested: false,
        },
      ]),
    requestReplay: async (parked) => {
      await parkings.replaceIf({ ...parked, replayRequested: true }, parked.version);
    },
    unpark: (tenant, id) => parkings.delete([parkedId(tenant, id)]),
    ping: () => store.ping(),
  };
};

/**
 * Makes a projection start anew, in one partition or in all: forgets its checkpoints and what is parked. Its consumers
 * must be stopped; delete its documents as well, for what they say is applied is not applied again.
 */
export const deleteProgress = async (store: Store, projection: string, partition?: number): Promise<void> => {
  const { checkpoints, parkings } = await collections(store);
  const place = { projection, ...(partition === undefined ? {} : { partition }) };
  if (partition === undefined) while ((await checkpoints.deleteWhere({ projection })) > 0);
  else await checkpoints.delete([`${projection}/${partition}`]);
  while ((await parkings.deleteWhere(place)) > 0);
};
