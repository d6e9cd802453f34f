import { LOG_LEVELS, type LogLevel } from '@parley/telemetry';
import { defineConfig, type ConfigOf, type Variable } from './config.js';

const address = (service: string, port: number) =>
  ({
    type: 'address',
    default: `127.0.0.1:${port}`,
    doc: `where the ${service} service answers gRPC`,
  }) as const satisfies Variable;

/** The variables every service reads. */
export const baseConfig = defineConfig({
  NATS_URL: {
    type: 'url',
    protocols: ['nats', 'tls'],
    default: 'nats://127.0.0.1:4222',
    example: 'nats://127.0.0.1:4222',
    doc: 'servers of the event log and message bus, separated by commas',
  },
  NATS_USER: { type: 'string', default: '', doc: "the service's NATS user; empty for none" },
  NATS_PASSWORD: { type: 'string', secret: true, default: '', doc: "the NATS user's password" },
  MONGODB_URL: {
    type: 'url',
    protocols: ['mongodb', 'mongodb+srv'],
    default: '',
    example: 'mongodb://127.0.0.1:27017/parley',
    doc: 'documents; empty: SQLite files in PARLEY_DATA',
  },
  PARLEY_DATA: {
    type: 'string',
    default: '.parley',
    example: '/var/lib/parley',
    doc: 'folder of the SQLite files',
  },
  PARLEY_PARTITIONS: {
    type: 'integer',
    min: 1,
    max: 1024,
    default: 4,
    doc: 'partitions of the conversation log; may be raised at any time; lower than the log has counts as what it has',
  },
  PARLEY_NATS_REPLICAS: {
    type: 'integer',
    min: 1,
    max: 5,
    default: 1,
    doc: 'copies of each stream; 3 in production',
  },
  PARLEY_ACCEPT_LOG_LOSS: {
    type: 'boolean',
    default: false,
    doc: 'starts although the log ends before what the documents have of it, and gives up what is missing; see operations',
  },
  PARLEY_SERVICE_HOST: {
    type: 'string',
    default: '127.0.0.1',
    example: '0.0.0.0',
    doc: 'address the internal gRPC and health ports listen on',
  },
  PARLEY_SERVICE_GRPC_PORT: {
    type: 'integer',
    min: 0,
    max: 65535,
    default: 0,
    doc: 'port for calls of other services; 0: any free one',
  },
  PARLEY_SERVICE_HTTP_PORT: {
    type: 'integer',
    min: 0,
    max: 65535,
    default: 0,
    doc: 'port of health and metrics; 0: any free one',
  },
  PARLEY_CONVERSATION_ADDRESS: address('conversation', 7102),
  PARLEY_ROUTING_ADDRESS: address('routing', 7103),
  PARLEY_PRESENCE_ADDRESS: address('presence', 7104),
  PARLEY_TRANSCRIPT_ADDRESS: address('transcript', 7105),
  PARLEY_ANALYTICS_ADDRESS: address('analytics', 7106),
  PARLEY_NOTIFICATION_ADDRESS: address('notification', 7107),
  PARLEY_GRPC_MAX_CONNECTION_AGE_MS: {
    type: 'integer',
    min: 1000,
    default: 300_000,
    doc: 'clients reconnect after this time, so that new instances get their share',
  },
  PARLEY_LOG_LEVEL: {
    type: 'choice',
    choices: LOG_LEVELS as readonly [LogLevel, ...LogLevel[]],
    default: 'info',
    example: 'debug',
    doc: 'least severe level that is logged',
  },
});

/** Values of the variables every service reads. */
export type BaseConfig = ConfigOf<typeof baseConfig.spec>;

/** gRPC address of each service, by the name that contracts give their owner. */
export const addressesOf = (config: BaseConfig): Readonly<Record<string, string>> => ({
  conversation: config.PARLEY_CONVERSATION_ADDRESS,
  routing: config.PARLEY_ROUTING_ADDRESS,
  presence: config.PARLEY_PRESENCE_ADDRESS,
  transcript: config.PARLEY_TRANSCRIPT_ADDRESS,
  analytics: config.PARLEY_ANALYTICS_ADDRESS,
  notification: config.PARLEY_NOTIFICATION_ADDRESS,
});
