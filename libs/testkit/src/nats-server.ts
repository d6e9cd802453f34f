import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { scriptOf } from './scripts.js';

const READY_WITHIN_MS = 45_000;

/** A nats-server process that can be ended and started again over the same configuration. */
export class NatsServer {
  #child: ChildProcess | undefined;

  constructor(
    private readonly binary: string,
    private readonly config: string,
    private readonly port: number,
    private readonly env: Readonly<Record<string, string>> = {},
  ) {}

  /** Of the process that runs now; undefined while it is down. */
  get pid(): number | undefined {
    const child = this.#child;
    return child?.exitCode === null && child.signalCode === null ? child.pid : undefined;
  }

  /** Returns once it answers; fails with the server's log when it does not within 45 s. */
  async start(): Promise<void> {
    const child = spawn(this.binary, ['-c', this.config], {
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-64_000)));
    const giveUpAt = Date.now() + READY_WITHIN_MS;
    while (Date.now() < giveUpAt && this.pid !== undefined) {
      if (log.includes('Server is ready') && (await answers(this.port))) return;
      await pause(10);
    }
    child.kill('SIGKILL');
    throw new Error(`nats-server did not start:\n${log}`);
  }

  /** Sends the signal and returns once the process is gone. No-op when it is down already. */
  async end(signal: 'SIGKILL' | 'SIGTERM' | 'SIGUSR2'): Promise<void> {
    if (this.pid === undefined) return;
    const gone = once(this.#child!, 'exit');
    this.#child!.kill(signal);
    await gone;
  }
}

/** The program that tests run: PARLEY_NATS_SERVER, or one that is found or obtained. */
export const natsBinary = async (): Promise<string> => {
  if (process.env.PARLEY_NATS_SERVER) return process.env.PARLEY_NATS_SERVER;
  const { stdout } = await promisify(execFile)(process.execPath, [scriptOf('nats-server.mjs')]);
  return stdout.trim();
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

/**
 * Below the ports that systems give to outgoing connections: one of those could take the port before it is listened to,
 * or while the server is down for a moment.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

/** A TCP port of loopback that was free a moment ago; rejects when a hundred were not. */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < 100; tries++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error(`there is no free port from ${FIRST_PORT} to ${LAST_PORT}`);
};
