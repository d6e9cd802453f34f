import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openStore } from '../index.js';
import type { RaceReport } from '../testing/race-writer.js';
import type { Doc } from '../types.js';

const WRITERS = 3;
const ROUNDS = 200;
const root = join(import.meta.dirname, '..', '..', '..', '..');
let folder = '';
let script = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-store-'));
  script = join(folder, 'race-writer.mjs');
  const entry = join(import.meta.dirname, '..', 'testing', 'race-writer.ts');
  const options = ['--bundle', '--platform=node', '--format=esm', `--outfile=${script}`];
  await promisify(execFile)(join(root, 'node_modules', '.bin', 'esbuild'), [entry, ...options], {
    cwd: root,
  });
}, 60_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Starts a writer; `go` lets it begin and gives its report. */
const startWriter = async (name: string): Promise<{ go(): Promise<RaceReport> }> => {
  const child = spawn(process.execPath, [script, folder, name, String(ROUNDS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: root,
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.value !== 'ready') throw new Error(`the writer did not start: ${String(first.value)}`);
  return {
    async go() {
      child.stdin.write('go\n');
      const { value } = await lines.next();
      return JSON.parse(String(value)) as RaceReport;
    },
  };
};

it('several processes share a SQLite file and lose nothing', async () => {
  const store = await openStore({ name: 'race', durability: 'projection', folder });
  const docs = await store.collection<Doc & { total: number }>({ name: 'counters', indexes: [] });
  await docs.insert({ id: 'counter', version: 1, total: 0 });
  const writers = await Promise.all(Array.from({ length: WRITERS }, (_, i) => startWriter(`w${i}`)));
  const reports = await Promise.all(writers.map((writer) => writer.go()));

  const inserted = reports.flatMap((report) => report.inserted);
  expect(new Set(inserted).size).toBe(ROUNDS);
  expect(inserted).toHaveLength(ROUNDS);
  const added = reports.reduce((sum, report) => sum + report.added, 0);
  expect(added).toBeGreaterThan(0);
  expect(await docs.get('counter')).toEqual({ id: 'counter', version: added + 1, total: added });
  for (const id of ['x', 'y', 'z'])
    expect(await docs.get(id)).toEqual({ id, version: ROUNDS, total: ROUNDS });
  await store.close();
}, 60_000);
