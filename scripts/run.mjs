// Runs a tool written in TypeScript: `node scripts/run.mjs tools/<tool>/main.ts ARGS…`. Bundled first, as enums and
// decorators need more than Node's type stripping.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { root } from './lib/process.mjs';

const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('Name the tool to run, such as: node scripts/run.mjs tools/replay/main.ts');
  process.exit(1);
}
const name = resolve(entry)
  .slice(root.length + 1)
  .replace(/\W+/g, '-');
const outfile = join(root, '.cache/tools', `${name}.mjs`);
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node26',
  sourcemap: true,
  keepNames: true,
  logLevel: 'error',
  plugins: [
    {
      name: 'external-packages',
      setup({ onResolve }) {
        onResolve({ filter: /^[^./]/ }, ({ path }) =>
          path.startsWith('@parley/') ? undefined : { path, external: true },
        );
        // The local platform and the scripts are plain JavaScript that finds the repository from its own place.
        onResolve({ filter: /(deploy\/local|scripts)\/.*\.mjs$/ }, ({ path, resolveDir }) => ({
          path: resolve(resolveDir, path),
          external: true,
        }));
      },
    },
  ],
}).catch(() => process.exit(1));
const child = spawn(process.execPath, ['--enable-source-maps', outfile, ...args], {
  stdio: 'inherit',
  cwd: root,
});
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('close', (code) => process.exit(code ?? 1));
