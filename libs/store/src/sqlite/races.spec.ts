import { afterAll } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../index.js';
import { describeRaces } from '../testing/race-contract.js';

const folders: string[] = [];
afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

describeRaces('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-store-'));
  folders.push(folder);
  return Promise.all(
    Array.from({ length: 4 }, () => openStore({ name: 'test', durability: 'projection', folder })),
  );
});
