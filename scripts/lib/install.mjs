import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall, canUseApt } from './apt.mjs';
import { lastLine, root, run } from './process.mjs';

// Not `npm ci`: it refuses a lock file in which optional packages of other platforms are missing, as it is wherever the
// registry that the lock was made with does not offer them. Versions come from the lock file all the same.
const INSTALL = ['install', '--no-save', '--loglevel=error'];

const bin = join(root, 'node_modules', '.bin');

/**
 * Installs what package-lock.json says when node_modules is missing or differs from it, and makes sure that the pinned
 * Node starts. Returns the environment in which that Node and the installed tools come first on PATH. Fails with one line
 * that says what to do.
 */
export async function ensureInstalled() {
  const reason = staleness();
  if (reason) {
    console.log(`Installing packages: ${reason}`);
    const { status } = spawnSync('npm', INSTALL, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) throw new Error(`npm ${INSTALL.join(' ')} failed: see its output above`);
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
