import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, natsBinary, NatsServer } from './nats-server.js';

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
  /** Further configuration, such as users. */
  readonly settings?: string;
  /** Variables that the configuration reads. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A nats-server of one's own with JetStream, every write synced, on a free port. Fails with the server's log when
 * it does not answer within 45 s.
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
${options.settings ?? ''}
`,
  );
  const server = new NatsServer(binary, config, port, options.env);
  await server.start();
  return {
    url: `nats://127.0.0.1:${port}`,
    get pid() {
      return server.pid;
    },
    folder,
    kill: () => server.end('SIGKILL'),
    restart: async () => {
      await server.end('SIGTERM');
      await server.start();
    },
    stop: async () => {
      await server.end('SIGTERM');
      if (!options.folder) await rm(folder, { recursive: true, force: true });
    },
  };
};
