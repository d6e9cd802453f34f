import { LogLossError } from '@parley/eventlog';
import { whileStarting } from '@parley/messaging';
import type { Logger } from '@parley/telemetry';
import type { Startable } from './parked.js';

/**
 * Rejects with LogLossError when a log ends before what the documents of a consumer have of it, unless that is accepted:
 * then the consumers start over with what there is.
 */
export const requireWholeLogs = async (
  consumers: readonly Startable[],
  accepted: boolean,
  logger: Logger,
): Promise<void> => {
  for (const consumer of consumers) {
    if (accepted) consumer.acceptLosses();
    const losses = await whileStarting(() => consumer.losses());
    if (losses.length === 0) continue;
    const error = new LogLossError(consumer.log, consumer.name, losses);
    if (!accepted) {
      logger.fatal({ log: consumer.log, projection: consumer.name, losses }, error.message);
      throw error;
    }
    logger.warn(
      { log: consumer.log, projection: consumer.name, losses },
      'what the log has lost is given up: unset PARLEY_ACCEPT_LOG_LOSS once this has run',
    );
  }
};
