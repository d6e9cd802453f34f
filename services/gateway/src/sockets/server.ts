import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError, ErrorCode, newUlid, resourceExhausted, unauthenticated } from '@parley/kernel';
import { WebSocketServer, type WebSocket } from 'ws';
import { metrics } from '@parley/telemetry';
import type { Session } from '../edge/call.js';
import { malformed } from '../edge/json.js';
import { LEFT_BY_MS, leaveAfterMs } from '../edge/leave.js';
import { MOST_BYTES } from '../edge/rpc.js';
import { Connection, PING_MS, type ConnectionOptions } from './connection.js';

const HELLO_MS = 10_000;
const TICK_MS = 2000;
const RESYNC_MS = 30_000;
const CLOSE_MS = 5000;
/** Clients take up to a tenth more; who has not left some time after that is cut. */
const LEFT_MS = 1.1 * LEFT_BY_MS + 800;

export interface SocketServerOptions extends ConnectionOptions {
  /** False once the session behind a socket was ended. */
  readonly alive: (session: Session) => Promise<boolean>;
  readonly remoteOf: (request: IncomingMessage) => string;
  readonly onConnection: (listener: (connected: boolean) => void) => void;
  /** Sockets this gateway holds at most. */
  readonly mostSockets: number;
}

/** The sockets at /ws. */
export class SocketServer {
  // Larger than what is allowed, so that a frame that is a bit too large gets an error frame instead of a cut.
  private readonly server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 8 * MOST_BYTES,
    clientTracking: false,
  });
  private readonly sockets = new Map<Connection, WebSocket>();
  private readonly ticker: NodeJS.Timeout;
  private readonly resyncer: NodeJS.Timeout;
  private draining = false;

  constructor(private readonly options: SocketServerOptions) {
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    this.resyncer = setInterval(() => void this.revisit(), RESYNC_MS);
    metrics.gauge('gatewaySocketLimit').set(options.mostSockets);
    this.showSize();
    options.onConnection((connected) => {
      if (connected) for (const connection of this.sockets.keys()) connection.resync();
    });
  }

  get size(): number {
    return this.sockets.size;
  }

  /** Takes over an HTTP upgrade; only /ws is one. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = (request.url ?? '').split('?')[0];
    const refusal =
      path !== '/ws'
        ? '404 Not Found'
        : this.draining || this.sockets.size >= this.options.mostSockets
          ? '503 Service Unavailable'
          : undefined;
    if (refusal) {
      if (path === '/ws') metrics.counter('gatewaySocketsTurnedAway').inc();
      socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    this.server.handleUpgrade(request, socket, head, (ws) => this.accept(ws, request, socket));
  }

  /** Closes the sockets of a session that has ended. */
  endSession(tenant: string, sessionId: string): void {
    for (const connection of this.sockets.keys()) {
      const session = connection.sessionOrNone;
      if (session?.sessionId === sessionId && session.tenant === tenant) connection.fail(sessionEnded());
    }
  }

  /**
   * Asks everybody to move to another gateway, each at another time, and serves them until they do; then cuts who is
   * left, once what is under way is answered.
   */
  async drain(): Promise<void> {
    this.draining = true;
    clearInterval(this.resyncer);
    for (const connection of this.sockets.keys()) connection.askToLeave(leaveAfterMs());
    const waitFor = async (done: () => boolean, ms: number): Promise<void> => {
      for (const until = Date.now() + ms; !done() && Date.now() < until;)
        await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const gone = (): boolean => this.sockets.size === 0;
    await waitFor(gone, LEFT_MS);
    await waitFor(() => [...this.sockets.keys()].every(({ pendingCalls }) => pendingCalls === 0), CLOSE_MS);
    for (const connection of this.sockets.keys()) connection.end(1001, 'draining');
    clearInterval(this.ticker);
    await waitFor(gone, 500);
    for (const ws of this.sockets.values()) ws.terminate();
  }

  private accept(ws: WebSocket, request: IncomingMessage, socket: Duplex): void {
    const peer = {
      ...(request.headers.origin === undefined ? {} : { origin: request.headers.origin }),
      ...(request.headers.host === undefined ? {} : { host: request.headers.host }),
      remote: this.options.remoteOf(request),
    };
    const wire = {
      get open() {
        return ws.readyState === ws.OPEN;
      },
      get waitingBytes() {
        return ws.bufferedAmount;
      },
      send: (text: string, sent?: () => void) => {
        oneWriteATurn(socket);
        ws.send(text, sent);
      },
      close: (code: number, reason: string) => {
        ws.close(code, reason);
        // A peer that reads nothing never answers the close.
        setTimeout(() => ws.terminate(), CLOSE_MS).unref();
      },
    };
    const connection = new Connection(newUlid(this.options.clock.now()), wire, peer, this.options);
    this.sockets.set(connection, ws);
    this.showSize();
    ws.on('message', (data: Buffer, isBinary) => this.onMessage(connection, data, isBinary));
    ws.on('pong', () => (connection.heardAt = this.options.clock.now()));
    // The close event follows and cleans up.
    ws.on('error', () => undefined);
    ws.on('close', () => {
      this.sockets.delete(connection);
      this.showSize();
      connection.end();
    });
  }

  private showSize(): void {
    metrics.gauge('gatewaySockets').set(this.sockets.size);
  }

  private onMessage(connection: Connection, data: Buffer, isBinary: boolean): void {
    if (isBinary) return connection.reject(malformed('frames are JSON text, not binary'));
    if (data.length > MOST_BYTES)
      return connection.reject(
        resourceExhausted('FRAME_TOO_LARGE', `the frame has ${data.length} bytes; ${MOST_BYTES} at most`),
      );
    connection.receive(data.toString('utf8'));
  }

  /** Closes sockets that are silent or never said hello, and asks quiet ones for a sign of life. */
  private tick(): void {
    const now = this.options.clock.now();
    for (const [connection, ws] of this.sockets) {
      const silentMs = now - connection.heardAt;
      if (!connection.sessionOrNone && now - connection.openedAt > HELLO_MS)
        connection.fail(
          new ApiError(ErrorCode.deadlineExceeded, 'no hello within 10 s', { reason: 'NO_HELLO' }),
        );
      else if (silentMs > 2 * PING_MS + TICK_MS) {
        connection.end(1001, 'silent');
        ws.terminate();
      } else if (silentMs > PING_MS / 2 && ws.readyState === ws.OPEN) ws.ping();
    }
  }

  /** Reads the lists again and drops sockets whose session was ended elsewhere. */
  private async revisit(): Promise<void> {
    for (const connection of [...this.sockets.keys()]) {
      const session = connection.sessionOrNone;
      if (!session) continue;
      const alive = await this.options.alive(session).catch(() => true);
      if (alive) connection.resync();
      else connection.fail(sessionEnded());
    }
  }
}

/** Frames of one turn of the event loop, such as a reply and the event it led to, leave in one write. */
const oneWriteATurn = (socket: Duplex): void => {
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
};

const sessionEnded = (): ApiError => unauthenticated('SESSION_ENDED', 'the session has ended: log in again');
