import {
  pino,
  type Bindings,
  type ChildLoggerOptions,
  type DestinationStream,
  type Logger as PinoLogger,
} from 'pino';

export type Logger = PinoLogger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Names of fields whose values never reach a log, at any depth. */
const PERSONAL =
  /^(text|html|body|note|email|emails|phone|name|displayname|ip|useragent|prechat|token|accesstoken|refreshtoken|password|passwordhash|secret|signature|authorization|cookie|apikey|jwt)$/;
const REDACTED = '[redacted]';
const DEEPEST = 8;

const redact = (value: unknown, depth: number): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error || value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth > DEEPEST) return '[too deep]';
  if (Array.isArray(value)) return value.map((entry) => redact(entry, depth + 1));
  return redactFields(value as Record<string, unknown>, depth);
};

const redactFields = (object: Record<string, unknown>, depth: number): Record<string, unknown> => {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object))
    out[key] = PERSONAL.test(key.toLowerCase().replaceAll(/[_-]/g, '')) ? REDACTED : redact(value, depth + 1);
  return out;
};

/**
 * JSON logs, one object a line, to stdout unless told otherwise. Fields that may hold personal content or secrets are
 * redacted by name at any depth; never put such content into the message. `setLogLevel` changes the level while running.
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
        log: (object) => redactFields(object, 0),
        bindings: (bindings) => redactFields(bindings, 0),
      },
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
    return track(childOf.call(this, redactFields(bindings, 0), options));
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
