import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, natsBinary, NatsServer } from './nats-server.js';

const AGREED_WITHIN_MS = 60_000;

export interface TestNatsCluster {
  /** All servers, comma-separated. */
  readonly url: string;
  /** In the order of `url`. */
  readonly servers: readonly NatsServer[];
  /** Resolves once every server is up and follows a leader of which it has all that it knows; rejects after a minute. */
  settled(): Promise<void>;
  /** Ends all servers and removes their files. */
  stop(): Promise<void>;
}

/** A cluster of nats-servers with JetStream on loopback, every write synced. Rejects when it does not come to be. */
export const startNatsCluster = async (size = 3): Promise<TestNatsCluster> => {
  const binary = await natsBinary();
  const folder = await mkdtemp(join(tmpdir(), 'parley-nats-cluster-'));
  const ports: { client: number; route: number; monitoring: number }[] = [];
  for (let i = 0; i < size; i++)
    ports.push({ client: await freePort(), route: await freePort(), monitoring: await freePort() });
  const routes = ports.map(({ route }) => `nats://127.0.0.1:${route}`).join(', ');
  const servers = await Promise.all(
    ports.map(async ({ client, route, monitoring }, i) => {
      const config = join(folder, `${i}.conf`);
      await writeFile(
        config,
        `server_name: n${i}
listen: "127.0.0.1:${client}"
http: "127.0.0.1:${monitoring}"
max_payload: 8MB
lame_duck_grace_period: 1s
lame_duck_duration: 30s
jetstream { store_dir: ${JSON.stringify(join(folder, String(i)))}, sync_interval: always }
cluster { name: test, listen: "127.0.0.1:${route}", routes: [${routes}] }
`,
      );
      return new NatsServer(binary, config, client);
    }),
  );
  const settled = async (): Promise<void> => {
    const giveUpAt = Date.now() + AGREED_WITHIN_MS;
    while (!(await Promise.all(ports.map(({ monitoring }) => isHealthy(monitoring)))).every(Boolean)) {
      if (Date.now() > giveUpAt) throw new Error('the servers of NATS do not come to an agreement');
      await pause(50);
    }
  };
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.end('SIGKILL')));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(servers.map((server) => server.start()));
    await settled();
  } catch (error) {
    await stop();
    throw error;
  }
  const url = ports.map(({ client }) => `nats://127.0.0.1:${client}`).join(',');
  return { url, servers, settled, stop };
};

const isHealthy = async (monitoring: number): Promise<boolean> => {
  try {
    return (await fetch(`http://127.0.0.1:${monitoring}/healthz`)).ok;
  } catch {
    return false; // down
  }
};
