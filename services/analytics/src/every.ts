import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@parley/telemetry';

export interface Repeated {
  /** Resolves once no run is under way and none will begin. */
  stop(): Promise<void>;
}

/** Runs `work` again and again, this long after the last run has ended; a failure is logged and tried again. */
export const every = (ms: number, work: () => Promise<void>, what: string, logger: Logger): Repeated => {
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await work().catch((error: unknown) => logger.error({ err: error }, `${what} failed; again soon`));
      await pause(ms, undefined, { signal: stopping.signal }).catch(() => undefined); // stopped
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};
