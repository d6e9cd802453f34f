import type { Session } from '../edge/call.js';

/** Bytes waiting for a slow reader before it is sent away; it resumes by version. */
export const MOST_WAITING = 1024 * 1024;

/** What the feeds need to know of a socket. */
export interface SocketPort {
  readonly id: string;
  readonly session: Session;
  readonly open: boolean;
  /** Sends a frame, or closes the socket when its client reads too slowly. */
  send(frame: string): void;
  /**
   * Sends a page of a history once those before it have left: a socket that has much to catch up with is not one that
   * reads slowly. `frame` is asked for then; undefined: it is no longer wanted. Resolves when the page has left, or
   * never will.
   */
  sendPage(frame: () => string | undefined): Promise<void>;
}

/** The transport below a connection (a `ws` socket). */
export interface Wire {
  readonly open: boolean;
  readonly waitingBytes: number;
  /** `sent` is called once the text has left, or cannot any more. */
  send(text: string, sent?: () => void): void;
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
