import { limitOf, planFind, readPage, searchFilter, type Constraint, type Plan } from '../plan.js';
import { docChecker, wordsOf, type AnySpec } from '../spec.js';
import { queryTokens } from '../tokens.js';
import type { Collection, Doc, Filter, FindOptions, Page } from '../types.js';
import type { Database } from './database.js';
import { indexName, searchTableOf, storeWordsSql, tableOf } from './schema.js';
import { orderBy, whereOf, type Sql } from './sql.js';

/** The statement of a find; exported so that a test can ask SQLite how it would run it. */
export const findSql = (spec: AnySpec, plan: Plan, extra: readonly Constraint[], limit: number): Sql => {
  const where = whereOf([...plan.constraints, ...extra]);
  return {
    text: `SELECT body FROM ${source(spec, plan)} WHERE ${where.text} ORDER BY ${orderBy(plan.order)} LIMIT ?`,
    values: [...where.values, limit],
  };
};

// INDEXED BY, because without statistics SQLite may guess wrong; it is an error instead when the index does not fit.
const source = (spec: AnySpec, { index }: Plan): string =>
  index ? `${tableOf(spec)} INDEXED BY ${indexName(spec, index.name)}` : tableOf(spec);

interface Row {
  readonly id: string;
  readonly version: number;
  readonly body: string;
  readonly words: string | undefined;
}

export class SqliteCollection<D extends Doc> implements Collection<D> {
  private readonly table: string;
  private readonly check: (doc: Doc) => void;
  private readonly upsertSql: string;

  constructor(
    private readonly db: Database,
    private readonly spec: AnySpec,
  ) {
    this.table = tableOf(spec);
    this.check = docChecker(spec);
    this.upsertSql = `INSERT INTO ${this.table}(id, version, body) VALUES (?, ?, ?)
      ON CONFLICT(id) DO UPDATE SET version = excluded.version, body = excluded.body`;
  }

  async get(id: string): Promise<D | undefined> {
    const [doc] = this.decode(await this.db.read(`SELECT body FROM ${this.table} WHERE id = ?`, id));
    return doc;
  }

  async getMany(ids: readonly string[]): Promise<ReadonlyMap<string, D>> {
    const sql = `SELECT body FROM ${this.table} WHERE id IN (SELECT value FROM json_each(?))`;
    const docs = this.decode(await this.db.read(sql, JSON.stringify(ids)));
    return new Map(docs.map((doc) => [doc.id, doc]));
  }

  async insert(doc: D): Promise<boolean> {
    const sql = `INSERT INTO ${this.table}(id, version, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`;
    return (await this.store([doc], sql)) === 1;
  }

  async replaceIf(doc: D, expectedVersion: number): Promise<boolean> {
    const row = this.encode(doc);
    return this.db.write(() => {
      const sql = `UPDATE ${this.table} SET version = ?, body = ? WHERE id = ? AND version = ?`;
      const { changes } = this.db.prepare(sql).run(row.version, row.body, row.id, expectedVersion);
      if (Number(changes) === 0) return false;
      this.storeWords(row);
      return true;
    });
  }

  async upsertNewer(docs: readonly D[]): Promise<void> {
    await this.store(docs, `${this.upsertSql} WHERE excluded.version > version`);
  }

  async put(docs: readonly D[]): Promise<void> {
    await this.store(docs, this.upsertSql);
  }

  async delete(ids: readonly string[]): Promise<void> {
    const json = JSON.stringify(ids);
    const sql = `DELETE FROM ${this.table} WHERE id IN (SELECT value FROM json_each(?))`;
    await this.db.write(() => this.db.prepare(sql).run(json));
  }

  async deleteWhere(filter: Filter, limit?: number): Promise<number> {
    const plan = planFind(this.spec, filter);
    const where = whereOf(plan.constraints);
    const size = limitOf(limit ?? 1000);
    const sql = `DELETE FROM ${this.table} WHERE n IN (SELECT n FROM ${source(this.spec, plan)} WHERE ${where.text} LIMIT ?)`;
    return this.db.write(() => Number(this.db.prepare(sql).run(...where.values, size).changes));
  }

  async find(options: FindOptions): Promise<Page<D>> {
    const plan = planFind(this.spec, options.filter, options.sort);
    return readPage(this.spec.name, plan.order, options, async (extra, limit) => {
      const { text, values } = findSql(this.spec, plan, extra, limit);
      return this.decode(await this.db.read(text, ...values));
    });
  }

  async count(filter: Filter): Promise<number> {
    const plan = planFind(this.spec, filter);
    const where = whereOf(plan.constraints);
    const sql = `SELECT count(*) AS count FROM ${source(this.spec, plan)} WHERE ${where.text}`;
    const [row] = await this.db.read(sql, ...where.values);
    return Number(row?.['count']);
  }

  async search(text: string, options: { filter: Filter; limit?: number; cursor?: string }): Promise<Page<D>> {
    const constraints = searchFilter(this.spec, options.filter);
    const words = this.spec.searchable ? queryTokens(text) : [];
    const match = words.map((word) => `"${word}"*`).join(' ');
    const order = { field: 'id', direction: 'desc' } as const;
    return readPage(`${this.spec.name} search`, order, options, async (extra, limit) => {
      if (words.length === 0) return [];
      const where = whereOf([...constraints, ...extra]);
      const table = searchTableOf(this.spec);
      const sql = `SELECT body FROM ${table} JOIN ${this.table} ON n = ${table}.rowid
        WHERE ${table} MATCH ? AND ${where.text} ORDER BY ${orderBy(order)} LIMIT ?`;
      return this.decode(await this.db.read(sql, match, ...where.values, limit));
    });
  }

  /** Runs an insert for each document in one transaction; returns how many were written. */
  private async store(docs: readonly D[], sql: string): Promise<number> {
    if (docs.length === 0) return 0;
    const rows = docs.map((doc) => this.encode(doc));
    return this.db.write(() => {
      const statement = this.db.prepare(sql);
      let written = 0;
      for (const row of rows) {
        if (Number(statement.run(row.id, row.version, row.body).changes) === 0) continue;
        this.storeWords(row);
        written++;
      }
      return written;
    });
  }

  /** As of the call: the caller may go on changing its object while the write waits for its turn. */
  private encode(doc: D): Row {
    this.check(doc);
    const words = this.spec.searchable && wordsOf(this.spec, doc).join(' ');
    return { id: doc.id, version: doc.version, body: JSON.stringify(doc), words };
  }

  private storeWords({ id, words }: Row): void {
    if (words === undefined) return;
    const found = this.db.prepare(`SELECT n FROM ${this.table} WHERE id = ?`).get(id);
    this.db.prepare(storeWordsSql(this.spec)).run(Number(found?.['n']), words);
  }

  private decode(rows: readonly Record<string, unknown>[]): D[] {
    return rows.map((row) => JSON.parse(String(row['body'])) as D);
  }
}
