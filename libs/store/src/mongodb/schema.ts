import {
  MongoServerError,
  type AnyBulkWriteOperation,
  type Collection as MongoCollection,
  type Db,
  type IndexSpecification,
} from 'mongodb';
import { wordsOf, type AnySpec } from '../spec.js';
import { TOKENIZER_VERSION } from '../tokens.js';
import { explain } from './failures.js';
import type { Stored } from './query.js';

/** What was done to collections; a name that no collection of a service can have. */
const META = '_meta';
const REINDEX_BATCH = 500;
/** An index of that name exists with other fields or options, or one with those fields under another name. */
const INDEX_CONFLICTS: readonly (number | string | undefined)[] = [85, 86];

/** Brings indexes and stored words to what the declaration says. */
export const migrate = async (db: Db, spec: AnySpec): Promise<void> => {
  const docs = db.collection<Stored>(spec.name);
  try {
    for (const { name, fields, unique } of spec.indexes) {
      const keys = unique ? fields : [...fields, '_id'];
      await createIndex(docs, name, Object.fromEntries(keys.map((key) => [key, 1])), unique ?? false);
    }
    if (spec.searchable) {
      await createIndex(docs, '_words', { _tokens: 1 }, false);
      await migrateWords(db, docs, spec);
    }
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
    for (const old of await docs.indexes()) {
      const isSame = JSON.stringify(old.key) === JSON.stringify(keys);
      if (old.name !== undefined && (old.name === name || isSame)) await docs.dropIndex(old.name);
    }
    await create();
  }
};

/** Computes the words of all documents anew when other fields are searched, or words are divided otherwise, than before. */
const migrateWords = async (db: Db, docs: MongoCollection<Stored>, spec: AnySpec): Promise<void> => {
  const meta = db.collection<{ _id: string; words: string }>(META);
  const wanted = JSON.stringify([TOKENIZER_VERSION, spec.searchable]);
  if ((await meta.findOne({ _id: spec.name }))?.words === wanted) return;
  let batch: AnyBulkWriteOperation<Stored>[] = [];
  for await (const stored of docs.find({})) {
    const words = wordsOf(spec, { ...stored, id: stored._id });
    // Only while it is the version just read: whoever writes meanwhile stores its own words.
    const filter = { _id: stored._id, version: stored.version };
    batch.push({ updateOne: { filter, update: { $set: { _tokens: words } } } });
    if (batch.length < REINDEX_BATCH) continue;
    await docs.bulkWrite(batch, { ordered: false });
    batch = [];
  }
  if (batch.length > 0) await docs.bulkWrite(batch, { ordered: false });
  await meta.updateOne({ _id: spec.name }, { $set: { words: wanted } }, { upsert: true });
};
