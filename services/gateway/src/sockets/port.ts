import type { Session } from '../edge/call.js';

/** What the feeds need to know of a socket. */
export interface SocketPort {
  readonly id: string;
  readonly session: Session;
  readonly open: boolean;
  /** Sends a frame, or closes the socket when its client reads too slowly. */
  send(frame: string): void;
}

/** The transport below a connection (a `ws` socket). */
export interface Wire {
  readonly open: boolean;
  readonly waitingBytes: number;
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** Told of sessions as presence counts them. */
export interface SessionListener {
  opened(socket: SocketPort, conversationId: string): void;
  /** Somebody touched an agent's desk at `at` (ms), and is away when nobody does for so long; 0: never. */
  active(socket: SocketPort, at: number, awayAfterSeconds: number): void;
  closed(socket: SocketPort): void;
}

/** Where a socket comes from. */
export interface Peer {
  readonly origin?: string;
  readonly host?: string;
  readonly remote: string;
}
