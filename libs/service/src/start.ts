import { hostname } from 'node:os';
import type { HandlerTable } from '@parley/contracts';
import { PartitionCount } from '@parley/eventlog';
import { systemClock, type Clock } from '@parley/kernel';
import { NatsTransport, bindHandlers, connectBus, type Bus } from '@parley/messaging';
import { mongodbAnswers } from '@parley/store';
import { createLogger, metrics, version, type Logger, type Metrics } from '@parley/telemetry';
import { createApplication } from './application.js';
import { addressesOf, baseConfig, type BaseConfig } from './base-config.js';
import { createCaller } from './caller.js';
import {
  defineConfig,
  shownConfig,
  type ConfigDefinition,
  type ConfigOf,
  type ConfigSpec,
} from './config.js';
import { GrpcTransport } from './grpc-transport.js';
import { HealthServer, type Readiness, type ReadinessCheck } from './http.js';
import { requireWholeLogs } from './loss.js';
import type { Startable } from './parked.js';
import type { Caller } from './types.js';

/** As long as servers that are started together with us may take. */
const STORE_WITHIN_MS = 60_000;

/** What a service is built on. */
export interface Base<S extends ConfigSpec> {
  /** The service's name: "conversation", "routing", … */
  readonly name: string;
  /** Unique among the running instances of the platform. */
  readonly instance: string;
  readonly config: BaseConfig & ConfigOf<S>;
  readonly bus: Bus;
  readonly caller: Caller;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** The part of libs/eventlog's Membership that serving needs. */
export interface Ownership {
  onChange(listener: (gained: readonly number[], lost: readonly number[]) => Promise<void>): void;
  leave(): Promise<void>;
}

/** What a service hands over to be run. */
export interface Built {
  readonly handlers: HandlerTable;
  /** Whose partitions' commands are served; needed by services with commands. */
  readonly membership?: Ownership;
  /** Named checks beside the bus's own; each rejects with what is wrong. */
  readonly readiness?: Readonly<Record<string, ReadinessCheck>>;
  /** Its consumers that run by now: operators list and replay what they have parked. */
  readonly consumers?: () => readonly Startable[];
  /** Runs once reads are served, before commands are. */
  readonly start?: () => Promise<void>;
  /** Sockets first, then consumers; reads and commands are still served meanwhile. */
  readonly drain?: () => Promise<void>;
}

export interface ServiceOptions<S extends ConfigSpec> {
  readonly name: string;
  readonly config: ConfigDefinition<S>;
  readonly build: (base: Base<S>) => Promise<Built>;
  /** Instead of process.env. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface RunningService {
  readonly grpcPort: number;
  readonly httpPort: number;
  readonly logger: Logger;
  readiness(): Promise<Readiness>;
  /** Drains in order: readiness off, membership, sockets and consumers, gRPC, NATS. Idempotent. */
  stop(): Promise<void>;
}

/** Starts a service in this process without touching signals; see runService. Rejects with what to correct. */
export const startService = async <S extends ConfigSpec>(
  options: ServiceOptions<S>,
): Promise<RunningService> => {
  const { name } = options;
  const { spec, values: config } = readConfig(options);
  const logger = createLogger(name, { level: config.PARLEY_LOG_LEVEL });
  logger.info({ version, node: process.version, config: shownConfig(spec, config) }, 'starting');
  const instance = `${name}-${hostname()
    .replaceAll(/[^A-Za-z0-9_-]/g, '-')
    .slice(-32)}-${process.pid}`;
  // Both at once: the probe that waits for the start of a pod has to have patience for the slower one only.
  const documents = documentsAnswer(config.MONGODB_URL, logger);
  documents.catch(() => undefined); // told below
  const bus = await connectBus({
    url: config.NATS_URL,
    name: instance,
    logger,
    ...(config.NATS_USER === '' ? {} : { user: config.NATS_USER, password: config.NATS_PASSWORD }),
  });
  const caller = createCaller({ bus, addresses: addressesOf(config) });
  const undo: (() => Promise<void>)[] = [() => bus.drain(), async () => caller.close()];
  try {
    await documents;
    const built = await options.build({
      name,
      instance,
      config,
      bus,
      caller,
      logger,
      metrics,
      clock: systemClock,
    });
    const wholeLogs = (): Promise<void> =>
      requireWholeLogs(built.consumers?.() ?? [], config.PARLEY_ACCEPT_LOG_LOSS, logger);
    await wholeLogs();
    await comparePartitions(bus, config.PARLEY_PARTITIONS, logger);
    let serving = false;
    const health = new HealthServer({
      host: config.PARLEY_SERVICE_HOST,
      port: config.PARLEY_SERVICE_HTTP_PORT,
      metrics,
      serving: () => serving,
      checks: {
        bus: check(() => bus.connected, 'not connected to NATS'),
        ...built.readiness,
      },
      consumers: built.consumers ?? (() => []),
    });
    undo.push(() => health.close());
    const nats = new NatsTransport({ bus, service: name, handlers: built.handlers, logger });
    const grpc = new GrpcTransport({
      bindings: bindHandlers(built.handlers, 'grpc', (m) => m.kind === 'read' && m.owner === name),
      logger,
      host: config.PARLEY_SERVICE_HOST,
      port: config.PARLEY_SERVICE_GRPC_PORT,
      maxConnectionAgeMs: config.PARLEY_GRPC_MAX_CONNECTION_AGE_MS,
    });
    undo.push(() => grpc.close());
    const application = await createApplication({ grpc, nats, logger, release: () => inReverse(undo) });
    const httpPort = await health.listen();
    await application.listen();
    await built.start?.();
    // Some are made by then only.
    await wholeLogs();
    serveOwned(built, nats, logger);
    serving = true;
    grpc.setServing(true);
    logger.info({ grpcPort: grpc.port, httpPort, instance }, 'serving');

    const stopOnce = async (): Promise<void> => {
      serving = false;
      grpc.setServing(false);
      await attempt(logger, 'leaving the group', built.membership && (() => built.membership!.leave()));
      await attempt(logger, 'draining the service', built.drain);
      await application.close();
      logger.info('stopped');
    };
    let stopped: Promise<void> | undefined;
    return {
      grpcPort: grpc.port,
      httpPort,
      logger,
      readiness: () => health.readiness(),
      stop: () => (stopped ??= stopOnce()),
    };
  } catch (error) {
    await inReverse(undo);
    throw error;
  }
};

/** Both sets in one reading, so that all problems are told at once. */
const readConfig = <S extends ConfigSpec>({
  config,
  env,
}: ServiceOptions<S>): { spec: ConfigSpec; values: BaseConfig & ConfigOf<S> } => {
  const whole = defineConfig({ ...baseConfig.spec, ...config.spec });
  return { spec: whole.spec, values: whole.read(env) };
};

/** Waits for MongoDB, where there is one, as `connectBus` does for NATS. */
const documentsAnswer = async (url: string, logger: Logger): Promise<void> => {
  if (url === '') return;
  await mongodbAnswers(url, {
    forMs: STORE_WITHIN_MS,
    onWaiting: (reason) => logger.info({ reason }, 'waiting for MongoDB'),
  });
};

/** The log's number counts, whatever was set; whoever set another one should know. */
const comparePartitions = async (bus: Bus, setting: number, logger: Logger): Promise<void> => {
  const existing = await new PartitionCount(bus, 'conversation').refresh().catch(() => 0);
  if (existing > setting)
    logger.warn(
      { setting, existing },
      'PARLEY_PARTITIONS is lower than the number of partitions that the conversation log has, which is used instead: set it to that',
    );
};

const check =
  (fine: () => boolean, otherwise: string): ReadinessCheck =>
  async () => {
    if (!fine()) throw new Error(otherwise);
  };

const serveOwned = ({ membership }: Built, nats: NatsTransport, logger: Logger): void => {
  membership?.onChange(async (gained, lost) => {
    logger.info({ gained, lost }, 'partitions changed');
    await Promise.all([...lost.map((p) => nats.disown(p)), ...gained.map((p) => nats.own(p))]);
  });
};

/** A step of draining that fails must not keep the later ones from running. */
const attempt = async (
  logger: Logger,
  step: string,
  work: (() => Promise<void>) | undefined,
): Promise<void> => {
  try {
    await work?.();
  } catch (error) {
    logger.error({ err: error }, `${step} failed`);
  }
};

const inReverse = async (undo: (() => Promise<void>)[]): Promise<void> => {
  for (const step of undo.splice(0).reverse()) await step();
};
