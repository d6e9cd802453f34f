// The replay while everything fails: each process of the platform is killed in turn and comes back, and sockets are
// cut at random. Then the rules of routing in play while its processes, two of each, are killed at random. Then the
// replay on a log of three copies while servers of NATS end, and once more with processes of two releases side by side.
// Zeros are what passes.
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '@parley/testkit';
import { chatsFor } from '../lib/chats.js';
import { startTemporaryPlatform } from '../lib/platform.js';
import { replay } from '../replay/replay.js';
import { CuttingProxy } from './cutting-proxy.js';
import { replayOverNatsFaults } from './nats-cluster.js';
import { replayOverReleases } from './releases.js';
import { rulesUnderFaults } from './rules.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    chats: { type: 'string', default: '300' },
    concurrency: { type: 'string', default: '40' },
    cuts: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '1' },
    /** Processes of each service that keeps partitions. */
    instances: { type: 'string', default: '1' },
    /** One of them: replay, rules, nats or releases. */
    only: { type: 'string', default: '' },
    /** Of the rules: chats, and how often a process is killed. */
    'rule-chats': { type: 'string', default: '150' },
    kills: { type: 'string', default: '12' },
    /** Of three servers of NATS: how often one of them is ended. */
    ends: { type: 'string', default: '6' },
    /** Of processes of two releases: how often one of them is restarted. */
    restarts: { type: 'string', default: '10' },
    /** Keep the data folder for a look at what went wrong. */
    keep: { type: 'boolean', default: false },
  },
});

const rules = async (): Promise<boolean> => {
  const { outcome, problems } = await rulesUnderFaults({
    seed: Number(values.seed),
    chats: Number(values['rule-chats']),
    kills: Number(values.kills),
    keep: values.keep,
  });
  for (const problem of problems.slice(0, 50)) console.error(problem);
  console.log(JSON.stringify({ rules: outcome, seed: Number(values.seed) }));
  return problems.length === 0;
};

const replaying = async (): Promise<boolean> => {
  const seed = Number(values.seed);
  const random = seededRandom(seed);
  const wantedCuts = Number(values.cuts);
  const chats = chatsFor(positionals[0], seed, Number(values.chats));
  const own = await startTemporaryPlatform({
    name: 'faults',
    instances: Number(values.instances),
    keep: values.keep,
  });
  const { platform } = own;
  const proxy = new CuttingProxy(own.httpPort);
  const kills: Record<string, number> = {};
  let running = true;
  let killing = true;
  try {
    const socketGateway = await proxy.listen();
    const cutter = (async () => {
      while (running) {
        await pause(10 + random() * 50);
        if (proxy.cuts < wantedCuts || killing) proxy.cut(random());
      }
    })();
    const killer = (async () => {
      for (let round = 0; round < Number(values.rounds); round++)
        for (const name of platform.names) {
          await pause(3000 + random() * 3000);
          if (!running) return;
          platform.child(name)?.signal('SIGKILL');
          kills[name] = (kills[name] ?? 0) + 1;
        }
      await pause(3000);
      killing = false;
    })();
    const { result, problems } = await replay({
      chats,
      concurrency: Number(values.concurrency),
      gateway: platform.httpUrl,
      socketGateway,
      grpcAddress: platform.grpcAddress,
      tenant: own.tenant,
      admin: own.admin,
      goOn: () => killing || proxy.cuts < wantedCuts,
      onProgress: (done, failures) => {
        if (done % 50 === 0)
          console.error(
            `${done} chats, ${proxy.cuts} cuts, kills ${JSON.stringify(kills)}, ${failures} problems`,
          );
      },
    });
    running = false;
    await Promise.all([cutter, killer]);
    for (const problem of problems.slice(0, 50)) console.error(problem);
    console.log(JSON.stringify({ ...result, cuts: proxy.cuts, kills, seed }));
    return problems.length === 0;
  } finally {
    running = false;
    proxy.close();
    await own.close();
  }
};

const nats = async (): Promise<boolean> => {
  const seed = Number(values.seed);
  const { result, problems, ends } = await replayOverNatsFaults({
    seed,
    chats: chatsFor(positionals[0], seed, Number(values.chats)),
    concurrency: Number(values.concurrency),
    ends: Number(values.ends),
    instances: Number(values.instances),
    keep: values.keep,
  });
  for (const problem of problems.slice(0, 50)) console.error(problem);
  console.log(JSON.stringify({ ...result, ends, seed }));
  return problems.length === 0;
};

const releases = async (): Promise<boolean> => {
  const seed = Number(values.seed);
  const { result, problems, previous, restarts } = await replayOverReleases({
    seed,
    chats: chatsFor(positionals[0], seed, Math.min(100, Number(values.chats))),
    concurrency: Math.min(10, Number(values.concurrency)),
    restarts: Number(values.restarts),
    keep: values.keep,
  });
  for (const problem of problems.slice(0, 50)) console.error(problem);
  console.log(JSON.stringify({ ...result, previous, restarts, seed }));
  return problems.length === 0;
};

const all: Record<string, () => Promise<boolean>> = { replay: replaying, rules, nats, releases };
const parts = Object.keys(all)
  .filter((name) => values.only === '' || values.only === name)
  .map((name) => all[name]!);
let failed = 0;
for (const part of parts) if (!(await part())) failed++;
console.log(`${parts.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
