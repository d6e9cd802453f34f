import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall, canUseApt } from './apt.mjs';
import { lastLine, root, run } from './process.mjs';

const bin = join(root, 'node_modules', '.bin');

/**
 * Runs `npm ci` when node_modules is missing or not what package-lock.json says, and makes sure that the pinned Node
 * starts. Returns the environment in which that Node and the installed tools come first on PATH. Fails with one line
 * that says what to do.
 */
export async function ensureInstalled() {
  const reason = staleness();
  if (reason) {
    console.log(`npm ci (${reason})`);
    const { status } = spawnSync('npm', ['ci'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) throw new Error('npm ci failed: see its output above');
  }
  await ensureNodeStarts();
  return { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
}

/** Why node_modules must be installed anew; undefined when it matches the lock file. */
function staleness() {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  if (!installed) return 'nothing is installed yet';
  const different = Object.entries(wanted).find(
    ([path, { version, optional }]) =>
      path.includes('node_modules/') && !optional && installed[path]?.version !== version,
  );
  return different && `${different[0]} is not the version in package-lock.json`;
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function ensureNodeStarts() {
  const start = () => run(join(bin, 'node'), ['--version']);
  try {
    await start();
  } catch (error) {
    const hint = `The pinned Node does not start (${lastLine(error)})`;
    if (!/libatomic/.test(error.stderr ?? '') || !canUseApt()) throw new Error(`${hint}: install libatomic1`);
    await aptInstall('libatomic1');
    await start();
  }
}
