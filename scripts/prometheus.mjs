import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canUseApt } from './lib/apt.mjs';
import { findOnPath, isExecutable, isMain, lastLine, run, toolFolder } from './lib/process.mjs';
import { withLock } from './lib/lock.mjs';

const PROGRAMS = ['prometheus', 'promtool'];

/**
 * The paths of a Prometheus server and of promtool: PARLEY_PROMETHEUS (the folder of both), PATH, .cache/bin, else taken
 * out of Debian's package, which is not installed, since installing it starts a server. Safe when several processes
 * call it at once. Fails with one line that says what to install.
 */
export async function ensurePrometheus() {
  const chosen = process.env.PARLEY_PROMETHEUS;
  if (chosen) {
    const found = inFolder(chosen);
    if (found) return found;
    throw new Error(
      `PARLEY_PROMETHEUS=${chosen} is no folder with ${PROGRAMS.join(' and ')}: correct or unset it`,
    );
  }
  const [prometheus] = findOnPath('prometheus');
  const [promtool] = findOnPath('promtool');
  if (prometheus && promtool) return { prometheus, promtool };
  return (
    inFolder(toolFolder) ??
    withLock(join(toolFolder, 'prometheus.lock'), async () => inFolder(toolFolder) ?? (await obtain()))
  );
}

function inFolder(folder) {
  const [prometheus, promtool] = PROGRAMS.map((program) => join(folder, program));
  return isExecutable(prometheus) && isExecutable(promtool) ? { prometheus, promtool } : undefined;
}

async function obtain() {
  const hint =
    'No Prometheus: install prometheus and promtool (2.42 or newer), or set PARLEY_PROMETHEUS to their folder';
  if (!canUseApt()) throw new Error(hint);
  await mkdir(toolFolder, { recursive: true });
  const folder = await mkdtemp(join(toolFolder, 'prometheus-'));
  try {
    await chmod(folder, 0o755); // apt-get downloads as another user
    await run('apt-get', ['update'], { cwd: folder });
    await run('apt-get', ['download', 'prometheus'], { cwd: folder });
    const archive = (await readdir(folder)).find((file) => file.endsWith('.deb'));
    await run('dpkg', ['-x', archive, 'content'], { cwd: folder });
    for (const program of PROGRAMS)
      await rename(join(folder, 'content/usr/bin', program), join(toolFolder, program));
  } catch (error) {
    throw new Error(`${hint} (apt-get: ${lastLine(error)})`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const found = inFolder(toolFolder);
  if (!found) throw new Error(hint);
  return found;
}

if (isMain(import.meta)) {
  await ensurePrometheus().then(console.log, (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
