import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { freePort, startMongo, startNats, startRelay, type Relay, type TestNats } from '@parley/testkit';

const MAIN = `
import { defineConfig, runService } from '@parley/service';
import { openStore } from '@parley/store';
await runService({
  name: 'notification',
  config: defineConfig({ RETRIES: { type: 'integer', default: 3, doc: 'tries of a delivery' } }),
  build: async ({ config, logger }) => {
    const store = await openStore({
      name: 'notification',
      durability: 'projection',
      folder: config.PARLEY_DATA,
    });
    return {
    handlers: {},
    start: async () => {
      if (config.RETRIES === 99) setTimeout(() => { throw new Error('bug'); }, 10);
    },
    drain: async () => {
      logger.info('drain hook');
      if (config.RETRIES === 77) await new Promise(() => undefined);
      await store.close();
    },
    };
  },
});
`;

describe('runService', () => {
  let nats: TestNats;
  let folder: string;
  beforeAll(async () => {
    nats = await startNats();
    // Inside the work tree, so that external packages resolve.
    const cache = join(import.meta.dirname, '../../../.cache');
    await mkdir(cache, { recursive: true });
    folder = await mkdtemp(join(cache, 'run-service-'));
    await writeFile(join(folder, 'main.ts'), MAIN);
    await build({
      entryPoints: [join(folder, 'main.ts')],
      outfile: join(folder, 'main.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      plugins: [
        {
          name: 'external-packages',
          setup: (bundler) =>
            bundler.onResolve({ filter: /^[^./]/ }, ({ path }) =>
              path.startsWith('@parley/') ? undefined : { path, external: true },
            ),
        },
      ],
    });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await nats.stop();
  });

  const launch = (env: Record<string, string>) => {
    const child = spawn(process.execPath, [join(folder, 'main.mjs')], {
      env: { PATH: process.env['PATH'], NATS_URL: nats.url, PARLEY_DATA: join(folder, 'data'), ...env },
    });
    let output = '';
    const waiters: { text: string; resolve: () => void }[] = [];
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      for (const waiter of waiters) if (output.includes(waiter.text)) waiter.resolve();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const exited = once(child, 'close').then(([code]) => code as number);
    const says = (text: string): Promise<void> =>
      output.includes(text) ? Promise.resolve() : new Promise((resolve) => waiters.push({ text, resolve }));
    return { child, exited, says, output: () => output };
  };

  it('drains and exits 0 on SIGTERM', async () => {
    const { child, exited, says, output } = launch({});
    await says('"msg":"serving"');
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(output()).toContain('drain hook');
    expect(output()).toContain('"msg":"stopped"');
  });

  it('waits for NATS and MongoDB that start together with it, and says so', async () => {
    const late = await startNats();
    await late.kill();
    const port = await freePort();
    const mongo = await startMongo();
    let relay: Relay | undefined;
    try {
      const { child, exited, says } = launch({
        NATS_URL: late.url,
        MONGODB_URL: `mongodb://127.0.0.1:${port}/?serverSelectionTimeoutMS=300&directConnection=true`,
      });
      await Promise.all([says('"msg":"waiting for NATS"'), says('"msg":"waiting for MongoDB"')]);
      await late.restart();
      relay = await startRelay(port, mongo.url);
      await says('"msg":"serving"');
      child.kill('SIGTERM');
      expect(await exited).toBe(0);
    } finally {
      await relay?.stop();
      await Promise.all([mongo.stop(), late.stop()]);
    }
  }, 300_000);

  it('exits at once on a second signal', async () => {
    const { child, exited, says } = launch({ RETRIES: '77' });
    await says('"msg":"serving"');
    child.kill('SIGINT');
    await says('drain hook');
    child.kill('SIGINT');
    expect(await exited).toBe(1);
  });

  it('exits 1 on an uncaught error, with the error in the log', async () => {
    const { exited, output } = launch({ RETRIES: '99' });
    expect(await exited).toBe(1);
    expect(output()).toContain('uncaught error');
    expect(output()).toContain('bug');
  });

  it('exits 78 and names each variable of a wrong configuration', async () => {
    const { exited, output } = launch({ RETRIES: 'x', NATS_URL: 'here' });
    expect(await exited).toBe(78);
    expect(output()).toMatch(/RETRIES is "x", not a whole number/);
    expect(output()).toMatch(/NATS_URL is not an absolute URL/);
  });

  it('exits 78 with a line that says what to do when its store is damaged or cannot be written', async () => {
    const damaged = join(folder, 'damaged');
    await mkdir(damaged);
    await writeFile(join(damaged, 'notification.sqlite'), 'this is no database '.repeat(200));
    const first = launch({ PARLEY_DATA: damaged });
    expect(await first.exited).toBe(78);
    expect(first.output()).toMatch(/notification: .*notification\.sqlite: .*move it away/);

    const second = launch({ PARLEY_DATA: join(folder, 'main.mjs') });
    expect(await second.exited).toBe(78);
    expect(second.output()).toMatch(/notification: .*choose a folder that can be written/);
  });
});
