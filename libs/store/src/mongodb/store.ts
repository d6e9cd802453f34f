import { MongoClient, MongoServerError, type Collection as MongoCollection, type Db, type IndexSpecification } from 'mongodb';
import { StoreError } from '../errors.js';
import { checkSpec, type AnySpec } from '../spec.js';
import type { Collection, CollectionSpec, Doc, Durability, Store } from '../types.js';
import { MongodbCollection } from './collection.js';
import { explain } from './failures.js';
import type { Stored } from './query.js';

const SELECTION_TIMEOUT_MS = 10_000;
/** An index of that name exists with other fields or options. */
const INDEX_CONFLICTS: readonly (number | string | undefined)[] = [85, 86];

/** Connects to the database `name`; throws a StoreError that names the hosts when none answers within 10 s. */
export const openMongodb = async (url: string, name: string, durability: Durability): Promise<Store> => {
  const client = await connect(url, name, durability);
  const db = client.db(name);
  return {
    async collection<D extends Doc>(spec: CollectionSpec<D>): Promise<Collection<D>> {
      checkSpec(spec);
      const docs = db.collection<Stored>(spec.name);
      await createIndexes(docs, spec);
      return new MongodbCollection<D>(docs, spec);
    },
    async ping() {
      await pingDb(db);
    },
    close: () => client.close(),
  };
};

const connect = async (url: string, name: string, durability: Durability): Promise<MongoClient> => {
  let client: MongoClient | undefined;
  try {
    client = new MongoClient(url, {
      appName: `parley-${name}`,
      serverSelectionTimeoutMS: SELECTION_TIMEOUT_MS,
      // As JSON does: a field that is undefined is absent.
      ignoreUndefined: true,
      writeConcern: durability === 'record' ? { w: 'majority', journal: true } : { w: 1 },
    });
    await client.connect();
    await client.db(name).command({ ping: 1 });
    return client;
  } catch (error) {
    await client?.close();
    const text = error instanceof Error ? error.message : String(error);
    const advice = 'check the URL and that MongoDB runs there';
    throw new StoreError('UNREACHABLE', `MongoDB at ${hostsOf(url)}: ${text}; ${advice}`, { cause: error });
  }
};

/** The hosts of a URL; without user and password, as this text is logged. */
const hostsOf = (url: string): string => /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/.exec(url)?.[1] ?? '(no host in the URL)';

const pingDb = async (db: Db): Promise<void> => {
  try {
    await db.command({ ping: 1 });
  } catch (error) {
    throw explain(error);
  }
};

const createIndexes = async (docs: MongoCollection<Stored>, spec: AnySpec): Promise<void> => {
  try {
    for (const { name, fields, unique } of spec.indexes) {
      const keys = unique ? fields : [...fields, '_id'];
      await createIndex(docs, name, Object.fromEntries(keys.map((key) => [key, 1])), unique ?? false);
    }
    if (spec.searchable) await createIndex(docs, '_words', { _tokens: 1 }, false);
  } catch (error) {
    throw explain(error);
  }
};

const createIndex = async (
  docs: MongoCollection<Stored>,
  name: string,
  keys: IndexSpecification,
  unique: boolean,
): Promise<void> => {
  const create = (): Promise<string> => docs.createIndex(keys, unique ? { name, unique } : { name });
  try {
    await create();
  } catch (error) {
    if (!(error instanceof MongoServerError) || !INDEX_CONFLICTS.includes(error.code)) throw error;
    await docs.dropIndex(name);
    await create();
  }
};
