import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../index.js';
import { planFind } from '../plan.js';
import { describeStore, row, type Row } from '../testing/contract.js';
import { describeFind } from '../testing/find-contract.js';
import { describeSearch } from '../testing/search-contract.js';
import type { CollectionSpec, Filter, FindOptions, Store } from '../types.js';
import { findSql } from './collection.js';
import { Database } from './database.js';

const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-store-'));
  folders.push(folder);
  return folder;
};
const openIn = (folder: string): Promise<Store> =>
  openStore({ name: 'test', durability: 'projection', folder });

/** A store that removes its folder when it is closed. */
const openTemporary = async (durability: 'record' | 'projection'): Promise<Store> => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-store-'));
  const store = await openStore({ name: 'test', durability, folder });
  const close = async (): Promise<void> => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...store, close };
};

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

describeStore('SQLite', () => openTemporary('record'));
describeFind('find in SQLite', () => openTemporary('projection'));
describeSearch('search in SQLite', () => openTemporary('projection'));

describe('a SQLite file', () => {
  it('keeps its documents from one open to the next', async () => {
    const folder = await newFolder();
    const first = await openIn(folder);
    await (await first.collection<Row>({ name: 'rows', indexes: [] })).put([row('a', 1)]);
    await first.close();
    const second = await openIn(folder);
    expect(await (await second.collection<Row>({ name: 'rows', indexes: [] })).get('a')).toEqual(row('a', 1));
    await second.close();
  });

  it('says in one line what to do when it is damaged', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'test.sqlite'), 'this is no database, whatever its name says '.repeat(100));
    await expect(openIn(folder)).rejects.toMatchObject({
      name: 'StoreError',
      reason: 'CORRUPT',
      message: expect.stringMatching(/^[^\n]*test\.sqlite: [^\n]*restore a backup$/),
    });
  });

  it('says so too when the damage shows only later', async () => {
    const folder = await newFolder();
    const file = join(folder, 'test.sqlite');
    const store = await openIn(folder);
    const docs = await store.collection<Row>({ name: 'rows', indexes: [] });
    await docs.put(Array.from({ length: 300 }, (_, i) => ({ ...row(`r${i}`, 1), text: 'x'.repeat(500) })));
    await store.close();
    const handle = await open(file, 'r+');
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(size - 16_384, 0xab), 0, size - 16_384, 16_384);
    await handle.close();
    const damaged = await openIn(folder);
    const reading = damaged
      .collection<Row>({ name: 'rows', indexes: [] })
      .then((rows) => rows.find({ filter: {}, limit: 1000 }));
    await expect(reading).rejects.toMatchObject({ name: 'StoreError', reason: 'CORRUPT' });
    await damaged.close();
  });

  it('says in one line what to do when it cannot be written', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(openIn(join(folder, 'file'))).rejects.toMatchObject({
      reason: 'NOT_WRITABLE',
      message: expect.stringMatching(/^[^\n]*can be written$/),
    });
  });

  it('wants a name and a place', async () => {
    await expect(openStore({ name: '../x', durability: 'record', folder: '/tmp' })).rejects.toThrow(
      /small letters/,
    );
    await expect(openStore({ name: 'x', durability: 'record' })).rejects.toThrow(/MongoDB URL or a folder/);
  });

  it('takes up changed declarations: new fields, other fields under an old name', async () => {
    const folder = await newFolder();
    const store = await openIn(folder);
    const before = await store.collection<Row>({
      name: 'rows',
      indexes: [{ name: 'one', fields: ['tenant'] }],
    });
    await before.put([
      { ...row('a', 1), rank: 1 },
      { ...row('b', 1), rank: 2 },
    ]);
    const after = await store.collection<Row>({
      name: 'rows',
      indexes: [{ name: 'one', fields: ['tenant', 'rank'] }],
    });
    expect(
      (await after.find({ filter: { tenant: 't', rank: { gt: 1 } } })).items.map(({ id }) => id),
    ).toEqual(['b']);
    await store.close();
  });

  it('undoes a failed write alone, whatever else shares its transaction', async () => {
    const store = await openIn(await newFolder());
    const unique = { name: 'byAgent', fields: ['tenant', 'agent'], unique: true };
    const docs = await store.collection<Row>({ name: 'rows', indexes: [unique] });
    const one = (id: string, agent: string): Row => ({ ...row(id, 1), agent });
    const results = await Promise.allSettled([
      docs.put([one('a', 'ann')]),
      docs.put([one('b', 'bob'), one('c', 'ann')]),
      docs.put([one('d', 'dan')]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([...(await docs.getMany(['a', 'b', 'c', 'd'])).keys()].sort()).toEqual(['a', 'd']);
    await store.close();
  });

  it('finishes what was begun before it closes, and refuses afterwards', async () => {
    const folder = await newFolder();
    const store = await openIn(folder);
    const docs = await store.collection<Row>({ name: 'rows', indexes: [] });
    const writing = docs.put([row('a', 1)]);
    await store.close();
    await expect(writing).resolves.toBeUndefined();
    await expect(docs.put([row('b', 1)])).rejects.toThrow();
    await expect(store.ping()).rejects.toThrow();
  });
});

describe('the plan of SQLite', () => {
  const spec: CollectionSpec<Row> = {
    name: 'rows',
    indexes: [
      { name: 'byAgent', fields: ['tenant', 'agent', 'rank'] },
      { name: 'byRank', fields: ['tenant', 'rank'] },
      { name: 'byName', fields: ['tenant', 'agent'], unique: true },
    ],
  };
  const seek = (index: string, terms: string): string =>
    `SEARCH docs_rows USING INDEX docs_rows__${index} (${terms})`;

  it.each<[string, Filter, FindOptions['sort'], string]>([
    [
      'equality',
      { tenant: 't', agent: 'a', rank: 1 },
      undefined,
      seek('byAgent', 'f_tenant=? AND f_agent=? AND f_rank=?'),
    ],
    ['a unique index', { tenant: 't', agent: 'a' }, undefined, seek('byName', 'f_tenant=? AND f_agent=?')],
    [
      'a range',
      { tenant: 't', rank: { gte: 1 } },
      { field: 'rank', direction: 'desc' },
      seek('byRank', 'f_tenant=? AND f_rank>?'),
    ],
    ['an order', { tenant: 't' }, { field: 'rank', direction: 'asc' }, seek('byRank', 'f_tenant=?')],
    [
      'the order of ids',
      {},
      { field: 'id', direction: 'desc' },
      'SCAN docs_rows USING INDEX sqlite_autoindex_docs_rows_1',
    ],
  ])('uses the declared index, without sorting, for %s', async (_, filter, sort, expected) => {
    const folder = await newFolder();
    const store = await openIn(folder);
    await store.collection(spec);
    await store.close();
    const db = await Database.open(join(folder, 'test.sqlite'), 'projection');
    const { text, values } = findSql(spec, planFind(spec, filter, sort), [], 10);
    const plan = await db.read(`EXPLAIN QUERY PLAN ${text}`, ...values);
    expect(plan.map(({ detail }) => detail)).toEqual([expected]);
    await db.close();
  });
});
