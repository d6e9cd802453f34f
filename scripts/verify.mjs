/** `npm run verify`, which is what CI runs: the static checks, then `npm test`; ends with `N passed, N failed`. */
import { ensureInstalled } from './lib/install.mjs';
import { runSteps, summarize } from './lib/steps.mjs';
import { staticChecks } from './test-steps.mjs';

try {
  const env = await ensureInstalled();
  const tests = { name: 'tests', command: ['npm', 'test', '--silent'], timeoutMinutes: 60 };
  const local = process.env.PARLEY_LOCALKUBE;
  const cluster = {
    name: 'cluster',
    // Chaos, scaling, sizes and a restore take as long again: npm run test:cluster plays them all.
    command: [
      ...['npm', 'run', '--silent', 'test:cluster', '--', '--local', local, '--if-possible'],
      ...['--only', 'install,test,profiles,refusals,replay,upgrade'],
    ],
    timeoutMinutes: 25,
  };
  if (!local)
    console.log(
      'No Kubernetes here (PARLEY_LOCALKUBE is not set): the chart is not installed anywhere, which npm run test:cluster does.',
    );
  process.exitCode = summarize(await runSteps([...staticChecks, tests, ...(local ? [cluster] : [])], env));
} catch (error) {
  console.error(`${error.message}\n`);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
