// npm start: installs, builds and runs the whole platform on this machine, and prints where to look. Written for any
// Node from 20 on; everything else runs on the pinned one.
import { spawn } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { isExecutable, isMain, root } from './lib/process.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
const pinned = join(root, 'node_modules/.bin/node');

async function main() {
  if (major < 20 || (major === 20 && minor < 11)) throw new Error('Node 20.11 or newer is needed to start');
  const places = {
    dataFolder: resolve(root, process.env.PARLEY_DATA || '.parley'),
    httpPort: portFrom('PARLEY_HTTP_PORT', 8080),
    grpcPort: portFrom('PARLEY_GRPC_PORT', 50051),
  };
  // First with whatever Node there is: install; then with the pinned one.
  const env = process.env.PARLEY_PINNED_NODE ? process.env : await ensureInstalled();
  if (!isExecutable(pinned)) throw new Error(`${pinned} is missing: remove node_modules and start again`);
  if (!isPinned()) return runWithPinned(env);
  process.env.PATH = env.PATH;
  const { hearStopSignals } = await import('../deploy/local/stop-signals.mjs');
  const stopping = hearStopSignals();
  try {
    const { ensureBuilt } = await import('./lib/build.mjs');
    await ensureBuilt(stopping.signal);
    const { runLocally } = await import('../deploy/local/run.mjs');
    await runLocally({ ...places, stopping });
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  }
  process.exit(0);
}

function isPinned() {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/node/package.json'), 'utf8'));
  return process.versions.node === version || realpathSync(pinned) === realpathSync(process.execPath);
}

/** Ends as the other process does, which notices by the IPC channel when this one is killed. */
async function runWithPinned(env) {
  const child = spawn(pinned, [import.meta.filename, ...process.argv.slice(2)], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...env, PARLEY_PINNED_NODE: '1' },
  });
  // Ctrl-C goes to the whole group; this process only waits for the other one to stop in order.
  process.on('SIGINT', () => {});
  for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill('SIGTERM'));
  process.exit(await new Promise((done) => child.once('close', (code) => done(code ?? 1))));
}

function portFrom(variable, fallback) {
  const text = process.env[variable] || String(fallback);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535)
    throw new Error(`${variable}=${text} is not a port: give a number from 1 to 65535, such as ${fallback}`);
  return port;
}

if (isMain(import.meta))
  await main().catch((error) => {
    console.error(`parley: ${error.message}`);
    process.exit(1);
  });
