/**
 * Bundles the service in the current folder: src/main.ts (and src/preload.ts where there is one) to dist/. Workspace
 * packages go into the bundle, all others stay external and are installed beside it.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const entryPoints = ['src/main.ts', 'src/preload.ts'].filter((file) => existsSync(file));
if (entryPoints[0] !== 'src/main.ts') {
  console.error(`No src/main.ts in ${process.cwd()}: run this in the folder of a service`);
  process.exit(1);
}

const externalPackages = {
  name: 'external-packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path }) =>
      path.startsWith('@parley/') ? undefined : { path, external: true },
    );
  },
};

const { version } = JSON.parse(readFileSync('../../package.json', 'utf8'));
rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints,
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node26',
  sourcemap: true,
  define: { PARLEY_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
  plugins: [externalPackages],
}).catch(() => process.exit(1)); // esbuild has printed what is wrong
