/** `npm test`: installs what is missing, runs every step of test-steps.mjs, ends with `N passed, N failed`. */
import { ensureInstalled } from './lib/install.mjs';
import { runSteps, summarize } from './lib/steps.mjs';
import { testSteps } from './test-steps.mjs';

try {
  const env = await ensureInstalled();
  process.exitCode = summarize(await runSteps(testSteps, env));
} catch (error) {
  console.error(`${error.message}\n`);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
