import { ApiError, ErrorCode } from '@parley/kernel';
import { errorOf } from './errors.js';
import type { ClientFrame, GoAway, ServerFrame, Welcome } from './gen/parley/gateway/v1/frames.js';
import { backoffMs, type Runtime, type SocketLike } from './runtime.js';

/** online: welcomed by the gateway. offline: waiting for the next try. closed: by close(), or signed out. */
export type ConnectionState = 'connecting' | 'online' | 'offline' | 'closed';

export interface LinkOptions {
  url: string;
  /**
   * The token for the hello, asked for before every connection. `rejected`: the gateway refused the last one, so a
   * stored copy is of no use. An `unauthenticated` ApiError thrown here ends the connection.
   */
  token: (last: { rejected: boolean }) => Promise<string>;
  /** Asked for before every connection. */
  locale?: () => string;
}

export interface LinkEvents {
  onState(state: ConnectionState): void;
  onWelcome(welcome: Welcome): void;
  onFrame(frame: ServerFrame): void;
  onError(error: ApiError): void;
  onSignedOut(error: ApiError): void;
  onGoAway(): void;
}

const PROTOCOL_VERSION = 1;
const HANDSHAKE_MS = 10_000;
const DEFAULT_PING_MS = 25_000;

/** One socket at a time to a gateway: hello, pings, and a new one with backoff whenever the old one is lost. */
export class Link {
  #state: ConnectionState = 'offline';
  #socket: SocketLike | undefined;
  // Every try has a number: what arrives late for an older one is ignored.
  #try = 0;
  #failures = 0;
  #rejected = false;
  #retryTimer: unknown;
  #handshakeTimer: unknown;
  #pingTimer: unknown;
  #leaveTimer: unknown;
  /** When a gateway that goes down wants to be left, in ms; undefined while none does. */
  #leaveAt: number | undefined;
  #lastSent = 0;
  #lastReceived = 0;

  constructor(
    private readonly options: LinkOptions,
    private readonly runtime: Runtime,
    private readonly events: LinkEvents,
  ) {}

  get state(): ConnectionState {
    return this.#state;
  }

  /** Sends when online; returns false (and sends nothing) otherwise. */
  send(frame: ClientFrame): boolean {
    if (this.#state !== 'online' || !this.#socket) return false;
    this.#write(this.#socket, frame);
    return true;
  }

  /** Connects, or tries again at once instead of waiting for the backoff. */
  connectNow(): void {
    if (this.#state !== 'offline') return;
    this.runtime.clearTimer(this.#retryTimer);
    void this.#connect();
  }

  /** Gives the socket up and comes back; for when the network is known to be gone. */
  drop(waitMs?: number): void {
    if (this.#state !== 'closed') this.#lost(waitMs);
  }

  close(): void {
    this.#release();
    this.runtime.clearTimer(this.#retryTimer);
    this.#setState('closed');
  }

  async #connect(): Promise<void> {
    const current = ++this.#try;
    this.#setState('connecting');
    this.#handshakeTimer = this.runtime.setTimer(() => this.#lost(), HANDSHAKE_MS);
    let token: string;
    try {
      token = await this.options.token({ rejected: this.#rejected });
    } catch (error) {
      if (current !== this.#try) return;
      if (error instanceof ApiError && error.code === ErrorCode.unauthenticated) {
        this.close();
        this.events.onSignedOut(error);
      } else this.#lost();
      return;
    }
    if (current !== this.#try) return;
    this.#open(token);
  }

  #open(token: string): void {
    const socket = this.runtime.openSocket(this.options.url);
    this.#socket = socket;
    const hello = { protocolVersion: PROTOCOL_VERSION, token, locale: this.options.locale?.() };
    socket.onopen = () => this.#write(socket, { hello });
    socket.onmessage = (event: { data: unknown }) => {
      if (socket === this.#socket) this.#receive(String(event.data));
    };
    const onEnd = (): void => {
      if (socket === this.#socket) this.#lost();
    };
    socket.onclose = onEnd;
    socket.onerror = onEnd;
  }

  #write(socket: SocketLike, frame: ClientFrame): void {
    this.#lastSent = this.runtime.now();
    try {
      socket.send(JSON.stringify(frame));
    } catch {
      // A socket that cannot send any more reports its end by itself; what was sent is sent again then.
    }
  }

  #receive(data: string): void {
    this.#lastReceived = this.runtime.now();
    let frame: ServerFrame;
    try {
      frame = JSON.parse(data) as ServerFrame;
    } catch {
      return;
    }
    if (frame.welcome) this.#welcomed(frame.welcome);
    else if (frame.goAway) this.#goAway(frame.goAway);
    else if (frame.error) {
      if (frame.error.code === ErrorCode.unauthenticated) this.#rejected = true;
      this.events.onError(errorOf(frame.error));
      if (frame.error.close) this.#lost(frame.error.retryAfterMs);
    } else this.events.onFrame(frame);
  }

  #welcomed(welcome: Welcome): void {
    if (this.#state !== 'connecting') return;
    this.runtime.clearTimer(this.#handshakeTimer);
    this.#failures = 0;
    this.#rejected = false;
    this.#setState('online');
    this.#keepAlive(welcome.pingIntervalMs || DEFAULT_PING_MS);
    this.events.onWelcome(welcome);
  }

  #goAway({ reconnectAfterMs = 0 }: GoAway): void {
    // Up to a tenth later than asked for, so that the gateways' own spread is kept and never undercut. The gateway
    // serves on until then, or closes the socket: the time to come back is the same.
    const waitMs = reconnectAfterMs * (1 + this.runtime.random() / 10);
    this.runtime.clearTimer(this.#leaveTimer);
    this.#leaveAt = this.runtime.now() + waitMs;
    this.#leaveTimer = this.runtime.setTimer(() => this.#lost(0), waitMs);
    this.events.onGoAway();
  }

  #keepAlive(intervalMs: number): void {
    this.#pingTimer = this.runtime.setTimer(() => {
      const now = this.runtime.now();
      if (now - this.#lastReceived > 2 * intervalMs) return this.#lost(0);
      if (now - this.#lastSent >= intervalMs / 2) this.send({ ping: {} });
      this.#keepAlive(intervalMs);
    }, intervalMs / 2);
  }

  #lost(waitMs?: number): void {
    const askedMs = this.#leaveAt === undefined ? undefined : Math.max(0, this.#leaveAt - this.runtime.now());
    this.#release();
    this.#failures++;
    this.#setState('offline');
    this.runtime.clearTimer(this.#retryTimer);
    this.#retryTimer = this.runtime.setTimer(
      () => this.connectNow(),
      waitMs ?? askedMs ?? backoffMs(this.#failures, this.runtime.random()),
    );
  }

  #release(): void {
    this.#try++;
    this.runtime.clearTimer(this.#handshakeTimer);
    this.runtime.clearTimer(this.#pingTimer);
    this.runtime.clearTimer(this.#leaveTimer);
    this.#leaveAt = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #setState(state: ConnectionState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.events.onState(state);
  }
}
