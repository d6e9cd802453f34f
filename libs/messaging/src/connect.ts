import { connect, type NatsConnection } from '@nats-io/transport-node';
import { NatsBus } from './bus.js';
import { inboxPrefixOf, setInboxPrefix } from './inbox.js';
import type { Outgoing } from './outgoing.js';
import type { Bus, BusOptions } from './types.js';

/** As long as servers that are started together with us may take. */
const FIRST_CONNECT_MS = 60_000;

/**
 * Connects to NATS, trying for `connectTimeoutMs` (60 s) while nobody answers, which is logged once; afterwards it
 * reconnects by itself for ever. Fails with one line that says what to do.
 */
export const connectBus = async (options: BusOptions): Promise<Bus> => {
  const servers = options.url.split(',').map((server) => server.trim());
  const inboxPrefix = inboxPrefixOf(options.user);
  const giveUpAt = Date.now() + (options.connectTimeoutMs ?? FIRST_CONNECT_MS);
  for (let told = false; ; told = true) {
    try {
      const connection = await connect({
        servers,
        name: options.name,
        ...(options.user === undefined ? {} : { user: options.user, pass: options.password ?? '' }),
        ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
        noAsyncTraces: true,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 100,
        reconnectJitter: 400,
        // Credentials may be rotated on the servers first: keep trying.
        ignoreAuthErrorAbort: true,
        pingInterval: 10_000,
        maxPingOut: 2,
        timeout: 5_000,
      });
      setInboxPrefix(connection, inboxPrefix);
      return new NatsBus(connection, options.logger);
    } catch (error) {
      const refused = /authorization|authentication/i.test(String(error));
      if (refused)
        throw new Error(`NATS at ${shown(servers)} refuses the login: check NATS_USER and NATS_PASSWORD`);
      if (Date.now() >= giveUpAt)
        throw new Error(
          `NATS at ${shown(servers)} does not answer (${reasonOf(error)}): start nats-server or correct NATS_URL`,
        );
      if (!told)
        options.logger?.info({ servers: shown(servers), reason: reasonOf(error) }, 'waiting for NATS');
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 200));
    }
  }
};

const shown = (servers: readonly string[]): string =>
  servers.map((s) => s.replace(/\/\/[^@/]*@/, '//')).join(', ');

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 120);

/** The connection behind a bus, for JetStream (libs/eventlog, this library and benches only). */
export const natsConnection = (bus: Bus): NatsConnection => {
  if (bus instanceof NatsBus) return bus.connection;
  throw new Error('not a bus of connectBus');
};

/** Where a bus publishes, for this library only. */
export const outgoingOf = (bus: Bus): Outgoing => {
  if (bus instanceof NatsBus) return bus.outgoing;
  throw new Error('not a bus of connectBus');
};

/** Runs `work` at the end of this turn of the event loop, so that what it sends shares a write with all else. */
export const atEndOfTurn = (bus: Bus, work: () => void): void => outgoingOf(bus).atEndOfTurn(work);
