/**
 * One of several processes that write the same SQLite file: `race-writer FOLDER NAME ROUNDS`. Waits for a line on
 * standard input, so that all begin together, and prints what it did as JSON.
 */
import { once } from 'node:events';
import { openSqlite } from '../sqlite/store.js';
import type { Doc } from '../types.js';

export interface RaceReport {
  readonly inserted: readonly string[];
  readonly added: number;
}

interface Counter extends Doc {
  readonly total: number;
}

const [folder = '', name, rounds] = process.argv.slice(2);
const store = await openSqlite(folder, 'race', 'projection');
const docs = await store.collection<Counter>({ name: 'counters', indexes: [] });
process.stdout.write('ready\n');
await once(process.stdin, 'data');

const inserted: string[] = [];
let added = 0;
for (let round = 1; round <= Number(rounds); round++) {
  const id = `once-${round}`;
  if (await docs.insert({ id, version: 1, total: 0 })) inserted.push(id);
  await docs.upsertNewer(['x', 'y', 'z'].map((key) => ({ id: key, version: round, total: round })));
  const counter = await docs.get('counter');
  if (!counter) throw new Error(`${name}: the counter is gone`);
  const next = { ...counter, version: counter.version + 1, total: counter.total + 1 };
  if (await docs.replaceIf(next, counter.version)) added++;
}
await store.close();
process.stdout.write(`${JSON.stringify({ inserted, added } satisfies RaceReport)}\n`, () => process.exit());
