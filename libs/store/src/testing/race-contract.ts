import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Collection, Store } from '../types.js';
import { row, type Row } from './contract.js';

/** Several writers at once. `open` gives connections to one empty database. */
export const describeRaces = (title: string, open: () => Promise<readonly Store[]>): void => {
  describe(`races in ${title}`, () => {
    let stores: readonly Store[];
    let count = 0;
    beforeAll(async () => {
      stores = await open();
    });
    afterAll(async () => {
      await Promise.all(stores.map((store) => store.close()));
    });
    /** One collection, seen through each connection. */
    const declare = async (unique = false): Promise<readonly Collection<Row>[]> => {
      const spec = {
        name: `rows_${++count}`,
        indexes: [{ name: 'byAgent', fields: ['tenant', 'agent'], unique }],
      };
      return Promise.all(stores.map((store) => store.collection<Row>(spec)));
    };

    it('one insert of an id wins', async () => {
      const writers = await declare();
      for (let round = 0; round < 20; round++) {
        const won = await Promise.all(
          writers.map((docs, i) => docs.insert({ ...row(`r${round}`, 1), agent: `w${i}` })),
        );
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await writers[0]?.get(`r${round}`)).toMatchObject({ agent: `w${won.indexOf(true)}` });
      }
    });

    it('one insert of a unique value wins', async () => {
      const writers = await declare(true);
      for (let round = 0; round < 20; round++) {
        const agent = `agent${round}`;
        const won = await Promise.all(
          writers.map((docs, i) => docs.insert({ ...row(`${round}-${i}`, 1), agent })),
        );
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await writers[0]?.count({ tenant: 't', agent })).toBe(1);
      }
    });

    it('conditional replaces lose no update', async () => {
      const writers = await declare();
      await writers[0]?.insert({ ...row('counter', 1), nested: 0 });
      const each = 25;
      const addOne = async (docs: Collection<Row>): Promise<void> => {
        for (;;) {
          const doc = await docs.get('counter');
          if (!doc) throw new Error('the counter is gone');
          if (
            await docs.replaceIf(
              { ...doc, version: doc.version + 1, nested: Number(doc.nested) + 1 },
              doc.version,
            )
          )
            return;
        }
      };
      await Promise.all(
        writers.map(async (docs) => {
          for (let i = 0; i < each; i++) await addOne(docs);
        }),
      );
      const total = each * writers.length;
      expect(await writers[0]?.get('counter')).toMatchObject({ version: total + 1, nested: total });
    });

    it('the newest version stays, whoever writes last', async () => {
      const writers = await declare();
      const ids = ['a', 'b', 'c'];
      for (let round = 0; round < 20; round++) {
        const newest = writers.length;
        await Promise.all(
          writers.map((docs, i) =>
            docs.upsertNewer(ids.map((id, at) => row(`${id}${round}`, ((i + at + round) % newest) + 1))),
          ),
        );
        const stored = await writers[0]?.getMany(ids.map((id) => `${id}${round}`));
        expect([...(stored ?? [])].map(([, { version }]) => version)).toEqual(ids.map(() => newest));
      }
    });
  });
};
