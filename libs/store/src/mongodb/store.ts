import { MongoClient, MongoNetworkError, MongoServerSelectionError, type Db } from 'mongodb';
import { StoreError } from '../errors.js';
import { checkSpec } from '../spec.js';
import type { Collection, CollectionSpec, Doc, Durability, Store, WaitOptions } from '../types.js';
import { MongodbCollection } from './collection.js';
import { explain } from './failures.js';
import { migrate } from './schema.js';
import type { Stored } from './query.js';

const SELECTION_TIMEOUT_MS = 10_000;
const BETWEEN_TRIES_MS = 250;

/** Connects to the database `name`; throws a StoreError that names the hosts when none answers within 10 s. */
export const openMongodb = async (url: string, name: string, durability: Durability): Promise<Store> => {
  const client = await connect(url, name, durability);
  const db = client.db(name);
  return {
    async collection<D extends Doc>(spec: CollectionSpec<D>): Promise<Collection<D>> {
      checkSpec(spec);
      const docs = db.collection<Stored>(spec.name);
      await migrate(db, spec);
      return new MongodbCollection<D>(docs, spec);
    },
    async ping() {
      await pingDb(db);
    },
    scrub: async () => undefined,
    close: () => client.close(),
  };
};

/** Tells FerretDB from MongoDB by what its build information says. */
export const serverKind = async (url: string): Promise<'mongodb' | 'ferretdb'> => {
  const client = await connect(url, 'kind', 'projection');
  try {
    const info = await client.db('admin').command({ buildInfo: 1 });
    return Object.keys(info).some((key) => key.toLowerCase().startsWith('ferretdb')) ? 'ferretdb' : 'mongodb';
  } finally {
    await client.close();
  }
};

/** See `mongodbAnswers`. */
export const answers = async (url: string, { forMs, onWaiting }: WaitOptions): Promise<void> => {
  const giveUpAt = Date.now() + forMs;
  for (let told = false; ; told = true) {
    try {
      const client = await connect(url, 'start', 'projection');
      return await client.close();
    } catch (error) {
      const cause = (error as Error).cause;
      const absent = cause instanceof MongoNetworkError || cause instanceof MongoServerSelectionError;
      if (!absent || Date.now() >= giveUpAt) throw error;
      if (!told) onWaiting?.((error as Error).message);
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
    }
  }
};

export const connect = async (url: string, name: string, durability: Durability): Promise<MongoClient> => {
  let client: MongoClient | undefined;
  try {
    client = new MongoClient(url, {
      appName: `parley-${name}`,
      // An option would win over the same one in the URL.
      ...(url.includes('serverSelectionTimeoutMS') ? {} : { serverSelectionTimeoutMS: SELECTION_TIMEOUT_MS }),
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
const hostsOf = (url: string): string =>
  /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/.exec(url)?.[1] ?? '(no host in the URL)';

const pingDb = async (db: Db): Promise<void> => {
  try {
    await db.command({ ping: 1 });
  } catch (error) {
    throw explain(error);
  }
};
