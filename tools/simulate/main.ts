import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { historyOf } from './history.js';
import { REGRESSIONS } from './regressions.js';
import { play, playSeed, shrink } from './run.js';
import { scheduleOf, type Step } from './schedule.js';

const usage = `npm run test:simulate -- [--schedules N] [--seed S] [--minutes M] [--workers N]
  Plays N schedules (2,000) against the routing engine, the first of them that of seed S (random), with all its
  promises checked after every step; M ends it earlier. A schedule that fails is made as short as it gets.
  With --quick it ends at the first failure, which is named and not made shorter.
npm run test:simulate -- --repeat S
  Plays that of one seed, and prints its steps.
npm run test:simulate -- --history S > services/routing/fixtures/NAME.json
  Prints what a routing log holds after most of that schedule, for later engines to read.`;

interface Share {
  readonly from: number;
  readonly count: number;
  readonly until: number;
  readonly quick: boolean;
  /** Shared by all workers: its number is not 0 once one failure is enough and has been found. */
  readonly enough: Int32Array;
}
interface Report {
  readonly schedules: number;
  readonly decisions: number;
  readonly failed: readonly number[];
}

const mostFailures = (quick: boolean): number => (quick ? 1 : 5);

const work = ({ from, count, until, quick, enough }: Share): Report => {
  const most = mostFailures(quick);
  let schedules = 0;
  let decisions = 0;
  const failed: number[] = [];
  for (let seed = from; seed < from + count && failed.length < most; seed++) {
    if (Atomics.load(enough, 0) !== 0) break;
    if (schedules % 64 === 0 && Date.now() > until) break;
    const outcome = playSeed(seed);
    schedules++;
    decisions += outcome.decisions;
    if (outcome.failure) failed.push(seed);
  }
  if (quick && failed.length > 0) Atomics.store(enough, 0, 1);
  return { schedules, decisions, failed };
};

const inWorker = (share: Share): Promise<Report> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });

const written = (steps: readonly Step[]): string =>
  steps.map(({ op, n }, i) => `  ${String(i + 1).padStart(3)}  ${op.padEnd(15)} ${n.join(' ')}`).join('\n');

const explain = (seed: number): void => {
  const { steps, message } = shrink(scheduleOf(seed));
  console.error(`\nSeed ${seed} fails; repeat it with: npm run test:simulate -- --repeat ${seed}`);
  console.error(`Its shortest form has ${steps.length} steps:\n${written(steps)}\n  ${message}`);
};

const number = (text: string | undefined, otherwise: number, name: string): number => {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new Error(`--${name} ${text} is not a whole number\n\n${usage}`);
  return value;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string' },
      seed: { type: 'string' },
      minutes: { type: 'string' },
      workers: { type: 'string' },
      repeat: { type: 'string' },
      history: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  if (values.repeat !== undefined) {
    const steps = scheduleOf(number(values.repeat, 0, 'repeat'));
    const { failure } = play(steps);
    console.log(
      `${written(steps)}\n  ${failure ? `after step ${failure.steps}: ${failure.message}` : 'nothing is wrong'}`,
    );
    process.exitCode = failure ? 1 : 0;
    return;
  }
  if (values.history !== undefined) {
    console.log(JSON.stringify(historyOf(scheduleOf(number(values.history, 0, 'history'))), undefined, 2));
    return;
  }
  const schedules = number(values.schedules, 2000, 'schedules');
  const seed = number(values.seed, Math.floor(Math.random() * 1e9), 'seed');
  const workers = Math.max(1, number(values.workers, Math.min(cpus().length, 8), 'workers'));
  const minutes = number(values.minutes, 0, 'minutes');
  const until = minutes > 0 ? Date.now() + minutes * 60_000 : Infinity;
  const each = Math.ceil(schedules / workers);
  const again = REGRESSIONS.flatMap(({ name, steps }) => {
    const { failure } = play(steps);
    return failure ? [`Violation: ${failure.message} (${name})`] : [];
  });
  for (const violation of again) console.error(violation);
  const { quick } = values;
  const enough = new Int32Array(new SharedArrayBuffer(4));
  if (quick && again.length > 0) enough[0] = 1;
  const began = performance.now();
  const reports = await Promise.all(
    Array.from({ length: workers }, (_, i) =>
      inWorker({ from: seed + i * each, count: Math.min(each, schedules - i * each), until, quick, enough }),
    ),
  );
  const seconds = (performance.now() - began) / 1000;
  const failed = reports.flatMap((report) => report.failed);
  const played = reports.reduce((sum, report) => sum + report.schedules, 0);
  const decisions = reports.reduce((sum, report) => sum + report.decisions, 0);
  for (const each of failed.slice(0, mostFailures(quick)))
    if (quick) console.error(`Violation: ${playSeed(each).failure?.message} (seed ${each})`);
    else explain(each);
  console.log(
    JSON.stringify({
      seed,
      schedules: played,
      decisions,
      failed: failed.length + again.length,
      regressions: REGRESSIONS.length,
      seconds: Number(seconds.toFixed(1)),
      schedulesPerSecond: Math.round(played / seconds),
    }),
  );
  const wrong = failed.length + again.length;
  console.log(`${played + REGRESSIONS.length - wrong} passed, ${wrong} failed`);
  if (wrong > 0) process.exitCode = 1;
};

if (isMainThread)
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  });
else parentPort?.postMessage(work(workerData as Share));
