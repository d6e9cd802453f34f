// The chart on a real cluster: installed from nothing, tried, upgraded, broken, scaled, copied and restored, while real
// chats are held. Zeros are what passes; each phase counts as a test.
import { parseArgs } from 'node:util';
import { buildImages, buildTwice, sourceDateEpoch } from '../../scripts/images.mjs';
import { chatsFor } from '../lib/chats.js';
import { dryRunProfiles } from './dry-run.js';
import { run } from './kube.js';
import { makeKindsKnown } from './operators.js';
import { Proof } from './proof.js';
import { reclaimVolumes } from './volumes.js';

const usage = `npm run test:cluster -- [--local PATH] [--chats N] [--only PHASE,…] [--set NAME=VALUE]… [--no-build] [--keep] [--if-possible]
  Without --local: the cluster that KUBECONFIG names, with the images where it finds them.
  --local PATH   a program that brings up a cluster and builds and loads images for it (up, env, base, build, load, down).
                 One that is up already is left up.`;

const { values } = parseArgs({
  options: {
    local: { type: 'string' },
    chats: { type: 'string', default: '200' },
    concurrency: { type: 'string', default: '15' },
    /** Visitors with an open socket beside the chats. */
    onlookers: { type: 'string', default: '150' },
    seed: { type: 'string', default: '1' },
    namespace: { type: 'string', default: `parley-proof-${process.pid}` },
    /** Over the values of the small profile, such as image.tag=1.2.3. */
    set: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', default: '' },
    'no-build': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    /** The release of an earlier run with --keep instead of a new one. */
    attach: { type: 'boolean', default: false },
    /** A cluster that cannot be brought up is told and is no failure. */
    'if-possible': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const useIts = async (program: string): Promise<void> => {
  const say = 'eval "$("$0" env)" && printf "%s\\n%s" "$KUBECONFIG" "$PATH"';
  const told = await run('bash', ['-c', say, program]);
  [process.env.KUBECONFIG, process.env.PATH] = told.split('\n') as [string, string];
};

/** The builder of a program that brings up clusters; `--timestamp` is what it calls SOURCE_DATE_EPOCH. */
const builderOf = async (program: string): Promise<string[]> => [
  ...[program, 'build', '--layers', '--timestamp', await sourceDateEpoch()],
];

/** There is no cluster and none can be had, which says nothing about the chart. */
class NoCluster extends Error {}

/** Brings the cluster up and its images in; KUBECONFIG and PATH are then those of the cluster. Returns what takes it down. */
const prepareLocal = async (program: string): Promise<() => Promise<void>> => {
  // A cluster that is up is left alone: bringing it up again may end a part of it whose settings are written anew.
  const isUp = await useIts(program)
    .then(() => run('kubectl', ['get', '--raw', '/readyz']))
    .then(
      () => true,
      () => false,
    );
  try {
    if (!isUp) console.error(await run(program, ['up'], { timeoutMs: 600_000 }));
    await useIts(program);
    if (!values['no-build']) await run(program, ['base'], { timeoutMs: 600_000 });
  } catch (error) {
    throw new NoCluster((error as Error).message, { cause: error });
  }
  await reclaimVolumes(/^parley-proof-/);
  if (!values['no-build'])
    await buildImages({
      build: await builderOf(program),
      load: [program, 'load'],
      bringNpm: true,
    });
  // Whoever had it up before goes on with it.
  return async () => void (isUp || values.keep || (await run(program, ['down'])));
};

const main = async (): Promise<number> => {
  const { local } = values;
  let takeDown = async (): Promise<void> => undefined;
  if (local) takeDown = await prepareLocal(local);
  else if (!process.env.KUBECONFIG) throw new Error(usage);
  const proof = new Proof({
    namespace: values.namespace,
    chats: chatsFor(undefined, Number(values.seed), Number(values.chats)),
    concurrency: Number(values.concurrency),
    onlookers: Number(values.onlookers),
    seed: Number(values.seed),
    sets: values.set,
  });
  const phases: Record<string, () => Promise<unknown>> = {
    install: () => (values.attach ? proof.attach() : proof.install()),
    test: () => proof.helmTest(),
    profiles: async () => {
      const knowsAll = local !== undefined && (await makeKindsKnown());
      const problems = await dryRunProfiles(proof.own.space, knowsAll);
      if (problems.length > 0) throw new Error(problems.join('\n'));
      return { kindsOfOperators: knowsAll };
    },
    refusals: () => proof.refusals(),
    size: () => proof.size(),
    replay: () => proof.undisturbed(),
    upgrade: () => proof.upgrade(),
    partitions: () => proof.partitions(),
    chaos: () => proof.chaos(),
    scale: () => proof.scaling(),
    copies: () => proof.copies(),
    // Only of a program that builds here: a cluster with images of its own says nothing about how they were built.
    ...(local ? { twice: async () => ({ image: await buildTwice(await builderOf(local), true) }) } : {}),
    restore: () => proof.restore(),
    uninstall: () => proof.uninstall(),
  };
  const wanted = values.only === '' ? Object.keys(phases) : values.only.split(',');
  let [passed, failed] = [0, 0];
  try {
    const unknown = wanted.find((name) => !(name in phases));
    if (unknown)
      throw new Error(`no phase is called ${unknown}: there are ${Object.keys(phases).join(', ')}`);
    for (const name of wanted) {
      const startedAt = performance.now();
      console.error(`── ${name}`);
      try {
        const told = await phases[name]!();
        passed++;
        console.log(`ok     ${name} (${since(startedAt)}) ${JSON.stringify(told)}`);
      } catch (error) {
        failed++;
        console.log(`FAILED ${name} (${since(startedAt)}) ${(error as Error).message}`);
        if (name === 'install') break;
      }
    }
  } finally {
    if (values.keep) console.error(`kept: namespace ${values.namespace}`);
    else await proof.clean();
    await takeDown();
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed;
};

const since = (startedAt: number): string => `${Math.round((performance.now() - startedAt) / 1_000)} s`;

await main().then(
  (failed) => process.exit(failed === 0 ? 0 : 1),
  (error: Error) => {
    console.error(error.message);
    const excused = error instanceof NoCluster && values['if-possible'];
    if (excused) console.log('No Kubernetes can be brought up here: the chart was not installed anywhere.');
    console.log(`0 passed, ${excused ? 0 : 1} failed`);
    process.exit(excused ? 0 : 1);
  },
);
