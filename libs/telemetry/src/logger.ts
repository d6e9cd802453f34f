import {
  pino,
  type Bindings,
  type ChildLoggerOptions,
  type DestinationStream,
  type Logger as PinoLogger,
} from 'pino';
import { contextFields } from './log-context.js';
import { redactFields, scrubLine } from './redaction.js';

export type Logger = PinoLogger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * JSON logs, one object a line, to stdout unless told otherwise. Fields that may hold personal content or secrets are
 * redacted by name at any depth; never put such content into the message. Lines carry the trace, tenant and conversation
 * that are worked on (`concerning`). `setLogLevel` changes the level while running.
 */
export const createLogger = (
  service: string,
  { level = 'info', destination }: { level?: LogLevel; destination?: DestinationStream } = {},
): Logger => {
  const logger = pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (object) => redactFields(object),
        bindings: (bindings) => redactFields(bindings),
      },
      // Errors are made readable where fields are redacted; pino's own way would tell all they hold.
      serializers: { err: (value: unknown) => value },
      mixin: contextFields,
      hooks: { streamWrite: scrubLine },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
  // pino gives the bindings of children to no formatter. Children inherit what is set here.
  const childOf = Reflect.get(logger, 'child') as unknown as (
    this: Logger,
    bindings: Bindings,
    options?: ChildLoggerOptions,
  ) => Logger;
  const redactedChild = function (this: Logger, bindings: Bindings, options?: ChildLoggerOptions): Logger {
    return track(childOf.call(this, redactFields(bindings), options));
  };
  Object.defineProperty(logger, 'child', { value: redactedChild });
  return track(logger);
};

const loggers = new Set<WeakRef<Logger>>();
const forgotten = new FinalizationRegistry<WeakRef<Logger>>((reference) => loggers.delete(reference));

const track = (logger: Logger): Logger => {
  const reference = new WeakRef(logger);
  loggers.add(reference);
  forgotten.register(logger, reference);
  return logger;
};

/** Changes the level of every logger made by createLogger in this process, and of their children. */
export const setLogLevel = (level: LogLevel): void => {
  for (const reference of loggers) {
    const logger = reference.deref();
    if (logger) logger.level = level;
  }
};
