import { misuse } from '../errors.js';
import { indexedFields, wordsOf, type AnySpec } from '../spec.js';
import { TOKENIZER_VERSION } from '../tokens.js';
import type { Doc } from '../types.js';
import type { Database } from './database.js';
import { propertyOf } from './failures.js';

export const tableOf = (spec: AnySpec): string => `docs_${spec.name}`;
export const searchTableOf = (spec: AnySpec): string => `words_${spec.name}`;
export const indexName = (spec: AnySpec, name: string): string => `${tableOf(spec)}__${name}`;

/** Where a field is found: id and version are columns, the others are generated from the body. */
export const columnOf = (field: string): string =>
  field === 'id' || field === 'version' ? field : `"f_${field}"`;

export const storeWordsSql = (spec: AnySpec): string =>
  `INSERT OR REPLACE INTO ${searchTableOf(spec)}(rowid, words) VALUES (?, ?)`;

/** Brings table, columns, indexes and full-text table to what the declaration says. Call inside a write. */
export const migrate = (db: Database, spec: AnySpec): void => {
  const table = tableOf(spec);
  db.exec(
    `CREATE TABLE IF NOT EXISTS ${table}
       (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, body TEXT NOT NULL)`,
  );
  const present = new Set(
    db
      .prepare(`SELECT name FROM pragma_table_xinfo(?)`)
      .all(table)
      .map((row) => row['name']),
  );
  for (const field of indexedFields(spec)) {
    if (field === 'version' || present.has(`f_${field}`)) continue;
    db.exec(`ALTER TABLE ${table} ADD COLUMN "f_${field}" AS (body ->> '$."${field}"') VIRTUAL`);
  }
  for (const { name, fields, unique } of spec.indexes) {
    const columns = unique ? fields : [...fields, 'id'];
    const sql = `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${indexName(spec, name)} ON ${table}(${columns.map(columnOf).join(', ')})`;
    replaceUnlessSame(db, indexName(spec, name), sql);
  }
  if (spec.searchable) migrateWords(db, spec);
};

const replaceUnlessSame = (db: Database, name: string, sql: string): void => {
  const stored = db.prepare(`SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?`).get(name);
  if (stored?.['sql'] === sql) return;
  db.exec(`DROP INDEX IF EXISTS ${name}`);
  try {
    db.exec(sql);
  } catch (error) {
    throw misuse(`${name} cannot be created: ${String(propertyOf(error, 'message'))}`);
  }
};

const migrateWords = (db: Database, spec: AnySpec): void => {
  const table = tableOf(spec);
  const search = searchTableOf(spec);
  const wanted = JSON.stringify([TOKENIZER_VERSION, spec.searchable]);
  db.exec(
    'CREATE TABLE IF NOT EXISTS parley_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  );
  if (db.prepare('SELECT value FROM parley_meta WHERE name = ?').get(search)?.['value'] === wanted) return;
  // The words are tokens already: `ascii` divides them at spaces only and leaves all other scripts alone.
  db.exec(
    `DROP TABLE IF EXISTS ${search};
     CREATE VIRTUAL TABLE ${search} USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');
     CREATE TRIGGER IF NOT EXISTS ${search}_delete AFTER DELETE ON ${table}
       BEGIN DELETE FROM ${search} WHERE rowid = old.n; END`,
  );
  const store = db.prepare(storeWordsSql(spec));
  for (const row of db.prepare(`SELECT n, body FROM ${table}`).iterate()) {
    store.run(Number(row['n']), wordsOf(spec, JSON.parse(String(row['body'])) as Doc).join(' '));
  }
  db.prepare('INSERT OR REPLACE INTO parley_meta VALUES (?, ?)').run(search, wanted);
};
