import { LogLossError } from '@parley/eventlog';
import { StoreError } from '@parley/store';
import { metrics, stopTracing } from '@parley/telemetry';
import { ConfigError, type ConfigSpec } from './config.js';
import { startService, type RunningService, type ServiceOptions } from './start.js';

const DRAIN_MS = 25_000;
/** Of sysexits.h: a restart does not help, somebody must change the configuration or mend the store first. */
const EXIT_CONFIG = 78;

/**
 * Runs a service as this process: starts it, serves until SIGTERM or SIGINT, drains for 25 s at most, exits 0. A second
 * signal exits at once. Exits 78 on a wrong configuration, a store that is damaged or not writable, or a log that has lost
 * what documents have; 1 when it cannot start or on an uncaught error (whoever supervises it restarts it).
 */
export const runService = async <S extends ConfigSpec>(options: ServiceOptions<S>): Promise<void> => {
  metrics.collectProcessMetrics();
  let service: RunningService | undefined;
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) process.exit(1);
    stopping = true;
    if (!service) process.exit(0);
    service.logger.info({ signal }, 'draining');
    void exitAfter(service.stop(), service);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const crash = (error: unknown): void => {
    if (service) service.logger.fatal({ err: error }, 'uncaught error');
    else console.error(error);
    process.exit(exitCodeOf(error));
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  try {
    service = await startService(options);
  } catch (error) {
    console.error(`${options.name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(exitCodeOf(error));
  }
};

const exitCodeOf = (error: unknown): number => {
  const mustBeMended =
    error instanceof ConfigError ||
    error instanceof LogLossError ||
    (error instanceof StoreError && (error.reason === 'CORRUPT' || error.reason === 'NOT_WRITABLE'));
  return mustBeMended ? EXIT_CONFIG : 1;
};

const exitAfter = async (stopped: Promise<void>, service: RunningService): Promise<void> => {
  const late = setTimeout(() => {
    service.logger.warn({ seconds: DRAIN_MS / 1000 }, 'draining took too long');
    process.exit(0);
  }, DRAIN_MS);
  try {
    await stopped;
  } catch (error) {
    service.logger.error({ err: error }, 'draining failed');
  }
  await stopTracing();
  clearTimeout(late);
  process.exit(0);
};
