import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const LARGEST_OUTPUT = 64 * 1024 * 1024;

/** Runs a program and returns what it printed; fails with the last of what it said. */
export const run = async (
  program: string,
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly timeoutMs?: number;
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
  } = {},
): Promise<string> => {
  const started = promisify(execFile)(program, args, {
    maxBuffer: LARGEST_OUTPUT,
    timeout: options.timeoutMs ?? 120_000,
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.env ? { env: options.env } : {}),
  });
  started.child.stdin?.end(options.input ?? '');
  try {
    return (await started).stdout;
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Error(`${program} ${args.slice(0, 3).join(' ')}: ${stderr.trim().slice(-1_500) || message}`, {
      cause: error,
    });
  }
};

export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    /** Set once it has been asked to go. */
    readonly deletionTimestamp?: string;
  };
  readonly status: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly restartCount: number }[];
  };
}

/** One namespace of the cluster that KUBECONFIG names. */
export class Namespace {
  constructor(readonly name: string) {}

  kubectl(args: readonly string[], options: Parameters<typeof run>[2] = {}): Promise<string> {
    return run('kubectl', ['-n', this.name, ...args], options);
  }

  async get<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.kubectl(['get', ...args, '-o', 'json'])) as T;
  }

  async pods(selector: string): Promise<readonly Pod[]> {
    return (await this.get<{ items: Pod[] }>('pods', '-l', selector)).items;
  }

  /** The decoded values of a secret. */
  async secret(name: string): Promise<Readonly<Record<string, string>>> {
    const { data = {} } = await this.get<{ data?: Record<string, string> }>('secret', name);
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
    );
  }

  /** Resolves once all pods of the workloads are ready. */
  async settled(workloads: readonly string[], timeoutSeconds = 240): Promise<void> {
    await Promise.all(
      workloads.map((workload) =>
        this.kubectl(['rollout', 'status', workload, `--timeout=${timeoutSeconds}s`], {
          timeoutMs: (timeoutSeconds + 10) * 1_000,
        }),
      ),
    );
  }

  /** A port of this machine that leads to a port of something in the cluster, until it is closed. */
  async forward(target: string, port: number): Promise<Forward> {
    const child = spawn('kubectl', ['-n', this.name, 'port-forward', target, `:${port}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const local = /127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (local) return new Forward(child, Number(local));
    }
    throw new Error(`kubectl port-forward ${target} ${port} ended`);
  }
}

export class Forward {
  constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {
    child.stdout?.resume();
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.kill();
    await once(this.child, 'exit');
  }
}
