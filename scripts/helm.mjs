import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lib/lock.mjs';
import { findOnPath, isExecutable, isMain, lastLine, run, toolFolder } from './lib/process.mjs';

const BUILD_VERSION = '3.22.0';

/**
 * The path of Helm 3: PARLEY_HELM, PATH, .cache/bin, else built with Go into .cache/bin (some minutes, once). Safe when
 * several processes call it at once. Fails with one line that says what to install.
 */
export async function ensureHelm() {
  const chosen = process.env.PARLEY_HELM;
  if (chosen) {
    if (await isHelm3(chosen)) return chosen;
    throw new Error(`PARLEY_HELM=${chosen} is not Helm 3: correct or unset it`);
  }
  const cached = join(toolFolder, `helm-${BUILD_VERSION}`);
  for (const candidate of [...findOnPath('helm'), cached]) {
    if (await isHelm3(candidate)) return candidate;
  }
  if (findOnPath('go').length === 0) throw new Error('No Helm: install Helm 3, or Go to build it');
  return withLock(join(toolFolder, 'helm.lock'), async () => {
    if (!(await isHelm3(cached))) await build(cached);
    return cached;
  });
}

async function build(target) {
  await mkdir(toolFolder, { recursive: true });
  const folder = await mkdtemp(join(toolFolder, 'helm-build-'));
  try {
    await run('go', ['install', '-ldflags=-s -w', `helm.sh/helm/v3/cmd/helm@v${BUILD_VERSION}`], {
      env: { ...process.env, GOBIN: folder, GOOS: '', GOARCH: '', CGO_ENABLED: '0' },
    });
    await rename(join(folder, 'helm'), target);
  } catch (error) {
    throw new Error(
      `Helm could not be built with Go (${lastLine(error)}): check the network and the Go version`,
      {
        cause: error,
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isHelm3(file) {
  if (!isExecutable(file)) return false;
  try {
    // A Helm that was built by `go install` does not know its own release, only its major version.
    return /^v3\./.test(await run(file, ['version', '--template', '{{.Version}}']));
  } catch {
    return false;
  }
}

if (isMain(import.meta)) {
  await ensureHelm().then(console.log, (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
