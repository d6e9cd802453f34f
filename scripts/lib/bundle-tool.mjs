import { resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles a tool written in TypeScript into one file: enums and decorators need more than Node's type stripping.
 * Workspace packages go into it, all others stay external; `plugins` of esbuild come first. Fails when esbuild does, which
 * has printed what is wrong.
 */
export function bundleTool(entry, outfile, plugins = []) {
  return build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    sourcemap: true,
    logLevel: 'error',
    plugins: [
      ...plugins,
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
  });
}
