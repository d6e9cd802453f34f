import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withLock } from './lock.mjs';
import { root } from './process.mjs';

const INPUTS = [
  'libs',
  'services',
  'web',
  'scripts/build-service.mjs',
  'package-lock.json',
  'tsconfig.base.json',
];
const stampFile = join(root, '.cache', 'build.stamp');

/**
 * Builds what has changed since the last time; nx knows what that is, and is not even asked while no file has changed.
 * `signal` (an AbortSignal) ends it. Fails with the build's output.
 */
export async function ensureBuilt(signal) {
  if (isBuilt()) return;
  await withLock(join(root, '.cache', 'build.lock'), async () => {
    if (isBuilt()) return;
    rmSync(stampFile, { force: true });
    const { code, output } = await run(
      join(root, 'node_modules/nx/dist/bin/nx.js'),
      ['run-many', '-t', 'build'],
      signal,
    );
    signal?.throwIfAborted();
    if (code !== 0) throw new Error(`the build failed:\n${output}`);
    mkdirSync(dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, stamp());
  });
}

function isBuilt() {
  try {
    return readFileSync(stampFile, 'utf8') === stamp();
  } catch {
    return false; // never built
  }
}

/** Changes whenever a file does that goes into a build or comes out of it. */
function stamp() {
  const hash = createHash('sha256');
  for (const input of INPUTS) add(hash, join(root, input));
  return hash.digest('hex');
}

function add(hash, path) {
  const { size, mtimeMs, ino } = statSync(path);
  if (!statSync(path).isDirectory()) return void hash.update(`${path} ${size} ${mtimeMs} ${ino}\n`);
  for (const name of readdirSync(path).sort())
    if (name !== 'node_modules' && !/\.(spec\.tsx?|md)$/.test(name)) add(hash, join(path, name));
}

/** Runs a script to its end; resolves with what it printed. A group of its own, so that all of it can be ended. */
function run(script, args, signal) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const end = () => process.kill(-child.pid, 'SIGKILL');
    signal?.addEventListener('abort', end);
    child.once('error', reject);
    child.once('close', (code) => {
      signal?.removeEventListener('abort', end);
      resolve({ code, output });
    });
  });
}
