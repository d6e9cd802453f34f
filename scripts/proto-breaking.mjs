/**
 * Fails when proto/ breaks what landed before: compared with where this branch left main, or, on main itself, with
 * the commit before (with HEAD while proto/ has uncommitted changes).
 */
import { spawnSync } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { root, run } from './lib/process.mjs';

const git = (...args) => run('git', args, { cwd: root });
const tryGit = (...args) => git(...args).catch(() => undefined);

const base = await landedBefore();
if (!base || !(await tryGit('cat-file', '-e', `${base}:proto`).then((found) => found !== undefined))) {
  console.log('No earlier commit has proto/: nothing to compare with.');
} else {
  const folder = await git('rev-parse', '--git-common-dir');
  const repository = isAbsolute(folder) ? folder : join(root, folder);
  console.log(`Comparing proto/ with ${base}`);
  const against = `${repository}#ref=${base},subdir=proto`;
  const { status } = spawnSync('buf', ['breaking', 'proto', '--against', against], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}

async function landedBefore() {
  const head = await tryGit('rev-parse', '--verify', 'HEAD');
  for (const main of ['origin/main', 'main']) {
    const fork = await tryGit('merge-base', 'HEAD', main);
    if (fork && fork !== head) return fork;
  }
  if (await git('status', '--porcelain', '--', 'proto')) return head;
  return tryGit('rev-parse', '--verify', '--quiet', 'HEAD~1');
}
