import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Collection, Doc, Filter, Scalar, Store } from '../types.js';

export interface Row extends Doc {
  readonly tenant: string;
  readonly agent?: string | null;
  readonly rank?: number | null;
  readonly open?: boolean;
  readonly text?: string;
  readonly nested?: unknown;
}

const INDEXES = [
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
    const rows = (): Promise<Collection<Row>> => store.collection<Row>({ name: `rows_${++count}`, indexes: INDEXES });

    describe('single documents', () => {
      it('answers a ping', async () => {
        await expect(store.ping()).resolves.toBeUndefined();
      });

      it('gives back what was inserted, JSON for JSON', async () => {
        const docs = await rows();
        const nested = { list: [1, 'two', null, { three: 3.5 }], big: Number.MAX_SAFE_INTEGER, empty: {}, no: false };
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
        await expect(docs.insert({ id: 'a', version: 1, tenant: 't', agent: list })).rejects.toThrow(/"agent"/);
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
        await docs.upsertNewer([{ ...row('a', 1), text: 'x' }, { ...row('b', 2), text: 'x' }, row('c', 3), row('d', 1)]);
        await docs.upsertNewer([]);
        expect(await versions(docs)).toEqual({ a: 2, b: 2, c: 3, d: 1 });
        expect(await docs.get('b')).toEqual(row('b', 2));
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

    describe('find', () => {
      let docs: Collection<Row>;
      const ranks = [3, 1, null, 2, 3, undefined, 1, 2.5];
      beforeAll(async () => {
        docs = await rows();
        const agents = ['ann', 'bob', null];
        const all = ranks.map((rank, i) => ({ ...row(`d${i}`, 1), agent: agents[i % 3], rank, open: i % 2 === 0 }));
        await docs.put([...all, { ...row('e0', 1), tenant: 'other', agent: 'ann', rank: 1, open: true }]);
      });
      const ids = async (filter: Filter, sort?: [string, 'asc' | 'desc'], limit?: number): Promise<string[]> => {
        const order = sort && { field: sort[0], direction: sort[1] };
        return (await docs.find({ filter, sort: order, limit })).items.map(({ id }) => id);
      };

      it.each<[string, Filter, string[]]>([
        ['equality', { tenant: 't', agent: 'ann' }, ['d0', 'd3', 'd6']],
        ['equality with null or nothing', { tenant: 't', agent: null }, ['d2', 'd5']],
        ['a boolean', { tenant: 't', open: true }, ['d0', 'd2', 'd4', 'd6']],
        ['one of several', { tenant: 't', agent: { in: ['bob', null, 'x'] } }, ['d1', 'd2', 'd4', 'd5', 'd7']],
        ['one of none', { tenant: 't', agent: { in: [] } }, []],
        ['one of booleans', { tenant: 't', open: { in: [false] } }, ['d1', 'd3', 'd5', 'd7']],
        ['a range, without nulls', { tenant: 't', rank: { lt: 3 } }, ['d1', 'd3', 'd6', 'd7']],
        ['a closed range', { tenant: 't', rank: { gte: 2, lte: 2.5 } }, ['d3', 'd7']],
        ['an open range', { tenant: 't', rank: { gt: 2, lt: 3 } }, ['d7']],
        ['equality, then a range', { tenant: 't', agent: 'ann', rank: { gte: 2 } }, ['d0', 'd3']],
        ['ids', { id: { gt: 'd5', lte: 'd7' } }, ['d6', 'd7']],
        ['nothing that exists', { tenant: 'nobody' }, []],
      ])('by %s; count agrees', async (_, filter, expected) => {
        expect(await ids(filter)).toEqual(expected);
        expect(await docs.count(filter)).toBe(expected.length);
      });

      it('sorts by a field, then by id in the same direction, nulls first when ascending', async () => {
        const ascending = ['d2', 'd5', 'd1', 'd6', 'd3', 'd7', 'd0', 'd4'];
        expect(await ids({ tenant: 't' }, ['rank', 'asc'])).toEqual(ascending);
        expect(await ids({ tenant: 't' }, ['rank', 'desc'])).toEqual(ascending.toReversed());
        expect(await ids({ tenant: 't' }, ['id', 'desc'], 2)).toEqual(['d7', 'd6']);
        expect(await ids({ tenant: 't', rank: { gte: 2 } }, ['rank', 'desc'])).toEqual(['d4', 'd0', 'd7', 'd3']);
        expect(await ids({ tenant: 't', agent: { in: ['ann', 'bob'] } }, ['rank', 'asc'], 3)).toEqual(['d1', 'd6', 'd3']);
      });

      it.each([1, 2, 3, 7, 8, 9])('gives the same list in pages of %d', async (limit) => {
        const sorts = [undefined, ...(['rank', 'id'].flatMap((f) => (['asc', 'desc'] as const).map((d) => [f, d] as const)))];
        for (const sort of sorts) {
          const order = sort && { field: sort[0], direction: sort[1] };
          const whole = (await docs.find({ filter: { tenant: 't' }, sort: order })).items;
          expect(await allPages((cursor) => docs.find({ filter: { tenant: 't' }, sort: order, limit, cursor }))).toEqual(whole);
        }
      });

      it('pages on from where it was while documents come and go', async () => {
        const changing = await rows();
        await changing.put([1, 2, 3, 4].map((rank) => ({ ...row(`r${rank}`, 1), rank })));
        const options = { filter: { tenant: 't' }, sort: { field: 'rank', direction: 'desc' as const }, limit: 2 };
        const first = await changing.find(options);
        await changing.put([{ ...row('r5', 1), rank: 5 }, { ...row('r25', 1), rank: 2.5 }]);
        await changing.delete(['r3']);
        const second = await changing.find({ ...options, cursor: first.next });
        expect(first.items.map(({ id }) => id)).toEqual(['r4', 'r3']);
        expect(second.items.map(({ id }) => id)).toEqual(['r25', 'r2']);
      });

      it('refuses cursors that are garbled or of another list', async () => {
        const other = (await docs.find({ filter: { tenant: 't' }, limit: 1 })).next ?? '';
        const forged = Buffer.from(JSON.stringify(['x', { $gt: '' }, 'd1'])).toString('base64url');
        const options = { filter: { tenant: 't' }, sort: { field: 'rank', direction: 'asc' as const } };
        for (const cursor of ['', 'x', '{}', 'bnVsbA', forged, other, `${other}AAAA`]) {
          await expect(docs.find({ ...options, cursor })).rejects.toMatchObject({
            code: 3,
            details: { violations: [{ field: 'cursor' }] },
          });
        }
      });

      it.each([0, -1, 1.5, 1001, Number.NaN])('refuses a limit of %d', async (limit) => {
        await expect(docs.find({ filter: {}, limit })).rejects.toMatchObject({ code: 3 });
      });

      it.each<[string, Filter, string | undefined]>([
        ['a field without index', { tenant: 't', text: 'x' }, undefined],
        ['a field that is not the next of the index', { tenant: 't', version: 1 }, undefined],
        ['a gap in the index', { tenant: 't', agent: { gt: 'a' }, rank: 1 }, undefined],
        ['a missing prefix', { rank: 1 }, undefined],
        ['an order without index', { tenant: 't' }, 'text'],
        ['an order that the index does not continue with', { tenant: 't', open: true }, 'rank'],
        ['two ranges', { tenant: 't', agent: { gt: 'a' }, rank: { gt: 1 } }, undefined],
      ])('would scan for %s and says so', async (_, filter, field) => {
        const sort = field ? { field, direction: 'asc' as const } : undefined;
        await expect(docs.find({ filter, sort })).rejects.toMatchObject({ name: 'StoreError', reason: 'MISUSE' });
      });

      it.each<[string, unknown]>([
        ['nothing', undefined],
        ['an operator of a database', { $ne: null }],
        ['an empty condition', {}],
        ['a list', ['ann']],
        ['an object among values', { in: [{ $gt: '' }] }],
        ['a range from null', { gt: null }],
      ])('refuses %s as a condition', async (_, condition) => {
        const filter = { tenant: 't', agent: condition as Scalar };
        await expect(docs.find({ filter })).rejects.toMatchObject({ reason: 'MISUSE' });
      });

      it('deletes what matches, up to a limit', async () => {
        const doomed = await rows();
        await doomed.put([1, 2, 3, 4, 5].map((rank) => ({ ...row(`r${rank}`, 1), rank })));
        expect(await doomed.deleteWhere({ tenant: 't', rank: { lte: 4 } }, 3)).toBe(3);
        expect(await doomed.deleteWhere({ tenant: 't', rank: { lte: 4 } })).toBe(1);
        expect(await doomed.deleteWhere({ tenant: 't', rank: { lte: 4 } })).toBe(0);
        expect(await versions(doomed)).toEqual({ r5: 1 });
      });
    });
  });
};

export const row = (id: string, version: number): Row => ({ id, version, tenant: 't' });

const versions = async (docs: Collection<Row>): Promise<Record<string, number>> =>
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
