/** What the client needs of the world around it; tests pass their own. */
export interface Runtime {
  /** Milliseconds since the epoch. */
  now(): number;
  setTimer(run: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
  /** From 0 up to 1. */
  random(): number;
  openSocket(url: string): SocketLike;
}

/** The part of a WebSocket that the client uses. */
export interface SocketLike {
  send(data: string): void;
  close(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
}

/** The clock, the chance and the WebSocket of this browser or Node. */
export const platformRuntime: Runtime = {
  now: () => Date.now(),
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  random: () => Math.random(),
  openSocket: (url) => new WebSocket(url),
};

/** The wait in ms before try `attempt` (from 1): grows from 0.3 s to 15 s, jittered by `random` (0 to 1). */
export const backoffMs = (attempt: number, random: number): number =>
  Math.min(15_000, 300 * 2 ** Math.min(attempt - 1, 10)) * (0.5 + random / 2);
