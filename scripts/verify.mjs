/** `npm run verify`, which is what CI runs: the static checks, then `npm test`; ends with `N passed, N failed`. */
import { ensureInstalled } from './lib/install.mjs';
import { runSteps, summarize } from './lib/steps.mjs';
import { staticChecks } from './test-steps.mjs';

try {
  const env = await ensureInstalled();
  const tests = { name: 'tests', command: ['npm', 'test', '--silent'], timeoutMinutes: 60 };
  process.exitCode = summarize(await runSteps([...staticChecks, tests], env));
} catch (error) {
  console.error(`${error.message}\n`);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
