import { backoffMs } from '@parley/kernel';

/** Servers that start together with us find each other and elect a leader in this time. */
const STARTING_MS = 60_000;
const RETRY = { baseMs: 100, capMs: 2_000 };
/**
 * No answer (of which nats.js makes "not enabled", too), no leader, the servers of a stream away, or fewer servers known
 * than the copies that are asked for.
 */
const PASSING =
  /timeout|no responders|no answer|jetstream is not enabled|503|unavailable|no suitable peers|insufficient resources|no leader|stream is offline/i;

/** Does what makes streams as a process starts; again, for a minute, while the servers of NATS are not ready for it. */
export const whileStarting = async <T>(work: () => Promise<T>): Promise<T> => {
  const giveUpAt = Date.now() + STARTING_MS;
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!PASSING.test(textOf(error)) || Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, backoffMs(tries, RETRY)));
    }
  }
};

const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.name} ${error.message} ${textOf(error.cause ?? '')}` : String(error);
