import type { Runtime, SocketLike } from '../runtime.js';

/** A runtime whose time moves only when told to. */
export interface ManualRuntime extends Runtime {
  /** Runs all timers that are due within `ms`, in order, letting promises settle in between. */
  advance(ms: number): Promise<void>;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A runtime for tests: virtual time from 1,000,000 ms, fixed chance, sockets from `openSocket`. */
export const manualRuntime = (openSocket: (url: string) => SocketLike): ManualRuntime => {
  let now = 1_000_000;
  let nextTimer = 1;
  const timers = new Map<number, { at: number; run: () => void }>();
  const nextDue = (until: number): number | undefined => {
    let due: number | undefined;
    for (const [id, { at }] of timers)
      if (at <= until && (due === undefined || at < (timers.get(due)?.at ?? Infinity))) due = id;
    return due;
  };
  return {
    now: () => now,
    random: () => 0.5,
    openSocket,
    setTimer: (run, ms) => {
      timers.set(nextTimer, { at: now + Math.max(0, ms), run });
      return nextTimer++;
    },
    clearTimer: (timer) => void timers.delete(timer as number),
    advance: async (ms) => {
      const until = now + ms;
      await settle();
      for (let due; (due = nextDue(until)) !== undefined; await settle()) {
        const timer = timers.get(due);
        timers.delete(due);
        if (!timer) continue;
        now = Math.max(now, timer.at);
        timer.run();
      }
      now = until;
    },
  };
};
