// The replay on a platform that it starts itself. Zeros are what passes.
import { parseArgs } from 'node:util';
import { startMongo } from '@parley/testkit';
import { chatsFor } from '../../lib/chats.js';
import { startTemporaryPlatform } from '../../lib/platform.js';
import { replay } from '../replay.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    /** At most so many; all of a file, or 200 generated ones, when not given. */
    chats: { type: 'string' },
    concurrency: { type: 'string', default: '20' },
    /** Processes of each service that keeps partitions. */
    instances: { type: 'string', default: '1' },
    /** Documents in a MongoDB-wire server instead of SQLite. */
    mongodb: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

const main = async (): Promise<boolean> => {
  const hasFile = positionals[0] !== undefined || process.env.PARLEY_CHATS;
  const limit = Number(values.chats ?? (hasFile ? Infinity : 200));
  const chats = chatsFor(positionals[0], Number(values.seed), limit);
  const mongo = values.mongodb ? await startMongo() : undefined;
  try {
    const own = await startTemporaryPlatform({
      name: 'replay',
      instances: Number(values.instances),
      keep: values.keep,
      ...(mongo ? { env: { MONGODB_URL: mongo.url } } : {}),
      onEvent: (name, kind, text) => console.error(`${name} ${kind}: ${text}`),
    });
    try {
      const { result, problems } = await replay({
        chats,
        concurrency: Number(values.concurrency),
        ...own.target,
      });
      for (const problem of problems.slice(0, 50)) console.error(problem);
      console.log(JSON.stringify({ ...result, ...(mongo ? { documents: mongo.kind } : {}) }));
      return problems.length === 0;
    } finally {
      await own.close();
    }
  } finally {
    await mongo?.stop();
  }
};

const ok = await main().catch((error: Error) => {
  console.error(error.message);
  return false;
});
console.log(ok ? '1 passed, 0 failed' : '0 passed, 1 failed');
process.exit(ok ? 0 : 1);
