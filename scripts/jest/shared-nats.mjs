import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureNatsServer } from '../nats-server.mjs';

const READY_WITHIN_MS = 15_000;

/**
 * Starts a nats-server with JetStream (every write synced) in a temporary folder on a free port.
 * Returns its binary, its URL and `stop`, which ends it and removes the folder. Fails with the server's own log.
 */
export async function startSharedNats() {
  const binary = await ensureNatsServer();
  const folder = await mkdtemp(join(tmpdir(), 'parley-test-nats-'));
  const config = join(folder, 'nats.conf');
  await writeFile(
    config,
    `listen: "127.0.0.1:-1"
ports_file_dir: ${JSON.stringify(folder)}
max_payload: 8MB
jetstream { store_dir: ${JSON.stringify(join(folder, 'data'))}, sync_interval: always }
`,
  );
  const child = spawn(binary, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const log = [];
  child.stderr.on('data', (chunk) => log.push(chunk));
  const ended = once(child, 'exit');

  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };

  const portsFile = join(folder, `nats-server_${child.pid}.ports`);
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  while (Date.now() < giveUpAt && child.exitCode === null) {
    const url = await readUrl(portsFile);
    if (url) return { binary, url, stop };
    await pause(20);
  }
  await stop();
  throw new Error(`nats-server did not start:\n${Buffer.concat(log).toString()}`);
}

async function readUrl(portsFile) {
  try {
    return JSON.parse(await readFile(portsFile, 'utf8')).nats[0];
  } catch {
    return undefined; // not written yet, or only half of it
  }
}
