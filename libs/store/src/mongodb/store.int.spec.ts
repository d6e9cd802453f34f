import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { freePort, startMongo, startRelay, type MongoServer, type Relay } from '@parley/testkit';
import { mongodbAnswers, mongodbServerKind, openStore } from '../index.js';
import { describeStore, row, type Row } from '../testing/contract.js';
import { describeRaces } from '../testing/race-contract.js';
import { describeFind } from '../testing/find-contract.js';
import { describeSearch } from '../testing/search-contract.js';
import type { Store } from '../types.js';
import { MongodbCollection } from './collection.js';
import type { Stored } from './query.js';

let server: MongoServer;
beforeAll(async () => {
  server = await startMongo();
}, 300_000);
afterAll(async () => {
  await server?.stop();
});

const open = (name = `test_${randomUUID().slice(0, 8)}`): Promise<Store> =>
  openStore({ name, durability: 'record', mongodbUrl: server.url });

describeStore('MongoDB', open);
describeFind('find in MongoDB', open);
describeSearch('search in MongoDB', open);
describeRaces('MongoDB', async () => {
  const name = `test_${randomUUID().slice(0, 8)}`;
  return Promise.all(Array.from({ length: server.isAtomic ? 4 : 1 }, () => open(name)));
});

describe('a MongoDB store', () => {
  it('is known by its kind', async () => {
    expect(await mongodbServerKind(server.url)).toBe(server.kind);
  });

  it('names the hosts, and no password, when nobody answers', async () => {
    const mongodbUrl = 'mongodb://user:secret@127.0.0.1:1/?serverSelectionTimeoutMS=200';
    const opening = openStore({ name: 'test', durability: 'record', mongodbUrl });
    await expect(opening).rejects.toMatchObject({
      reason: 'UNREACHABLE',
      message: expect.stringMatching(/^MongoDB at 127\.0\.0\.1:1: (?!.*secret).*check the URL/) as unknown,
    });
  });

  it('is waited for while nobody is there, which is told once', async () => {
    const port = await freePort();
    const reasons: string[] = [];
    let relay: Promise<Relay> | undefined;
    await mongodbAnswers(`mongodb://127.0.0.1:${port}/?serverSelectionTimeoutMS=300&directConnection=true`, {
      forMs: 60_000,
      onWaiting: (reason) => {
        reasons.push(reason);
        relay = startRelay(port, server.url);
      },
    });
    expect(reasons).toEqual([expect.stringContaining(`MongoDB at 127.0.0.1:${port}: `)]);
    await (await relay)?.stop();
  }, 70_000);

  it('is not waited for any longer than was said', async () => {
    const waiting = mongodbAnswers('mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100', { forMs: 0 });
    await expect(waiting).rejects.toMatchObject({ reason: 'UNREACHABLE' });
  });

  it('writes all the others when another process is first with one of them', async () => {
    const client = await MongoClient.connect(server.url);
    const raced = client.db(`test_${randomUUID().slice(0, 8)}`).collection<Stored>('rows');
    const rest = Object.create(raced) as typeof raced;
    rest.bulkWrite = async (operations, options) => {
      await raced.insertOne({ _id: 'a', ...row('a', 3), rank: 1 }).catch(() => undefined);
      return raced.bulkWrite(operations, options);
    };
    const docs = new MongodbCollection<Row>(rest, { name: 'rows', indexes: [] });
    await docs.upsertNewer(['a', 'b', 'c'].map((id) => ({ ...row(id, 2), rank: 2 })));
    const stored = await raced.find().sort({ _id: 1 }).toArray();
    await client.close();
    expect(stored.map(({ _id, version }) => [_id, version])).toEqual([
      ['a', 3],
      ['b', 2],
      ['c', 2],
    ]);
  });

  it('takes other fields under an old index name', async () => {
    const store = await open();
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

  it('takes another name for an old index', async () => {
    const store = await open();
    await store.collection<Row>({ name: 'rows', indexes: [{ name: 'old', fields: ['tenant', 'rank'] }] });
    const index = { name: 'new', fields: ['tenant', 'rank'] };
    const docs = await store.collection<Row>({ name: 'rows', indexes: [index] });
    await docs.put([{ ...row('a', 1), rank: 1 }]);
    expect(await docs.count({ tenant: 't', rank: 1 })).toBe(1);
    await store.close();
  });

  it('is not ready once it is closed', async () => {
    const store = await open();
    await store.close();
    await expect(store.ping()).rejects.toThrow();
  });
});
