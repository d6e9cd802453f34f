import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listParked, replayParked, type ParkedFilter, type Replayable } from './parked.js';
import { LOG_LEVELS, setLogLevel, type LogLevel, type Metrics } from '@parley/telemetry';

const CHECK_MS = 2_000;

/** Rejects, with a message for operators, while the thing it names cannot be used. */
export type ReadinessCheck = () => Promise<void>;

export interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  /** True from when it has started until it drains. */
  readonly serving: () => boolean;
  /** What it depends on. */
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  readonly consumers: () => readonly Replayable[];
}

/**
 * Whether this process serves. What it depends on is told, but does not count: all instances share it, and would leave their
 * service together, also for those whom they could still answer.
 */
export interface Readiness {
  readonly ready: boolean;
  /** "ok" or what is wrong, by what it is: `serving` and each dependency. */
  readonly checks: Readonly<Record<string, string>>;
}

/**
 * /healthz/live, /healthz/ready and /metrics of a service; for operators on this host only, as they act on all tenants: POST
 * /loglevel, GET /parked and POST /parked/replay.
 */
export class HealthServer {
  private readonly server: Server;

  constructor(private readonly options: HealthServerOptions) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => send(response, 500, { error: String(error) }));
    });
  }

  /** Resolves with the port that is listened on; rejects with a line that says which address is taken. */
  listen(): Promise<number> {
    const { host, port } = this.options;
    return new Promise((resolve, reject) => {
      this.server.once('error', (error) =>
        reject(new Error(`health cannot listen on ${host}:${port}: ${error.message}`)),
      );
      this.server.listen(port, host, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** Runs all checks side by side, each for 2 s at most. */
  async readiness(): Promise<Readiness> {
    const entries = await Promise.all(
      Object.entries(this.options.checks).map(async ([name, check]) => [name, await outcome(check)] as const),
    );
    const ready = this.options.serving();
    const serving = ready ? 'ok' : 'starting or draining';
    return { ready, checks: { serving, ...Object.fromEntries(entries) } };
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://service');
    if (pathname === '/loglevel' || pathname.startsWith('/parked')) {
      if (!isLocal(request)) return send(response, 403, { error: 'This is done from the same host only.' });
      if (request.method === 'POST' && pathname === '/loglevel')
        return changeLevel(response, searchParams.get('level') ?? '');
      if (request.method === 'POST' && pathname === '/parked/replay')
        return this.replay(response, filterOf(searchParams));
      if (request.method === 'GET' && pathname === '/parked')
        return send(response, 200, {
          parked: await listParked(this.options.consumers(), filterOf(searchParams)),
        });
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response, 405, { error: 'Only GET here.' });
    if (pathname === '/healthz/live') return send(response, 200, { live: true });
    if (pathname === '/healthz/ready') {
      const readiness = await this.readiness();
      return send(response, readiness.ready ? 200 : 503, readiness);
    }
    if (pathname === '/metrics') {
      const { contentType, body } = await this.options.metrics.exposition();
      response.writeHead(200, { 'content-type': contentType }).end(body);
      return;
    }
    send(response, 404, { error: 'There are /healthz/live, /healthz/ready, /metrics and /parked.' });
  }

  private async replay(response: ServerResponse, filter: ParkedFilter): Promise<void> {
    const replayed = await replayParked(this.options.consumers(), filter);
    if (replayed.length === 0)
      return send(response, 404, { error: 'Nothing like this is parked: GET /parked lists what is.' });
    send(response, replayed.some(({ error }) => error !== undefined) ? 409 : 200, { replayed });
  }
}

const outcome = async (check: ReadinessCheck): Promise<string> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${CHECK_MS} ms`), CHECK_MS);
  });
  const result = check().then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.message : String(error)) || 'not ready',
  );
  const first = await Promise.race([result, late]);
  clearTimeout(timer);
  return first;
};

/** From this host, and meant for it: a page in a browser here, which may have any name resolve to it, is not. */
const isLocal = ({ socket, headers }: IncomingMessage): boolean =>
  /^(::1|(::ffff:)?127\.)/.test(socket.remoteAddress ?? '') &&
  /^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/.test(headers.host ?? '') &&
  headers.origin === undefined;

const filterOf = (search: URLSearchParams): ParkedFilter =>
  Object.fromEntries(
    ['projection', 'tenant', 'id'].flatMap((name) => {
      const value = search.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );

const changeLevel = (response: ServerResponse, level: string): void => {
  if (!(LOG_LEVELS as readonly string[]).includes(level))
    return send(response, 400, { error: `POST /loglevel?level= one of ${LOG_LEVELS.join(', ')}` });
  setLogLevel(level as LogLevel);
  send(response, 200, { level });
};

const send = (response: ServerResponse, status: number, body: unknown): void => {
  if (response.headersSent) return;
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(`${JSON.stringify(body)}\n`);
};
