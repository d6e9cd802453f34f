import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Collection, Doc, Store } from '../types.js';

export interface Row extends Doc {
  readonly tenant: string;
  readonly agent?: string | null;
  readonly rank?: number | null;
  readonly open?: boolean;
  readonly text?: string;
  readonly nested?: unknown;
}

export const INDEXES = [
  { name: 'byAgent', fields: ['tenant', 'agent', 'rank'] },
  { name: 'byRank', fields: ['tenant', 'rank'] },
  { name: 'byOpen', fields: ['tenant', 'open'] },
];

/** What every Store does, whatever database is behind it. `open` gives a store with an empty database. */
export const describeStore = (title: string, open: () => Promise<Store>): void => {
  describe(title, () => {
    let store: Store;
    let count = 0;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(async () => {
      await store.close();
    });
    const rows = (): Promise<Collection<Row>> =>
      store.collection<Row>({ name: `rows_${++count}`, indexes: INDEXES });

    describe('single documents', () => {
      it('answers a ping', async () => {
        await expect(store.ping()).resolves.toBeUndefined();
      });

      it('gives back what was inserted, JSON for JSON', async () => {
        const docs = await rows();
        const nested = {
          list: [1, 'two', null, { three: 3.5 }],
          big: Number.MAX_SAFE_INTEGER,
          empty: {},
          no: false,
        };
        const doc: Row = { id: '0-a', version: 1, tenant: 't', text: 'naïve “quotes” \u2028 😀', nested };
        expect(await docs.insert({ ...doc, agent: undefined })).toBe(true);
        expect(await docs.get('0-a')).toEqual(doc);
        expect(Object.keys((await docs.get('0-a')) ?? {}).sort()).toEqual(Object.keys(doc).sort());
        expect(await docs.get('0-b')).toBeUndefined();
      });

      it('does not insert over a document', async () => {
        const docs = await rows();
        await docs.insert({ id: 'a', version: 1, tenant: 't' });
        expect(await docs.insert({ id: 'a', version: 2, tenant: 't' })).toBe(false);
        expect(await docs.get('a')).toMatchObject({ version: 1 });
      });

      it('replaces only the version that is expected', async () => {
        const docs = await rows();
        expect(await docs.replaceIf({ id: 'a', version: 2, tenant: 't' }, 1)).toBe(false);
        await docs.insert({ id: 'a', version: 1, tenant: 't', text: 'old' });
        expect(await docs.replaceIf({ id: 'a', version: 9, tenant: 't' }, 2)).toBe(false);
        expect(await docs.replaceIf({ id: 'a', version: 2, tenant: 't' }, 1)).toBe(true);
        expect(await docs.get('a')).toEqual({ id: 'a', version: 2, tenant: 't' });
      });

      it('gets many at once and leaves out what is not there', async () => {
        const docs = await rows();
        await docs.put([row('a', 1), row('b', 1)]);
        expect([...(await docs.getMany(['b', 'x', 'a', 'a'])).keys()].sort()).toEqual(['a', 'b']);
        expect((await docs.getMany([])).size).toBe(0);
      });

      it('deletes by id', async () => {
        const docs = await rows();
        await docs.put([row('a', 1), row('b', 1), row('c', 1)]);
        await docs.delete(['a', 'c', 'x']);
        await docs.delete([]);
        expect([...(await docs.getMany(['a', 'b', 'c'])).keys()]).toEqual(['b']);
      });

      it('keeps collections apart and finds them again when declared twice', async () => {
        const spec = { name: `rows_${++count}`, indexes: INDEXES };
        const first = await store.collection<Row>(spec);
        await first.put([row('a', 1)]);
        expect(await (await store.collection<Row>(spec)).get('a')).toBeDefined();
        expect(await (await rows()).get('a')).toBeUndefined();
      });

      it('refuses documents that could not be found again', async () => {
        const docs = await rows();
        await expect(docs.put([{ id: '', version: 1, tenant: 't' }])).rejects.toThrow(/needs an id/);
        await expect(docs.put([{ id: 'a', version: 1.5, tenant: 't' }])).rejects.toThrow(/needs a version/);
        const list = ['x'] as unknown as string;
        await expect(docs.insert({ id: 'a', version: 1, tenant: 't', agent: list })).rejects.toThrow(
          /"agent"/,
        );
      });
    });

    describe('bulk writes', () => {
      it('put replaces whatever version is there', async () => {
        const docs = await rows();
        await docs.put([row('a', 5), row('b', 5)]);
        await docs.put([row('a', 3), row('c', 1), row('c', 2)]);
        await docs.put([]);
        expect(await versions(docs)).toEqual({ a: 3, b: 5, c: 2 });
      });

      it('upsertNewer drops what is not newer', async () => {
        const docs = await rows();
        await docs.upsertNewer([row('a', 2), row('b', 2), row('c', 2)]);
        await docs.upsertNewer([
          { ...row('a', 1), text: 'x' },
          { ...row('b', 2), text: 'x' },
          row('c', 3),
          row('d', 1),
        ]);
        await docs.upsertNewer([]);
        expect(await versions(docs)).toEqual({ a: 2, b: 2, c: 3, d: 1 });
        expect(await docs.get('b')).toEqual(row('b', 2));
      });

      it('upsertNewer replaces many at once', async () => {
        const docs = await rows();
        const ids = Array.from({ length: 300 }, (_, n) => `many-${n}`);
        for (const version of [1, 2]) await docs.upsertNewer(ids.map((id) => row(id, version)));
        const found = await docs.getMany(ids);
        expect([...found.values()].map(({ version }) => version)).toEqual(ids.map(() => 2));
      });

      it('upsertNewer keeps the newest of several of one id', async () => {
        const docs = await rows();
        await docs.upsertNewer([row('a', 1), row('a', 3), row('a', 2)]);
        expect(await versions(docs)).toEqual({ a: 3 });
      });
    });

    describe('unique indexes', () => {
      const users = (): Promise<Collection<Row>> =>
        store.collection<Row>({
          name: `rows_${++count}`,
          indexes: [{ name: 'byAgent', fields: ['tenant', 'agent'], unique: true }],
        });
      const user = (id: string, version: number, agent: string): Row => ({ id, version, tenant: 't', agent });
      const duplicate = expect.objectContaining({ name: 'ApiError', code: 6 });

      it('refuse a value that another document has, in every way of writing', async () => {
        const docs = await users();
        expect(await docs.insert(user('a', 1, 'ann'))).toBe(true);
        expect(await docs.insert(user('b', 1, 'ann'))).toBe(false);
        expect(await docs.insert(user('b', 1, 'bob'))).toBe(true);
        await expect(docs.replaceIf(user('b', 2, 'ann'), 1)).rejects.toEqual(duplicate);
        await expect(docs.put([user('b', 2, 'ann')])).rejects.toEqual(duplicate);
        await expect(docs.upsertNewer([user('b', 2, 'ann')])).rejects.toEqual(duplicate);
        await expect(docs.upsertNewer([user('c', 2, 'ann')])).rejects.toEqual(duplicate);
        await docs.upsertNewer([user('a', 1, 'ann')]);
        expect(await docs.get('b')).toEqual(user('b', 1, 'bob'));
        expect(await docs.get('c')).toBeUndefined();
      });

      it('free a value with its document, and do not reach across tenants', async () => {
        const docs = await users();
        await docs.insert(user('a', 1, 'ann'));
        expect(await docs.insert({ ...user('b', 1, 'ann'), tenant: 'other' })).toBe(true);
        await docs.delete(['a']);
        expect(await docs.insert(user('c', 1, 'ann'))).toBe(true);
      });

      it('want a value in every document', async () => {
        const docs = await users();
        await expect(docs.insert({ id: 'a', version: 1, tenant: 't' })).rejects.toThrow(/needs "agent"/);
      });
    });
  });
};

export const row = (id: string, version: number): Row => ({ id, version, tenant: 't' });

/** Version by id of up to 100 documents. */
export const versions = async (docs: Collection<Row>): Promise<Record<string, number>> =>
  Object.fromEntries((await docs.find({ filter: {} })).items.map(({ id, version }) => [id, version]));

/** Every item of a paged list, in order. */
export const allPages = async <D>(
  page: (cursor: string | undefined) => Promise<{ items: readonly D[]; next?: string }>,
): Promise<D[]> => {
  const items: D[] = [];
  let cursor: string | undefined;
  do {
    const { items: more, next } = await page(cursor);
    items.push(...more);
    cursor = next;
  } while (cursor !== undefined);
  return items;
};
