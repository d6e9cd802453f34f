import type { Session } from '../edge/call.js';

/** What the feeds need to know of a socket. */
export interface SocketPort {
  readonly id: string;
  readonly session: Session;
  readonly open: boolean;
  /** Sends a frame, or closes the socket when its client reads too slowly. */
  send(frame: string): void;
}
