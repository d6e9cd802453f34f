import type { AnyBulkWriteOperation, Collection as MongoCollection } from 'mongodb';
import { limitOf, planFind, readPage, searchFilter } from '../plan.js';
import { docChecker, wordsOf, type AnySpec } from '../spec.js';
import { queryTokens } from '../tokens.js';
import type { Collection, Doc, Filter, FindOptions, Page } from '../types.js';
import { duplicate, explain, isDuplicate, onlyDuplicates } from './failures.js';
import { queryOf, sortOf, wordQuery, type Stored } from './query.js';

type Write = (stored: Stored) => AnyBulkWriteOperation<Stored>;

const insert: Write = (stored) => ({ insertOne: { document: stored } });
const replaceOlder: Write = (stored) => ({
  replaceOne: {
    filter: { _id: stored._id, version: { $lt: stored.version } },
    replacement: stored,
    upsert: true,
  },
});
const replaceAny: Write = (stored) => ({
  replaceOne: { filter: { _id: stored._id }, replacement: stored, upsert: true },
});

/** So often in a row others may be first, before it is for a unique value. */
const TRIES = 4;

export class MongodbCollection<D extends Doc> implements Collection<D> {
  private readonly check: (doc: Doc) => void;

  constructor(
    private readonly docs: MongoCollection<Stored>,
    private readonly spec: AnySpec,
  ) {
    this.check = docChecker(spec);
  }

  async get(id: string): Promise<D | undefined> {
    const stored = await explained(this.docs.findOne({ _id: { $eq: id } }));
    return stored ? this.decode(stored) : undefined;
  }

  async getMany(ids: readonly string[]): Promise<ReadonlyMap<string, D>> {
    const stored = await explained(this.docs.find({ _id: { $in: [...ids] } }).toArray());
    return new Map(stored.map((one) => [one._id, this.decode(one)]));
  }

  async insert(doc: D): Promise<boolean> {
    try {
      await this.docs.insertOne(this.encode(doc));
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw explain(error);
    }
  }

  async replaceIf(doc: D, expectedVersion: number): Promise<boolean> {
    const where = { _id: { $eq: doc.id }, version: { $eq: expectedVersion } };
    const { matchedCount } = await explained(this.docs.replaceOne(where, this.encode(doc)));
    return matchedCount === 1;
  }

  /**
   * Read by id first: what is stored already is left out, which spares redeliveries an error each, and what is new is
   * inserted, which spares the server a search. What is refused for its id has lost a race, perhaps against an older
   * version. Servers may stop at the first that they refuse although no order was asked for, so whatever is not stored
   * then is written again.
   */
  async upsertNewer(docs: readonly D[]): Promise<void> {
    const newest = new Map<string, D>();
    for (const doc of docs)
      if (doc.version > (newest.get(doc.id)?.version ?? -Infinity)) newest.set(doc.id, doc);
    let wanted = [...newest.values()].map((doc) => this.encode(doc));
    for (let inVain = 0; ;) {
      const versions = await this.versionsOf(wanted);
      const left = wanted.filter(({ _id, version }) => (versions.get(_id) ?? -Infinity) < version);
      if (left.length === 0) return;
      // Refused again and again: not for their ids, another document has their unique value.
      if (left.length === wanted.length && ++inVain > TRIES) throw duplicate();
      if (!(await this.bulk(left, (one) => (versions.has(one._id) ? replaceOlder : insert)(one)))) return;
      wanted = left;
    }
  }

  async put(docs: readonly D[]): Promise<void> {
    const last = new Map(docs.map((doc) => [doc.id, this.encode(doc)]));
    for (let tries = 1; await this.bulk([...last.values()], replaceAny); tries++)
      if (tries === TRIES) throw duplicate();
  }

  async delete(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await explained(this.docs.deleteMany({ _id: { $in: [...ids] } }));
  }

  async deleteWhere(filter: Filter, limit?: number): Promise<number> {
    const query = queryOf(planFind(this.spec, filter).constraints);
    const found = this.docs.find(query, { projection: { _id: 1 } }).limit(limitOf(limit ?? 1000));
    const ids = (await explained(found.toArray())).map(({ _id }) => _id);
    if (ids.length === 0) return 0;
    // The filter again: a document that changed since then stays.
    const where = { $and: [{ _id: { $in: ids } }, query] };
    return (await explained(this.docs.deleteMany(where))).deletedCount;
  }

  async find(options: FindOptions): Promise<Page<D>> {
    const { constraints, order } = planFind(this.spec, options.filter, options.sort);
    return readPage(this.spec.name, order, options, async (extra, limit) => {
      const found = this.docs
        .find(queryOf([...constraints, ...extra]))
        .sort(sortOf(order))
        .limit(limit);
      return (await explained(found.toArray())).map((stored) => this.decode(stored));
    });
  }

  async count(filter: Filter): Promise<number> {
    return explained(this.docs.countDocuments(queryOf(planFind(this.spec, filter).constraints)));
  }

  async search(text: string, options: { filter: Filter; limit?: number; cursor?: string }): Promise<Page<D>> {
    const constraints = searchFilter(this.spec, options.filter);
    const words = this.spec.searchable ? queryTokens(text).map(wordQuery) : [];
    const order = { field: 'id', direction: 'desc' } as const;
    return readPage(`${this.spec.name} search`, order, options, async (extra, limit) => {
      if (words.length === 0) return [];
      const query = { $and: [...words, queryOf([...constraints, ...extra])] };
      const found = this.docs.find(query).sort(sortOf(order)).limit(limit);
      return (await explained(found.toArray())).map((stored) => this.decode(stored));
    });
  }

  /** Writes all; true when any was refused because its id or a unique value is taken, and others perhaps not written. */
  private async bulk(docs: readonly Stored[], write: Write): Promise<boolean> {
    if (docs.length === 0) return false;
    try {
      await this.docs.bulkWrite(docs.map(write), { ordered: false });
      return false;
    } catch (error) {
      if (!isDuplicate(error) && !onlyDuplicates(error)) throw explain(error);
      return true;
    }
  }

  /** By id, of those that are stored. */
  private async versionsOf(docs: readonly Stored[]): Promise<ReadonlyMap<string, number>> {
    if (docs.length === 0) return new Map();
    const query = { _id: { $in: docs.map(({ _id }) => _id) } };
    const stored = await explained(this.docs.find(query, { projection: { version: 1 } }).toArray());
    return new Map(stored.map(({ _id, version }) => [_id, version]));
  }

  private encode(doc: D): Stored {
    this.check(doc);
    const { id, ...rest } = doc;
    const stored: Stored = { _id: id, ...rest };
    return this.spec.searchable ? { ...stored, _tokens: wordsOf(this.spec, doc) } : stored;
  }

  private decode({ _id, _tokens, ...rest }: Stored): D {
    return { id: _id, ...rest } as unknown as D;
  }
}

const explained = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (error) {
    throw explain(error);
  }
};
