import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../../..');

/** Bundles a service and returns the bundle's path. Inside the repository, where its packages are found. */
export const bundleService = async (service = 'routing'): Promise<string> => {
  const outfile = join(root, `.cache/routing-int/${service}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, `services/${service}/src/main.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [
      {
        name: 'external-packages',
        setup: (plugin) =>
          plugin.onResolve({ filter: /^[^./]/ }, ({ path }) =>
            path.startsWith('@parley/') ? undefined : { path, external: true },
          ),
      },
    ],
  });
  return outfile;
};

/** A service as a process of its own. */
export interface ServiceProcess {
  /** What it printed so far. */
  readonly output: () => string;
  /** SIGKILL, as a crash; returns once it is gone. */
  kill(): Promise<void>;
}

export const startProcess = (bundle: string, env: Record<string, string>): ServiceProcess => {
  const child: ChildProcess = spawn(process.execPath, [bundle], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const add = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return {
    output: () => output,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
};
