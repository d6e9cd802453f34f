import { defineConfig } from '@parley/service';

/** Variables of the gateway beside those that every service has. */
export const gatewayConfig = defineConfig({
  PARLEY_HTTP_PORT: {
    type: 'integer',
    min: 0,
    max: 65535,
    default: 8080,
    doc: 'public HTTP and WebSocket port; 0: any free one',
  },
  PARLEY_GRPC_PORT: {
    type: 'integer',
    min: 0,
    max: 65535,
    default: 50051,
    doc: 'public gRPC port; 0: any free one',
  },
  PARLEY_PUBLIC_HOST: { type: 'string', default: '0.0.0.0', doc: 'address that the public ports listen on' },
  PARLEY_WEB_ROOT: {
    type: 'string',
    default: 'web',
    doc: 'folder of the web apps; served is <app>/dist of each',
  },
  PARLEY_SECRET: {
    secret: true,
    type: 'list',
    default: [],
    example: 'a-long-random-text',
    doc: 'secrets for tokens and sealed documents, the newest first; empty: one is made and kept in the documents',
  },
  PARLEY_SEED: {
    type: 'string',
    default: '',
    doc: 'tenants to make at the start: JSON, or names of files with it, separated by commas',
  },
  PARLEY_TRUST_PROXY: {
    type: 'boolean',
    default: false,
    doc: "take the caller's address from the last entry of x-forwarded-for",
  },
  PARLEY_SOCKET_RATE: {
    type: 'integer',
    min: 1,
    default: 200,
    doc: 'frames and calls a second of one session; twice that in a burst',
  },
  PARLEY_TENANT_RATE: {
    type: 'integer',
    min: 1,
    default: 20_000,
    doc: 'calls a second of one tenant at one gateway',
  },
  PARLEY_ANONYMOUS_RATE: {
    type: 'integer',
    min: 1,
    default: 200,
    doc: 'calls without a token a second from one address',
  },
  PARLEY_LOGIN_RATE: {
    type: 'integer',
    min: 1,
    default: 10,
    doc: 'logins a second from one address; five times that in a burst',
  },
  PARLEY_MAX_SOCKETS: { type: 'integer', min: 1, default: 20_000, doc: 'sockets that one gateway holds' },
  PARLEY_MAX_STREAMS: {
    type: 'integer',
    min: 1,
    default: 2000,
    doc: 'streams (gRPC or HTTP) that one gateway holds',
  },
});

const SHORTEST_SECRET = 16;

/** Throws with what to do when a configured secret is too short to protect anything. */
export const assertSecrets = (secrets: readonly string[]): void => {
  if (secrets.some((secret) => secret.length < SHORTEST_SECRET))
    throw new Error(`PARLEY_SECRET: every secret needs at least ${SHORTEST_SECRET} characters`);
};
