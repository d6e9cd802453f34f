// npm start: installs, builds and runs the whole platform on this machine, and prints where to look. Written for any
// Node from 20 on; everything else runs on the pinned one.
import { spawn, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { isExecutable, isMain, root } from './lib/process.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
const pinned = join(root, 'node_modules/.bin/node');

async function main() {
  if (major < 20 || (major === 20 && minor < 11)) throw new Error('Node 20.11 or newer is needed to start');
  if (!process.env.PARLEY_PINNED_NODE) {
    // First with whatever Node there is: install; then once more with the pinned one.
    const env = await ensureInstalled();
    if (!isExecutable(pinned)) throw new Error(`${pinned} is missing: remove node_modules and start again`);
    // Ctrl-C goes to the whole group; this process only waits for the other one to stop in order.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => {});
    const child = spawn(pinned, [import.meta.filename, ...process.argv.slice(2)], {
      cwd: root,
      stdio: 'inherit',
      env: { ...env, PARLEY_PINNED_NODE: '1' },
    });
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    const code = await new Promise((done) => child.once('close', (exitCode) => done(exitCode ?? 1)));
    process.exit(code);
  }
  build();
  const { runLocally } = await import('../deploy/local/run.mjs');
  await runLocally({
    dataFolder: resolve(root, process.env.PARLEY_DATA ?? '.parley'),
    httpPort: portFrom('PARLEY_HTTP_PORT', 8080),
    grpcPort: portFrom('PARLEY_GRPC_PORT', 50051),
  });
}

/** Builds what has changed since the last time (nx keeps the rest). */
function build() {
  const { status, stdout, stderr } = spawnSync(
    pinned,
    [join(root, 'node_modules/nx/dist/bin/nx.js'), 'run-many', '-t', 'build'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
}

function portFrom(variable, fallback) {
  const text = process.env[variable] ?? String(fallback);
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
