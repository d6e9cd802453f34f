import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './process.mjs';

const DEFAULT_TIMEOUT_MINUTES = 20;
const KEPT_OUTPUT = 64 * 1024;

/**
 * A step: `{ name, command, results?, timeoutMinutes? }`. Its tests are counted from `results` (a file that jest
 * writes with --json --outputFile), else from the last line of its output when that reads `N passed, N failed`; a step
 * without either has no tests. A step that fails without a failed test counts as one failed.
 *
 * Runs the steps one after the other, all of them whatever fails, without stdin. Returns for each
 * `{ name, passed, failed, seconds, note }`.
 */
export async function runSteps(steps, env) {
  const outcomes = [];
  for (const step of steps) {
    console.log(`\n── ${step.name}: ${step.command.join(' ')}`);
    if (step.results) clear(join(root, step.results));
    const startedAt = Date.now();
    const { ok, output, note } = await execute(step, env);
    const counts = step.results ? countsOfJest(step.results) : countsOfLastLine(output);
    const outcome = { name: step.name, passed: 0, failed: 0, note: note ?? '', ...counts };
    if (!ok && outcome.failed === 0) outcome.failed = 1;
    outcomes.push({ ...outcome, seconds: (Date.now() - startedAt) / 1000 });
  }
  return outcomes;
}

/** Prints a line for each outcome and, last, the total as `N passed, N failed`; returns the exit code. */
export function summarize(outcomes) {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  console.log('');
  for (const { name, passed, failed, seconds, note } of outcomes) {
    const verdict = failed === 0 ? 'ok    ' : 'FAILED';
    const counts = passed + failed > 0 ? `${passed} passed, ${failed} failed` : '';
    console.log(
      `${verdict} ${name.padEnd(width)} ${seconds.toFixed(1).padStart(6)} s  ${[counts, note].join(' ')}`.trimEnd(),
    );
  }
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  const nothing = passed + failed === 0;
  if (nothing) console.log('No test ran, which is a failure.');
  console.log(`\n${passed} passed, ${nothing ? 1 : failed} failed`);
  return failed === 0 && !nothing ? 0 : 1;
}

function execute({ command: [program, ...args], timeoutMinutes = DEFAULT_TIMEOUT_MINUTES }, env) {
  return new Promise((resolve) => {
    // A group of its own, so that a step that hangs ends together with what it has started.
    const child = spawn(program, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let output = '';
    let note;
    const end = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // it has ended by itself
      }
    };
    const timer = setTimeout(() => {
      note = `ended after ${timeoutMinutes} minutes`;
      end('SIGKILL');
    }, timeoutMinutes * 60_000);
    const interrupted = (signal) => {
      end(signal);
      process.exit(1);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    const finish = (ok) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      resolve({ ok, output, note });
    };
    child.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      output = (output + chunk).slice(-KEPT_OUTPUT);
    });
    child.on('error', (error) => {
      note = error.message;
      finish(false);
    });
    child.on('close', (code) => finish(code === 0));
  });
}

/** Removes what an earlier run left; jest needs the folder. */
function clear(results) {
  mkdirSync(dirname(results), { recursive: true });
  rmSync(results, { force: true });
}

function countsOfJest(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(join(root, file), 'utf8'));
  } catch {
    return {};
  }
  const skipped = report.numPendingTests + report.numTodoTests;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites + skipped,
    ...(skipped > 0 ? { note: `(${skipped} skipped, which counts as failed)` } : {}),
  };
}

function countsOfLastLine(output) {
  const match = /^(\d+) passed, (\d+) failed$/.exec(output.trimEnd().split('\n').at(-1));
  return match ? { passed: Number(match[1]), failed: Number(match[2]) } : {};
}
