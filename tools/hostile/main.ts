// Hostile input: a platform with two tenants gets everything that may not be sent to it, by everybody, over every way
// in. Each must be refused with the right error; nothing may crash, and nobody may see what is another tenant's.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePorts } from '../../deploy/local/ports.mjs';
import { startPlatform } from '../../deploy/local/platform.mjs';
import { blocksOf } from './blocks/all.js';
import { healthCases, pidsOf } from './blocks/health.js';
import { PARLEY_SECRET, seed } from './seed.js';
import { Suite } from './suite.js';
import { World } from './world.js';

const { values } = parseArgs({
  options: {
    /** Only blocks whose name begins like this. */
    only: { type: 'string', default: '' },
    /** Keep the data folder for a look at what went wrong. */
    keep: { type: 'boolean', default: false },
  },
});

/** Takes every webhook. */
const hook = createServer((request, response) => {
  request.resume();
  response.end();
});

const main = async (): Promise<Suite> => {
  const suite = new Suite();
  const dataFolder = mkdtempSync(join(tmpdir(), 'parley-hostile-'));
  const seedFile = join(dataFolder, 'hostile-seed.json');
  writeFileSync(seedFile, JSON.stringify(seed));
  const [httpPort = 0, grpcPort = 0] = await freePorts(2);
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
  const platform = await startPlatform({
    dataFolder,
    httpPort,
    grpcPort,
    seedFile,
    env: {
      PARLEY_SECRET,
      PARLEY_LOG_LEVEL: 'info',
      PARLEY_WEBHOOK_ALLOW_PRIVATE: 'true',
      // One session carries a whole matrix; the block of limits still gets over it.
      PARLEY_SOCKET_RATE: '1500',
      PARLEY_ANONYMOUS_RATE: '60',
      // Everybody logs in from one address.
      PARLEY_LOGIN_RATE: '1000',
    },
    onEvent: (name, kind, text) => console.error(`${name} ${kind}: ${text}`),
  });
  const world = new World(platform, dataFolder, hookUrl);
  try {
    await world.furnish(seedFile);
    const pids = pidsOf(world);
    for (const { name, cases } of blocksOf(world)) {
      if (!name.startsWith(values.only)) continue;
      await suite.block(name, await cases());
      await suite.block(`after ${name}`, healthCases(world, pids));
    }
  } finally {
    world.close();
    await platform.stop();
    hook.close();
    if (values.keep) console.error(`kept: ${dataFolder}`);
    else rmSync(dataFolder, { recursive: true, force: true });
  }
  return suite;
};

const { passed, problems } = await main();
console.log(`${passed} passed, ${problems.length} failed`);
process.exit(problems.length === 0 ? 0 : 1);
