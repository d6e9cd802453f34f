// `npm start` as people use and misuse it, on free ports and folders of its own: `npm run test:launcher`.
import { cases } from './cases.js';

/** Only cases whose name begins like this. */
const only = process.argv[2] ?? '';
const chosen = cases.filter(({ name }) => name.startsWith(only));

let failed = 0;
for (const { name, run } of chosen) {
  const startedAt = Date.now();
  try {
    await run();
    console.log(`ok     ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
console.log(`\n${chosen.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
