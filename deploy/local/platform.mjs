import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureNatsServer } from '../../scripts/nats-server.mjs';
import { root } from '../../scripts/lib/process.mjs';
import { Child } from './child.mjs';
import { openDataFolder } from './data-folder.mjs';
import { assertFree, freePorts } from './ports.mjs';

/** The services behind the gateway, which is started with them and stopped before them. */
const SERVICES = ['conversation', 'routing', 'presence', 'transcript', 'analytics', 'notification'];
const STARTED_WITHIN_MS = 60_000;

/**
 * Starts a nats-server and the seven services as processes of their own, supervised, over one data folder.
 *
 * `options`: `{ dataFolder, httpPort, grpcPort, seedFile, env, instances, onEvent }`; `env` overrides variables for
 * every service; `instances` maps a service to how many processes of it run (1); `onEvent(name, kind, text)` hears
 * restarts and failures. NATS_URL in `env` uses that server and starts none.
 *
 * Returns `{ httpUrl, grpcAddress, natsUrl, names, child(name), failure, stop() }`; `failure` rejects when a process
 * cannot be kept running. Fails with one line that says what to do.
 */
export async function startPlatform(options) {
  const { httpPort, grpcPort, env = {}, instances = {}, onEvent = () => {} } = options;
  await assertFree(httpPort, 'PARLEY_HTTP_PORT');
  await assertFree(grpcPort, 'PARLEY_GRPC_PORT');
  const external = env.NATS_URL ?? process.env.NATS_URL;
  const natsServer = external ? undefined : await ensureNatsServer();
  const data = openDataFolder(options.dataFolder);

  let fail;
  const failure = new Promise((_, reject) => (fail = reject));
  failure.catch(() => {}); // whoever waits for it hears it; nobody waiting is no defect
  const children = new Map();
  const add = (spec) => {
    const child = new Child({ ...spec, logFile: data.path('logs', `${spec.name}.log`) }, (kind, text) => {
      onEvent(spec.name, kind, text);
      if (kind === 'failed')
        fail(
          new Error(
            `${spec.name} does not run: ${text} (all of it: ${data.path('logs', `${spec.name}.log`)})`,
          ),
        );
    });
    children.set(spec.name, child);
    child.start();
    return child;
  };

  const stop = async () => {
    // Sockets first, then what they talk to, the log last: nothing acknowledged is under way when it ends.
    await children.get('gateway')?.stop();
    await Promise.all([...children.values()].filter((c) => c.name !== 'nats').map((c) => c.stop()));
    await children.get('nats')?.stop();
    data.release();
  };

  try {
    const ports = await freePorts(2 + 3 * SERVICES.length * maxOf(instances));
    const take = () => ports.pop();
    let natsUrl = external;
    if (natsServer) {
      const port = take();
      natsUrl = `nats://127.0.0.1:${port}`;
      add({ name: 'nats', command: natsServer, args: ['-c', natsConfig(data, port)], env: process.env });
      await Promise.race([answers(port), failure]);
    }
    const plan = [...SERVICES, 'gateway'].flatMap((service) =>
      Array.from({ length: instances[service] ?? 1 }, (_, i) => ({
        service,
        name: i === 0 ? service : `${service}-${i + 1}`,
        grpcPort: take(),
        httpPort: take(),
      })),
    );
    const addresses = Object.fromEntries(
      SERVICES.map((service) => [
        `PARLEY_${service.toUpperCase()}_ADDRESS`,
        grpcAddress(plan.filter((p) => p.service === service).map((p) => `127.0.0.1:${p.grpcPort}`)),
      ]),
    );
    for (const { service, name, ...own } of plan)
      add({
        name,
        command: join(root, 'node_modules/.bin/node'),
        args: ['--enable-source-maps', ...tracing(service), join(root, 'services', service, 'dist/main.js')],
        env: {
          ...process.env,
          NODE_COMPILE_CACHE: join(root, '.cache/compile'),
          PARLEY_DATA: data.path('documents'),
          PARLEY_SECRET: data.secret,
          PARLEY_WEB_ROOT: join(root, 'web'),
          ...(options.seedFile ? { PARLEY_SEED: options.seedFile } : {}),
          ...addresses,
          ...env,
          NATS_URL: natsUrl,
          PARLEY_INSTANCE: name,
          PARLEY_HTTP_PORT: String(httpPort),
          PARLEY_GRPC_PORT: String(grpcPort),
          PARLEY_SERVICE_GRPC_PORT: String(own.grpcPort),
          PARLEY_SERVICE_HTTP_PORT: String(own.httpPort),
        },
      });
    const httpUrl = `http://localhost:${httpPort}`;
    await Promise.race([ready(httpUrl), failure]);
    return {
      httpUrl,
      grpcAddress: `localhost:${grpcPort}`,
      natsUrl,
      names: [...children.keys()],
      child: (name) => children.get(name),
      metricsUrls: Object.fromEntries(plan.map((p) => [p.name, `http://127.0.0.1:${p.httpPort}/metrics`])),
      failure,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One address as it is; several in the form by which gRPC balances over them. */
const grpcAddress = (addresses) => (addresses.length === 1 ? addresses[0] : `ipv4:${addresses.join(',')}`);

/** Spans are made where an OpenTelemetry endpoint is configured; loading the SDK otherwise would only cost time. */
const tracing = (service) =>
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT
    ? ['--import', join(root, 'services', service, 'dist/preload.js')]
    : [];

const maxOf = (instances) => Math.max(1, ...Object.values(instances));

function natsConfig(data, port) {
  const file = data.path('nats-server.conf');
  writeFileSync(
    file,
    `server_name: parley-local
listen: "127.0.0.1:${port}"
jetstream {
  store_dir: ${JSON.stringify(data.path('nats'))}
  # Acknowledged means on disk.
  sync_interval: always
}
`,
  );
  return file;
}

async function answers(port) {
  const deadline = Date.now() + STARTED_WITHIN_MS;
  while (Date.now() < deadline) {
    const up = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket
        .once('data', () => resolve(true))
        .once('error', () => resolve(false))
        .once('close', () => resolve(false));
      socket.once('data', () => socket.destroy());
    });
    if (up) return;
    await pause(25);
  }
  throw new Error(`nats-server did not answer within ${STARTED_WITHIN_MS / 1000} s`);
}

async function ready(httpUrl) {
  const deadline = Date.now() + STARTED_WITHIN_MS;
  let last = 'the gateway does not answer';
  while (Date.now() < deadline) {
    try {
      const response = await fetch(`${httpUrl}/readyz`);
      if (response.ok) return;
      last = (await response.text()).slice(0, 500);
    } catch {
      // not listening yet
    }
    await pause(50);
  }
  throw new Error(`not ready within ${STARTED_WITHIN_MS / 1000} s: ${last}`);
}
