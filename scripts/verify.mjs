/** `npm run verify`, which is what CI runs: the static checks, then `npm test`; ends with `N passed, N failed`. */
import { clusterArguments, phasesInTurn } from './cluster-phases.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root, run } from './lib/process.mjs';
import { runSteps, summarize } from './lib/steps.mjs';
import { staticChecks } from './test-steps.mjs';

const CLUSTER_MINUTES = 25;
const MINUTES_OF_A_PHASE = 10;

try {
  const local = process.env.PARLEY_LOCALKUBE;
  const cluster = local ? [await clusterStep(local)] : [];
  const env = await ensureInstalled();
  const tests = { name: 'tests', command: ['npm', 'test', '--silent'], timeoutMinutes: 60 };
  if (!local)
    console.log(
      'No Kubernetes here (PARLEY_LOCALKUBE is not set): the chart is not installed anywhere, which npm run test:cluster does.',
    );
  process.exitCode = summarize(await runSteps([...staticChecks, tests, ...cluster], env));
} catch (error) {
  console.error(`${error.message}\n`);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}

/** The chart on a cluster. Says which of the phases in turn is played, and how to play it again. */
async function clusterStep(local) {
  const choice = process.env.PARLEY_VERIFY_PHASE;
  const commit = await run('git', ['rev-parse', 'HEAD'], { cwd: root }).catch(() => '');
  const inTurn = phasesInTurn({ choice, commit });
  const by = choice ? 'PARLEY_VERIFY_PHASE' : commit ? `commit ${commit.slice(0, 12)}` : 'the date';
  console.log(
    inTurn.length === 0
      ? 'Cluster: no phase in turn, by PARLEY_VERIFY_PHASE.'
      : `Cluster: besides the usual phases ${inTurn.join(', ')}, by ${by}. Again: PARLEY_VERIFY_PHASE=${choice || inTurn[0]} npm run verify, or npm run test:cluster -- --local ${local} --only install,${inTurn.join(',')}`,
  );
  return {
    name: 'cluster',
    command: [
      ...['npm', 'run', '--silent', 'test:cluster', '--', '--local', local, '--if-possible'],
      ...clusterArguments(inTurn),
    ],
    timeoutMinutes: CLUSTER_MINUTES + MINUTES_OF_A_PHASE * inTurn.length,
  };
}
