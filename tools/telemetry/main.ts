// What the running platform tells of itself: one chat, with marks in everything that somebody writes or keeps secret;
// then the tree of its traces, as a collector gets it, and the logs of all services at their most talkative.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPlatform } from '../../deploy/local/platform.mjs';
import { freePorts } from '../../deploy/local/ports.mjs';
import { markOf, noteMarkOf, TENANTS } from '../hostile/leaks.js';
import { identityKeyOf, keyOf, PARLEY_SECRET, PASSWORD, seed } from '../hostile/seed.js';
import { must, Suite, type Case } from '../hostile/suite.js';
import { World } from '../hostile/world.js';
import { levelCases, logCases, readLogs } from './logs.js';
import { Receiver } from './receiver.js';
import { tellStory } from './story.js';
import { traceCases } from './traces.js';

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });

/** Takes every webhook. */
const hook = createServer((request, response) => {
  request.resume();
  response.end();
});
await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
const hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;

/** Starts a platform that exports to the receiver, and runs `work` with it. */
const onPlatform = async (
  receiver: Receiver,
  env: Record<string, string>,
  work: (world: World) => Promise<void>,
): Promise<void> => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'parley-telemetry-'));
  const seedFile = join(dataFolder, 'seed-of-the-test.json');
  writeFileSync(seedFile, JSON.stringify(seed));
  const [httpPort = 0, grpcPort = 0] = await freePorts(2);
  const platform = await startPlatform({
    dataFolder,
    httpPort,
    grpcPort,
    seedFile,
    env: {
      PARLEY_SECRET,
      PARLEY_WEBHOOK_ALLOW_PRIVATE: 'true',
      OTEL_EXPORTER_OTLP_ENDPOINT: await receiver.listen(),
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      ...env,
    },
    onEvent: (name, kind, text) => console.error(`${name} ${kind}: ${text}`),
  });
  const world = new World(platform, dataFolder, hookUrl);
  try {
    await world.furnish(seedFile);
    await work(world);
  } finally {
    world.close();
    await platform.stop();
    receiver.close();
    if (values.keep) console.error(`kept: ${dataFolder}`);
    else rmSync(dataFolder, { recursive: true, force: true });
  }
};

/** What may stand in no span and no log: what people wrote or are called, and what opens doors. */
const secretsOf = (world: World): readonly string[] => [
  ...TENANTS.flatMap((name) => [markOf(name), noteMarkOf(name), identityKeyOf(name)]),
  ...TENANTS.flatMap((name) => [keyOf(name, 'all'), keyOf(name, 'narrow')]),
  ...[...world.tenants.values()].flatMap(({ callers }) => callers.map(({ token }) => token)),
  PASSWORD,
  PARLEY_SECRET,
];

const withoutSecrets = (where: string, text: () => string, secrets: readonly string[]): Case => ({
  name: `${where} hold nothing that somebody wrote, is called or keeps secret`,
  run: () => {
    const all = text().toLowerCase();
    must(all.length > 0, 'there is nothing to look through');
    for (const secret of secrets) {
      const at = all.indexOf(secret.toLowerCase());
      must(at < 0, `a secret stands in: ${all.slice(Math.max(0, at - 200), at + 20)}`);
    }
  },
});

const suite = new Suite();
const receiver = new Receiver();
await onPlatform(receiver, { PARLEY_LOG_LEVEL: 'trace' }, async (world) => {
  const { conversationId, refused } = await tellStory(world.acme);
  await suite.block('traces', traceCases(receiver, conversationId, refused.reason));
  await suite.block('logs', logCases(world.dataFolder, world.platform, receiver.spans, conversationId));
  const act = async (): Promise<void> => void (await tellStory(world.acme));
  await suite.block('log level', levelCases(world.dataFolder, world.platform, act));
  const secrets = secretsOf(world);
  const logs = [...readLogs(world.dataFolder)].filter(([name]) => name !== 'nats');
  await suite.block('secrets', [
    withoutSecrets('spans', () => receiver.bodies.join('\n'), secrets),
    ...logs.map(([name, text]) => withoutSecrets(`lines of ${name}`, () => text, secrets)),
  ]);
});

const silent = new Receiver();
await onPlatform(silent, { OTEL_TRACES_SAMPLER: 'always_off' }, async (world) => {
  await tellStory(world.acme);
});
// After its end, when all that waited has been sent.
await suite.block('sampling', [
  {
    name: 'nothing is exported when nothing is sampled',
    run: () => must(silent.spans.length === 0, `${silent.spans.length} spans came`),
  },
]);

console.log(`${suite.passed} passed, ${suite.problems.length} failed`);
process.exit(suite.problems.length === 0 ? 0 : 1);
