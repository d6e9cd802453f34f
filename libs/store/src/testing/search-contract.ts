import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Collection, Store } from '../types.js';
import { allPages, row, type Row } from './contract.js';

const SPEC = { indexes: [{ name: 'byAgent', fields: ['tenant', 'agent'] }], searchable: ['text'] as const };

const TEXTS: Readonly<Record<string, string>> = {
  a: 'My order 4711 has not arrived – where is it?',
  b: "L'été à Zürich: ÉTÉ, Straße, Ångström, don't",
  c: 'أين طلبي؟ مَرْحَبًا بكم في المتجر',
  d: '東京都の天気はどうですか。 配送状況を知りたい',
  e: 'Ordering again: refund-policy v2.0',
  f: 'สวัสดีครับ ผมต้องการความช่วยเหลือ',
};

/** What search finds, the same in every database. `open` gives a store with an empty database. */
export const describeSearch = (title: string, open: () => Promise<Store>): void => {
  describe(title, () => {
    let store: Store;
    let docs: Collection<Row>;
    let count = 0;
    const collection = (): Promise<Collection<Row>> =>
      store.collection<Row>({ name: `texts_${++count}`, ...SPEC });
    const ids = async (text: string, filter = {}): Promise<string> =>
      (await docs.search(text, { filter })).items.map(({ id }) => id).join(' ');

    beforeAll(async () => {
      store = await open();
      docs = await collection();
      await docs.put(
        Object.entries(TEXTS).map(([id, text]) => ({ ...row(id, 1), text, agent: id < 'c' ? 'ann' : 'bob' })),
      );
    });
    afterAll(async () => {
      await store.close();
    });

    it.each([
      ['a whole word', 'order', 'e a'],
      ['a prefix, any case', 'ORDERI', 'e'],
      ['every word, in any order', 'arrived 4711', 'a'],
      ['not when one word is missing', 'order refund nothing', ''],
      ['not inside a word', 'rder', ''],
      ['accents folded in the text', 'ete zurich', 'b'],
      ['accents folded in the query', 'ördér', 'e a'],
      ['sharp s, rings', 'strasse angstrom', 'b'],
      ['numbers with punctuation', 'v2', 'e'],
      ['words with an apostrophe', "don't", 'b'],
      ['Arabic, with and without vowel signs', 'مرحبا', 'c'],
      ['Arabic, several words', 'طلبي أين', 'c'],
      ['Japanese words', '東京 天気', 'd'],
      ['Japanese, full-width digits', '４７１１', 'a'],
      ['Thai words', 'สวัสดี', 'f'],
      ['nothing for nothing', '', ''],
      ['nothing for punctuation', '?! "*" -- $', ''],
      ['operators as words', 'arrived NOT refund', ''],
      ['quotes and stars as spaces', '"order*" (arrived)', 'a'],
      ['no regular expressions', 'wh.re', ''],
    ])('finds %s', async (_, text, expected) => {
      expect(await ids(text)).toBe(expected);
    });

    it('applies the filter, and only declared fields', async () => {
      expect(await ids('order', { tenant: 't', agent: 'ann' })).toBe('a');
      expect(await ids('order', { tenant: 'other' })).toBe('');
      await expect(docs.search('order', { filter: { text: 'x' } })).rejects.toMatchObject({
        reason: 'MISUSE',
      });
    });

    it('follows changes and deletions', async () => {
      const changing = await collection();
      const search = async (text: string): Promise<number> =>
        (await changing.search(text, { filter: {} })).items.length;
      await changing.insert({ ...row('a', 1), text: 'first' });
      await changing.upsertNewer([
        { ...row('a', 1), text: 'ignored' },
        { ...row('b', 1), text: 'first' },
      ]);
      expect([await search('first'), await search('ignored')]).toEqual([2, 0]);
      await changing.replaceIf({ ...row('a', 2), text: 'second' }, 1);
      await changing.replaceIf({ ...row('b', 2), text: 'second' }, 7);
      expect([await search('first'), await search('second')]).toEqual([1, 1]);
      await changing.put([row('a', 3)]);
      await changing.deleteWhere({ tenant: 't', agent: null }, 1);
      expect([await search('second'), await search('first')]).toEqual([0, 1]);
      await changing.delete(['b']);
      expect(await search('first')).toBe(0);
    });

    it('pages newest id first and hides its own fields', async () => {
      const many = await collection();
      await many.put(['1', '2', '3', '4', '5'].map((id) => ({ ...row(id, 1), text: 'same words' })));
      const found = await allPages((cursor) =>
        many.search('wor', { filter: { tenant: 't' }, limit: 2, cursor }),
      );
      expect(found.map(({ id }) => id)).toEqual(['5', '4', '3', '2', '1']);
      expect(found[0]).toEqual({ ...row('5', 1), text: 'same words' });
      const foreign = (await many.find({ filter: {}, limit: 1 })).next;
      await expect(many.search('wor', { filter: {}, cursor: foreign })).rejects.toMatchObject({ code: 3 });
    });

    it('refuses endless queries', async () => {
      const text = Array.from({ length: 33 }, (_, i) => `w${i}`).join(' ');
      await expect(docs.search(text, { filter: {} })).rejects.toMatchObject({ code: 3 });
    });

    it('indexes what is there when searching is declared later', async () => {
      const name = `texts_${++count}`;
      await (
        await store.collection<Row>({ name, indexes: SPEC.indexes })
      ).put([{ ...row('a', 1), text: 'already here' }]);
      const later = await store.collection<Row>({ name, ...SPEC });
      expect((await later.search('here', { filter: {} })).items).toHaveLength(1);
    });
  });
};
