import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { scriptOf } from './scripts.js';

const READY_WITHIN_MS = 15_000;

export interface TestNats {
  /** `nats://127.0.0.1:<port>`; the port stays the same over restarts. */
  readonly url: string;
  /** Of the process that runs now; undefined while it is down. */
  readonly pid: number | undefined;
  /** Where JetStream keeps its files. */
  readonly folder: string;
  /** SIGKILL, as a crash: returns once the process is gone. No-op when it is down already. */
  kill(): Promise<void>;
  /** Starts it again over the same files after `kill` or `stop`; returns once it answers. */
  restart(): Promise<void>;
  /** Ends it in order and removes the folder when it was a temporary one. */
  stop(): Promise<void>;
}

export interface TestNatsOptions {
  /** Keeps its files here; a temporary folder, removed by `stop`, when absent. */
  readonly folder?: string;
}

/**
 * A nats-server of one's own with JetStream, every write synced, on a free port. Fails with the server's log when
 * it does not answer within 15 s.
 */
export const startNats = async (options: TestNatsOptions = {}): Promise<TestNats> => {
  const binary = await natsBinary();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'parley-nats-')));
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const config = join(folder, 'nats.conf');
  await writeFile(
    config,
    `listen: "127.0.0.1:${port}"
max_payload: 8MB
jetstream { store_dir: ${JSON.stringify(join(folder, 'data'))}, sync_interval: always }
`,
  );
  let child = await launch(binary, config, port);
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    get pid() {
      return child.exitCode === null && child.signalCode === null ? child.pid : undefined;
    },
    folder,
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGTERM');
      child = await launch(binary, config, port);
    },
    stop: async () => {
      await end('SIGTERM');
      if (!options.folder) await rm(folder, { recursive: true, force: true });
    },
  };
};

const natsBinary = async (): Promise<string> => {
  if (process.env.PARLEY_NATS_SERVER) return process.env.PARLEY_NATS_SERVER;
  const { stdout } = await promisify(execFile)(process.execPath, [scriptOf('nats-server.mjs')]);
  return stdout.trim();
};

const launch = async (binary: string, config: string, port: number): Promise<ChildProcess> => {
  const child = spawn(binary, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const log: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => log.push(chunk));
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  while (Date.now() < giveUpAt && child.exitCode === null && child.signalCode === null) {
    if (Buffer.concat(log).includes('Server is ready') && (await answers(port))) return child;
    await pause(10);
  }
  child.kill('SIGKILL');
  throw new Error(`nats-server did not start:\n${Buffer.concat(log).toString()}`);
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => done(true));
    socket.once('error', () => done(false));
  });

/** A TCP port of loopback that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
};
