import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureNatsServer } from '../../scripts/nats-server.mjs';
import { root } from '../../scripts/lib/process.mjs';
import { Child } from './child.mjs';
import { openDataFolder } from './data-folder.mjs';
import { assertMongodb, assertNats, natsReady, notePositions, writeNatsConfig } from './nats.mjs';
import { assertFree, freePorts } from './ports.mjs';
import { ProcessRecord } from './process-record.mjs';

/** The services behind the gateway, which is started with them and stopped before them. */
const SERVICES = ['conversation', 'routing', 'presence', 'transcript', 'analytics', 'notification'];
const STARTED_WITHIN_MS = 60_000;

/**
 * Starts a nats-server and the seven services as processes of their own, supervised, over one data folder. They end with
 * this process, however it ends.
 *
 * `options`: `{ dataFolder, httpPort, grpcPort, seedFile, env, instances, onEvent, signal }`; `env` overrides variables
 * for every service; `instances` maps a service to how many processes of it run (1); `releases` maps the name of a process
 * to the folder of another release that it is of; `onEvent(name, kind, text)` hears
 * restarts and failures; `signal` (an AbortSignal) gives a start up. NATS_URL in `env` uses that server and starts none.
 *
 * Returns `{ httpUrl, grpcAddress, natsUrl, names, child(name), failure, stop(), kill() }`; `failure` rejects when a
 * process cannot be kept running. Fails with one line that says what to do, and leaves nothing running.
 */
export async function startPlatform(options) {
  const { httpPort, grpcPort, env = {}, instances = {}, releases = {}, onEvent = () => {}, signal } = options;
  if (httpPort === grpcPort)
    throw new Error(`port ${httpPort} cannot serve both: change PARLEY_HTTP_PORT or PARLEY_GRPC_PORT`);
  await assertFree(httpPort, 'PARLEY_HTTP_PORT');
  await assertFree(grpcPort, 'PARLEY_GRPC_PORT');
  const external = env.NATS_URL ?? (process.env.NATS_URL || undefined);
  const mongodb = env.MONGODB_URL ?? process.env.MONGODB_URL;
  if (external) await assertNats(external);
  if (mongodb) await assertMongodb(mongodb);
  const natsServer = external ? undefined : await ensureNatsServer();
  const data = await openDataFolder(options.dataFolder);
  const record = new ProcessRecord(data.path('processes.json'));
  await record.endLeftovers();
  const guard = startGuard(options.dataFolder);

  let fail;
  const failure = new Promise((_, reject) => (fail = reject));
  failure.catch(() => {}); // whoever waits for it hears it; nobody waiting is no defect
  const givenUp = () => fail(new Error('the start was given up'));
  signal?.addEventListener('abort', givenUp);
  const children = new Map();
  const add = (spec) => {
    signal?.throwIfAborted();
    const logFile = data.path('logs', `${spec.name}.log`);
    const child = new Child({ ...spec, logFile }, (kind, text) => {
      if (kind === 'spawn') return record.set(spec.name, text);
      onEvent(spec.name, kind, text);
      if (kind === 'failed') fail(new Error(`${spec.name} does not run: ${text} (all of it: ${logFile})`));
    });
    children.set(spec.name, child);
    child.start();
  };

  let endNotes = async () => {};
  const stopOnce = async () => {
    // Sockets first, then what they talk to, the log last: nothing acknowledged is under way when it ends.
    const of = (service) =>
      [...children.values()].filter(({ name }) => name.replace(/-\d+$/, '') === service);
    await Promise.all(of('gateway').map((child) => child.stop()));
    await Promise.all(SERVICES.flatMap(of).map((child) => child.stop()));
    await endNotes();
    await Promise.all(of('nats').map((child) => child.stop()));
    record.clear();
    await guard.dismiss(); // before the lock is free, so that it finds nothing to do
    data.release();
  };
  let stopped;
  const stop = () => (stopped ??= stopOnce());

  try {
    const count = (service) => instances[service] ?? 1;
    const all = [...SERVICES, 'gateway'];
    // Two more than are needed: the public ports, on which nobody listens yet, may be among the free ones.
    const found = await freePorts(4 + 2 * all.reduce((sum, service) => sum + count(service), 0));
    const ports = found.filter((port) => port !== httpPort && port !== grpcPort);
    const take = () => ports.pop();
    let natsUrl = external;
    if (natsServer) {
      const [port, monitoringPort] = [take(), take()];
      natsUrl = `nats://127.0.0.1:${port}`;
      const config = writeNatsConfig(data, port, monitoringPort);
      add({ name: 'nats', command: natsServer, args: ['-c', config], env: process.env });
      await Promise.race([natsReady(data, port, monitoringPort), failure]);
      endNotes = await notePositions(data, monitoringPort);
    }
    const plan = all.flatMap((service) =>
      Array.from({ length: count(service) }, (_, i) => ({
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
    // One owner has no use for several partitions: they only make the batches of the log smaller.
    const partitions =
      count('conversation') === 1 && !process.env.PARLEY_PARTITIONS ? { PARLEY_PARTITIONS: '1' } : {};
    for (const { service, name, ...own } of plan)
      add({
        name,
        command: join(root, 'node_modules/.bin/node'),
        args: [
          '--enable-source-maps',
          ...tracing(service, env),
          join(releases[name] ?? root, 'services', service, 'dist/main.js'),
        ],
        env: {
          // The demo tenant's passwords are well known: nobody else is let in unless that is asked for.
          PARLEY_PUBLIC_HOST: '127.0.0.1',
          ...process.env,
          NODE_COMPILE_CACHE: join(root, '.cache/compile'),
          PARLEY_DATA: data.path('documents'),
          PARLEY_SECRET: data.secret,
          PARLEY_WEB_ROOT: join(root, 'web'),
          ...(options.seedFile ? { PARLEY_SEED: options.seedFile } : {}),
          ...addresses,
          ...partitions,
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
    await Promise.race([ready(httpUrl, signal), failure]);
    signal?.removeEventListener('abort', givenUp);
    return {
      httpUrl,
      grpcAddress: `localhost:${grpcPort}`,
      natsUrl,
      names: [...children.keys()],
      child: (name) => children.get(name),
      metricsUrls: Object.fromEntries(plan.map((p) => [p.name, `http://127.0.0.1:${p.httpPort}/metrics`])),
      failure,
      stop,
      kill: () => {
        for (const child of children.values()) child.kill();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One address as it is; several in the form by which gRPC balances over them. */
const grpcAddress = (addresses) => (addresses.length === 1 ? addresses[0] : `ipv4:${addresses.join(',')}`);

/** Spans are made where an OpenTelemetry endpoint is configured; loading the SDK otherwise would only cost time. */
const tracing = (service, env) =>
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'].some(
    (name) => env[name] ?? process.env[name],
  )
    ? ['--import', join(root, 'services', service, 'dist/preload.js')]
    : [];

/** Ends the platform's processes when this one ends without having done so itself and dismissed it. */
function startGuard(dataFolder) {
  const file = join(root, 'deploy/local/guard.mjs');
  // A session of its own: what ends the launcher's group must not end the guard.
  const guard = spawn(process.execPath, [file, dataFolder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a guard, the next start cleans up all the same.
  const ended = new Promise((resolve) => guard.once('error', resolve).once('exit', resolve));
  guard.stdin?.on('error', () => {});
  return {
    dismiss: () => {
      guard.stdin?.end();
      return ended;
    },
  };
}

async function ready(httpUrl, signal) {
  const deadline = Date.now() + STARTED_WITHIN_MS;
  let last = 'the gateway does not answer';
  while (Date.now() < deadline && !signal?.aborted) {
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
