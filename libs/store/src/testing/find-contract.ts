import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Collection, Filter, Scalar, Store } from '../types.js';
import { allPages, INDEXES, row, versions, type Row } from './contract.js';

/** What find, count and deleteWhere do, the same in every database. `open` gives a store with an empty database. */
export const describeFind = (title: string, open: () => Promise<Store>): void => {
  describe(title, () => {
    let store: Store;
    let count = 0;
    const rows = (): Promise<Collection<Row>> =>
      store.collection<Row>({ name: `found_${++count}`, indexes: INDEXES });
    afterAll(async () => {
      await store.close();
    });

    let docs: Collection<Row>;
    const ranks = [3, 1, null, 2, 3, undefined, 1, 2.5];
    beforeAll(async () => {
      store = await open();
      docs = await rows();
      const agents = ['ann', 'bob', null];
      const all = ranks.map((rank, i) => ({
        ...row(`d${i}`, 1),
        agent: agents[i % 3],
        rank,
        open: i % 2 === 0,
      }));
      await docs.put([...all, { ...row('e0', 1), tenant: 'other', agent: 'ann', rank: 1, open: true }]);
    });
    const ids = async (
      filter: Filter,
      sort?: [string, 'asc' | 'desc'],
      limit?: number,
    ): Promise<string[]> => {
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
      expect(await ids({ tenant: 't', rank: { gte: 2 } }, ['rank', 'desc'])).toEqual([
        'd4',
        'd0',
        'd7',
        'd3',
      ]);
      expect(await ids({ tenant: 't', agent: { in: ['ann', 'bob'] } }, ['rank', 'asc'], 3)).toEqual([
        'd1',
        'd6',
        'd3',
      ]);
    });

    it.each([1, 2, 3, 7, 8, 9])('gives the same list in pages of %d', async (limit) => {
      const sorts = [
        undefined,
        ...['rank', 'id'].flatMap((f) => (['asc', 'desc'] as const).map((d) => [f, d] as const)),
      ];
      for (const sort of sorts) {
        const order = sort && { field: sort[0], direction: sort[1] };
        const whole = (await docs.find({ filter: { tenant: 't' }, sort: order })).items;
        expect(
          await allPages((cursor) => docs.find({ filter: { tenant: 't' }, sort: order, limit, cursor })),
        ).toEqual(whole);
      }
    });

    it('pages on from where it was while documents come and go', async () => {
      const changing = await rows();
      await changing.put([1, 2, 3, 4].map((rank) => ({ ...row(`r${rank}`, 1), rank })));
      const options = {
        filter: { tenant: 't' },
        sort: { field: 'rank', direction: 'desc' as const },
        limit: 2,
      };
      const first = await changing.find(options);
      await changing.put([
        { ...row('r5', 1), rank: 5 },
        { ...row('r25', 1), rank: 2.5 },
      ]);
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
      await expect(docs.find({ filter, sort })).rejects.toMatchObject({
        name: 'StoreError',
        reason: 'MISUSE',
      });
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
};
