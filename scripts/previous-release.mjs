import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lib/lock.mjs';
import { root, run } from './lib/process.mjs';

/** The release before this one; moved on when a release is made. */
export const PREVIOUS = '1d7b181673bdfded64e5db3748c26195d55ebb86';

const BUILT = ['gateway', 'conversation', 'routing', 'presence', 'transcript', 'analytics', 'notification'];

/**
 * A checkout of the previous release with its services built, in .cache; returns its folder. It uses the packages that
 * are installed here. Fails with one line when the repository does not have that release.
 */
export async function ensurePreviousRelease(ref = PREVIOUS) {
  const folder = join(root, '.cache', `release-${ref.slice(0, 12)}`);
  return withLock(`${folder}.lock`, async () => {
    const done = join(folder, '.built');
    if (existsSync(done)) return folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    try {
      // Not a work tree of git's: it would have to be known to the repository, and forgotten again.
      const archive = join(folder, 'release.tar');
      await run('git', ['archive', '--format=tar', '-o', archive, ref], { cwd: root });
      await run('tar', ['-xf', archive, '-C', folder]);
      rmSync(archive);
    } catch (error) {
      throw new Error(`the previous release ${ref} is not in this clone: fetch its history`, {
        cause: error,
      });
    }
    linkPackages(folder);
    for (const service of BUILT) await build(join(folder, 'services', service), folder);
    mkdirSync(done);
    return folder;
  });
}

/** Packages from here, workspaces from there. */
function linkPackages(folder) {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@parley'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@parley') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  for (const group of ['libs', 'services', 'web'])
    for (const part of readdirSync(join(folder, group))) {
      const file = join(folder, group, part, 'package.json');
      if (!existsSync(file)) continue;
      const { name } = JSON.parse(readFileSync(file, 'utf8'));
      symlinkSync(join(folder, group, part), join(modules, name));
    }
}

async function build(service, folder) {
  const script = join(folder, 'scripts/build-service.mjs');
  const child = spawn(process.execPath, [script], { cwd: service, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${service} of the previous release could not be built`);
}
