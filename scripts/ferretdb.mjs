import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lib/lock.mjs';
import { findOnPath, isExecutable, isMain, lastLine, root, run, toolFolder } from './lib/process.mjs';

const sources = join(root, 'tools', 'ferretdb');

/**
 * The path of the embedded FerretDB (tools/ferretdb), built with Go into .cache/bin when its sources changed. Safe when
 * several processes call it at once. Fails with one line that says what to install.
 */
export async function ensureFerretdb() {
  const target = join(toolFolder, `ferretdb-${await hashOf('go.mod', 'go.sum', 'main.go')}`);
  if (isExecutable(target)) return target;
  if (findOnPath('go').length === 0) {
    throw new Error(
      'No MongoDB for tests: start Docker, install Go 1.24 or newer, or set PARLEY_TEST_MONGODB_URL to a test server',
    );
  }
  return withLock(join(toolFolder, 'ferretdb.lock'), async () => {
    if (!isExecutable(target)) await build(target);
    return target;
  });
}

async function build(target) {
  await mkdir(toolFolder, { recursive: true });
  const folder = await mkdtemp(join(toolFolder, 'ferretdb-build-'));
  try {
    const file = join(folder, 'ferretdb');
    await run(
      'go',
      ['build', '-trimpath', '-ldflags=-s -w', '-tags=ferretdb_no_postgresql', '-o', file, '.'],
      {
        cwd: sources,
        env: { ...process.env, GOOS: '', GOARCH: '', CGO_ENABLED: '0' },
      },
    );
    await rename(file, target);
  } catch (error) {
    throw new Error(
      `FerretDB could not be built with Go (${lastLine(error)}): check the network and the Go version`,
      {
        cause: error,
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function hashOf(...names) {
  const hash = createHash('sha256');
  for (const name of names) hash.update(await readFile(join(sources, name)));
  return hash.digest('hex').slice(0, 12);
}

if (isMain(import.meta)) {
  await ensureFerretdb().then(console.log, (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
