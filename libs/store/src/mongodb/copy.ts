import type { MongoClient } from 'mongodb';
import { connect } from './store.js';
import type { Stored } from './query.js';

const WRITTEN_AT_ONCE = 500;

/** A collection of one of the databases. */
export interface Place {
  readonly database: string;
  readonly collection: string;
}

export interface CopiedDocument extends Place {
  /** As it is stored, words of searchable fields included; JSON values only. */
  readonly document: Readonly<Record<string, unknown>> & { readonly _id: string };
}

/** Reads and writes documents as they are stored, whatever service they belong to; for backups. */
export interface Copier {
  /** The collections of these databases. */
  places(databases: readonly string[]): Promise<readonly Place[]>;
  /**
   * All documents of the places, in the order of the places; where the server can (a replica set of MongoDB), as they
   * were at one moment.
   */
  read(places: readonly Place[]): AsyncIterable<CopiedDocument>;
  isEmpty(place: Place): Promise<boolean>;
  drop(place: Place): Promise<void>;
  /** Inserts or replaces; durable when it resolves. Returns how many. */
  write(documents: AsyncIterable<CopiedDocument>): Promise<number>;
  close(): Promise<void>;
}

/** Rejects with a StoreError that names the hosts when none answers. */
export const openCopier = async (url: string): Promise<Copier> => {
  const client = await connect(url, 'backup', 'record');
  const of = ({ database, collection }: Place) => client.db(database).collection<Stored>(collection);
  return {
    async places(databases) {
      const found: Place[] = [];
      for (const database of databases)
        for (const { name } of await client.db(database).listCollections({}, { nameOnly: true }).toArray())
          if (!name.startsWith('system.')) found.push({ database, collection: name });
      return found;
    },
    async *read(places) {
      const session = (await isReplicaSet(client)) ? client.startSession({ snapshot: true }) : undefined;
      try {
        for (const place of places)
          for await (const document of of(place).find({}, session ? { session } : {}))
            yield { ...place, document };
      } finally {
        await session?.endSession();
      }
    },
    isEmpty: async (place) => (await of(place).findOne({})) === null,
    drop: async (place) => {
      await of(place).drop();
    },
    async write(documents) {
      let count = 0;
      let waiting: CopiedDocument[] = [];
      const flush = async (): Promise<void> => {
        const byPlace = Map.groupBy(waiting, ({ database, collection }) => `${database}/${collection}`);
        waiting = [];
        for (const group of byPlace.values())
          await of(group[0]!).bulkWrite(
            group.map(({ document }) => ({
              replaceOne: {
                filter: { _id: document._id },
                replacement: document as unknown as Stored,
                upsert: true,
              },
            })),
          );
      };
      for await (const one of documents) {
        count++;
        if (waiting.push(one) >= WRITTEN_AT_ONCE) await flush();
      }
      await flush();
      return count;
    },
    close: () => client.close(),
  };
};

const isReplicaSet = async (client: MongoClient): Promise<boolean> =>
  (await client.db('admin').command({ hello: 1 }))['setName'] !== undefined;
