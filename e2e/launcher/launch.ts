import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@parley/testkit';
import { freePorts } from '../../deploy/local/ports.mjs';
import { processesOf } from './processes.js';

/** What it prints last when everything runs. */
const READY = 'Ctrl-C stops everything';
/** As long as a start takes on a machine that does much else. */
const STARTED = { timeoutMs: 90_000, intervalMs: 50 };
const LONGEST_MS = 600_000;
const STOPPED = { timeoutMs: 60_000, intervalMs: 50 };

export interface LaunchOptions {
  readonly folder: string;
  readonly httpPort?: number;
  readonly grpcPort?: number;
  readonly env?: Record<string, string>;
  /** As a person types it, with npm; otherwise the script that npm runs. */
  readonly npm?: boolean;
}

/** A `npm start`, as a person has it in a terminal. */
export class Launch {
  output = '';
  /** From the command until it said that all is ready. */
  readySeconds: number | undefined;
  readonly exited: Promise<number>;

  private constructor(
    readonly child: ChildProcess,
    readonly folder: string,
    readonly httpPort: number,
    readonly grpcPort: number,
  ) {
    const startedAt = Date.now();
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
        if (this.output.includes(READY)) this.readySeconds ??= (Date.now() - startedAt) / 1000;
      });
    this.exited = once(child, 'close').then(([code]) => Number(code ?? 1));
    // Whatever hangs fails its case, not the whole run.
    const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
    void this.exited.then(() => clearTimeout(late));
  }

  static async begin(options: LaunchOptions): Promise<Launch> {
    const [freeHttp, freeGrpc] = await freePorts(2);
    const { httpPort = freeHttp, grpcPort = freeGrpc } = options;
    const [command, ...args] = options.npm
      ? ['npm', 'start']
      : [process.execPath, join(process.cwd(), 'scripts/start.mjs')];
    const child = spawn(command, args, {
      env: {
        ...process.env,
        PARLEY_DATA: options.folder,
        PARLEY_HTTP_PORT: String(httpPort),
        PARLEY_GRPC_PORT: String(grpcPort),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, as a shell gives it: Ctrl-C goes to the whole group.
      detached: true,
    });
    return new Launch(child, options.folder, httpPort, grpcPort);
  }

  get httpUrl(): string {
    return `http://localhost:${this.httpPort}`;
  }

  /** Returns once the URLs are printed; fails with what was printed when it ends before. */
  async ready(): Promise<this> {
    await eventually(() => {
      if (this.readySeconds !== undefined) return true;
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.output}`);
      return false;
    }, STARTED);
    return this;
  }

  /** Ctrl-C in the terminal; nothing when it has ended meanwhile. */
  interrupt(): void {
    if (this.child.exitCode === null && this.child.signalCode === null)
      process.kill(-this.child.pid!, 'SIGINT');
  }

  /** Ends it as a person would, and fails when anything is left. Returns the exit code. */
  async stop(signal: 'SIGINT' | 'SIGTERM' = 'SIGINT'): Promise<number> {
    if (signal === 'SIGINT') this.interrupt();
    else this.child.kill(signal);
    const code = await this.exited;
    await this.nothingRuns();
    return code;
  }

  /** Pids of the platform's processes by name, as the launcher noted them. */
  pids(): Map<string, number> {
    try {
      const entries = JSON.parse(readFileSync(join(this.folder, 'processes.json'), 'utf8')) as {
        name: string;
        pid: number;
      }[];
      return new Map(entries.map(({ name, pid }) => [name, pid]));
    } catch {
      return new Map();
    }
  }

  /** Returns once no process knows the data folder any more. */
  async nothingRuns(): Promise<void> {
    await eventually(() => {
      const left = processesOf(this.folder);
      if (left.length > 0) throw new Error(`still running: ${left.join(', ')}`);
    }, STOPPED);
  }

  async isReady(): Promise<boolean> {
    return fetch(`${this.httpUrl}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  /** Calls a public method over HTTP; fails with its answer when it is refused. */
  async call<T>(method: string, body: object, token = ''): Promise<T> {
    const response = await fetch(`${this.httpUrl}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}

const endNow = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself since it was found.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/** A folder for the time of one test, and all that runs over it afterwards. */
export const withFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const parent = mkdtempSync(join(tmpdir(), 'parley-launcher-'));
  try {
    await work(join(parent, 'data'));
  } finally {
    for (const pid of processesOf(parent)) endNow(pid);
    rmSync(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
};
