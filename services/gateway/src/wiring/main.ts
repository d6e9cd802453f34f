import type { IncomingMessage } from 'node:http';
import { GATEWAY_LEASES, publicMethods, TENANT_PARTITIONS } from '@parley/contracts';
import { openEventLog } from '@parley/eventlog';
import { ApiError, newUlid } from '@parley/kernel';
import { asApiError, openKv } from '@parley/messaging';
import { addressesOf, AgentQueues, type Base, type Built } from '@parley/service';
import { openStore } from '@parley/store';
import { assertSecrets, type gatewayConfig } from '../config.js';
import { Readings } from '../edge/audit.js';
import { systemContext, type ToApiError } from '../edge/call.js';
import { PublicGrpc } from '../edge/grpc.js';
import { createHttpServer } from '../edge/http.js';
import { Invoker } from '../edge/invoke.js';
import { Buckets } from '../edge/limits.js';
import { listenHttp } from '../edge/listen.js';
import { Cors } from '../edge/origins.js';
import { PlatformHealth } from '../edge/platform.js';
import { remoteFor } from '../edge/remote.js';
import { loadStaticFiles } from '../edge/static.js';
import { holdLease, type Lease } from '../presence/lease.js';
import { PresenceReporter } from '../presence/reporter.js';
import { authHandlers } from '../sessions/api.js';
import { tellEndedSessions } from '../sessions/ended.js';
import { FailedLogins } from '../sessions/failed-logins.js';
import { makeSecrets } from '../sessions/secrets.js';
import { Sessions } from '../sessions/sessions.js';
import { openSessionStore } from '../sessions/store.js';
import { LoginThrottle } from '../sessions/throttle.js';
import { Feeds } from '../sockets/feeds.js';
import { startHeadChecks } from '../sockets/heads.js';
import { SocketServer } from '../sockets/server.js';
import { Topics } from '../sockets/topics.js';
import { OpenStreams } from '../streams/open-streams.js';
import { watchStreams } from '../streams/watch.js';
import { tenantHandlers } from '../tenants/api.js';
import { originAllowed, TenantDirectory } from '../tenants/directory.js';
import { openTenantLog } from '../tenants/log.js';
import { applySeed, readSeed } from '../tenants/seed.js';
import { openTenantStore } from '../tenants/store.js';

const SWEEP_MS = 60 * 60_000;
/** How often failed logins for users that do not exist go to the audit log, and within what they must be there. */
const FAILED_LOGINS_MS = 60_000;
const RECORD_MS = 10_000;

/** A gateway, and where it listens once it is started. */
export interface Gateway extends Built {
  /** Public ports; 0 before the start. */
  readonly ports: { http: number; grpc: number };
}

/** Builds a gateway on what every service stands on. */
export const buildGateway = async (base: Base<typeof gatewayConfig.spec>): Promise<Gateway> => {
  const { config, bus, caller, logger, clock } = base;
  assertSecrets(config.PARLEY_SECRET);
  const seeds = await readSeed(config.PARLEY_SEED);
  const store = await openStore({
    name: 'gateway',
    durability: 'record',
    mongodbUrl: config.MONGODB_URL,
    folder: config.PARLEY_DATA,
  });
  const tenants = await openTenantStore(store);
  const sessionStore = await openSessionStore(store);
  const eventLog = await openEventLog({
    bus,
    name: 'tenant',
    partitions: TENANT_PARTITIONS,
    replicas: config.PARLEY_NATS_REPLICAS,
  });
  const log = openTenantLog(eventLog, clock);
  const secrets = makeSecrets(
    config.PARLEY_SECRET.length > 0 ? config.PARLEY_SECRET : [await sessionStore.secret()],
  );
  const sessions = new Sessions(sessionStore, tenants, secrets, clock);
  const directory = new TenantDirectory(tenants.tenants, clock);
  // The invoker has told of refused calls, with their method.
  const toApiError: ToApiError = (error) =>
    error instanceof ApiError ? error : asApiError(error, 'gateway', logger);
  const authenticate = (token: string) => sessions.authenticate(token);
  const addressOf = remoteFor(config.PARLEY_TRUST_PROXY);
  const remoteOf = ({ socket, headers }: IncomingMessage): string => {
    const header = headers['x-forwarded-for'];
    const forwarded = Array.isArray(header) ? header.join(',') : header;
    return addressOf({ peer: socket.remoteAddress ?? '', forwarded });
  };

  const conversations = caller.client('parley.conversation.v1.ConversationService');
  const conversationInternals = caller.client('parley.conversation.v1.ConversationInternalService');
  const sessionRate = { perSecond: config.PARLEY_SOCKET_RATE, burst: 2 * config.PARLEY_SOCKET_RATE };
  const rate = (perSecond: number) => ({ perSecond, burst: 5 * perSecond });
  const topics = new Topics(bus);
  const streams = new OpenStreams({
    most: config.PARLEY_MAX_STREAMS,
    alive: (session) => sessions.alive(session),
    clock,
  });
  const routing = caller.client('parley.routing.v1.RoutingService');
  const watches = watchStreams({ routing, topics, flush: () => bus.flush(), clock });
  const onEnded = tellEndedSessions(bus, (tenant, sessionId) => {
    sockets.endSession(tenant, sessionId);
    streams.endSession(tenant, sessionId);
  });
  const failedLogins = new FailedLogins({
    record: async (tenant, value) => {
      const by = systemContext(tenant, clock.now() + RECORD_MS);
      await log.record(tenant, { $case: 'loginFailed', value }, by);
    },
    logger,
  });
  const invoker = new Invoker({
    services: caller,
    streaming: { 'parley.routing.v1.RoutingService': watches.handlers },
    streams,
    log,
    logger,
    readings: new Readings(conversations, () => clock.now()),
    people: tenants.users,
    conversations,
    limits: {
      session: new Buckets(sessionRate, clock, 'this session'),
      tenant: new Buckets(rate(config.PARLEY_TENANT_RATE), clock, 'this tenant'),
      anonymous: new Buckets(rate(config.PARLEY_ANONYMOUS_RATE), clock, 'this address'),
    },
    local: {
      'parley.gateway.v1.AuthService': authHandlers({
        sessions,
        users: tenants.users,
        directory,
        log,
        secrets,
        throttle: new LoginThrottle(clock),
        logins: new Buckets(rate(config.PARLEY_LOGIN_RATE), clock, 'Login from this address'),
        failedLogins,
        conversations,
        contacts: conversationInternals,
        onEnded,
        clock,
      }),
      'parley.gateway.v1.TenantService': tenantHandlers({
        store: tenants,
        log,
        directory,
        sessions,
        secrets,
        clock,
        scopes: [...new Set(publicMethods.map((method) => method.owner))],
        onEnded,
      }),
    },
  });

  const feeds = new Feeds({ bus, topics, conversations, clock, toApiError });
  const presence = new PresenceReporter(bus, base.instance, newUlid(clock.now()));
  const sockets = new SocketServer({
    authenticate,
    originAllowed: async (session, origin, host) => {
      // People's tokens come from the desk, whose origin is the gateway's own or a proxy's of it.
      if (session.principal.role !== 'visitor') return true;
      const settings = await directory.settings(session.tenant);
      return settings !== undefined && originAllowed(settings.allowedOrigins, origin, host);
    },
    invoker,
    feeds,
    topics,
    bus,
    conversations,
    routing,
    agentQueues: new AgentQueues(caller.client('parley.routing.v1.RoutingService'), clock),
    presence,
    clock,
    rate: sessionRate,
    toApiError,
    alive: (session) => sessions.alive(session),
    remoteOf,
    onConnection: (listener) => bus.onConnection(listener),
    mostSockets: config.PARLEY_MAX_SOCKETS,
  });
  bus.onConnection((connected) => {
    if (connected) watches.repair();
  });
  const stopHeadChecks = startHeadChecks({ feeds, conversations: conversationInternals, bus, clock });
  const platform = new PlatformHealth(addressesOf(config), () => bus.connected);
  const http = createHttpServer({
    invoker,
    authenticate,
    cors: new Cors(directory),
    remoteOf,
    clock,
    files: await loadStaticFiles(config.PARLEY_WEB_ROOT),
    directory,
    ready: () => store.ping(),
    platform: () => platform.check(),
    toApiError,
  });
  http.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  const grpc = new PublicGrpc({ invoker, authenticate, addressOf, toApiError, clock });
  const ports = { http: 0, grpc: 0 };
  let lease: Lease | undefined;
  let sweeper: NodeJS.Timeout | undefined;
  let failedLoginsTimer: NodeJS.Timeout | undefined;

  return {
    ports,
    handlers: {},
    readiness: { store: () => store.ping() },
    start: async () => {
      for (const seed of seeds) await applySeed(seed, { store: tenants, log, secrets, clock });
      const kv = await openKv(bus, { ...GATEWAY_LEASES, replicas: config.PARLEY_NATS_REPLICAS });
      const { epoch } = presence;
      lease = await holdLease(kv, base.instance, epoch, (error) =>
        logger.warn({ err: error }, 'lease not renewed'),
      );
      const sweep = () =>
        void sessions.sweep().catch((error: unknown) => logger.warn({ err: error }, 'sweep failed'));
      sweeper = setInterval(sweep, SWEEP_MS);
      failedLoginsTimer = setInterval(() => failedLogins.putAll(), FAILED_LOGINS_MS);
      ports.grpc = await grpc.listen(config.PARLEY_PUBLIC_HOST, config.PARLEY_GRPC_PORT);
      ports.http = await listenHttp(http, config.PARLEY_PUBLIC_HOST, config.PARLEY_HTTP_PORT);
      logger.info(ports, 'public ports');
    },
    drain: async () => {
      clearInterval(sweeper);
      clearInterval(failedLoginsTimer);
      stopHeadChecks();
      http.close();
      streams.drain();
      await sockets.drain();
      http.closeIdleConnections();
      presence.close();
      await lease?.release();
      await grpc.drain();
      platform.close();
      http.closeAllConnections();
      await failedLogins.close();
      await store.close();
    },
  };
};
