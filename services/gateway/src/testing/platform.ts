import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HandlerTable } from '@parley/contracts';
import { openEventLog } from '@parley/eventlog';
import type { Bus } from '@parley/messaging';
import { defineConfig, startService, type Ownership, type RunningService } from '@parley/service';
import { gatewayConfig } from '../config.js';
import { buildGateway, type Gateway } from '../wiring/main.js';

export const PASSWORD = 'a long password';
export const IDENTITY_KEY = 'an-identity-key-of-at-least-32-characters';
export const KEY = 'pk_robot.0123456789abcdef0123456789abcdef';

const people = (tenant: string) =>
  [
    ['ada', 'admin'],
    ['sue', 'supervisor'],
    ['ann', 'agent'],
    ['bob', 'agent'],
  ].map(([userId, role]) => ({
    userId,
    role,
    name: `Name of ${userId}`,
    email: `${userId}@${tenant}.example`,
    password: PASSWORD,
  }));

const SEED = {
  tenants: ['acme', 'other'].map((tenant) => ({
    tenant,
    settings: { widget: { companyName: tenant }, allowedOrigins: [`https://shop.${tenant}.example`] },
    identityKey: IDENTITY_KEY,
    users: people(tenant),
    apiKeys:
      tenant === 'acme' ? [{ keyId: 'robot', name: 'Robot', scopes: ['conversation'], secret: KEY }] : [],
  })),
};

type Json = Record<string, unknown>;
export interface Answer {
  readonly status: number;
  readonly json: Json;
  readonly headers: Headers;
}

/** A gateway in this process, over a real NATS, with whatever else serves beside it. */
export interface TestGateway {
  readonly url: string;
  readonly grpcAddress: string;
  /** Of its documents: a second gateway that gets it as PARLEY_DATA serves the same tenants. */
  readonly folder: string;
  call(method: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Access token of a person of the seed. */
  token(userId: string, tenant?: string): Promise<string>;
  /** A new visitor. */
  visitor(tenant?: string): Promise<{ token: string; contactId: string }>;
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  readonly natsUrl: string;
  readonly env?: Record<string, string>;
  /** Handlers of the conversation service, made on its bus. */
  readonly conversation?: (bus: Bus) => HandlerTable;
  /** Handlers of the transcript service. */
  readonly transcript?: HandlerTable;
  /** Handlers of the routing service. */
  readonly routing?: (bus: Bus) => HandlerTable;
}

/** Starts a gateway for a spec. Documents go to a folder of its own. */
export const startGateway = async ({
  natsUrl,
  env,
  conversation,
  transcript,
  routing,
}: TestGatewayOptions): Promise<TestGateway> => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-gateway-'));
  const common = { NATS_URL: natsUrl, PARLEY_DATA: folder, PARLEY_LOG_LEVEL: 'error' };
  const serve = async (
    name: string,
    handlers: ((bus: Bus) => HandlerTable) | undefined,
  ): Promise<RunningService | undefined> =>
    handlers &&
    startService({
      name,
      config: defineConfig({}),
      env: common,
      build: async ({ bus }) => {
        // Whoever serves conversations has their log, whose partitions commands go to.
        await openEventLog({ bus, name: 'conversation', partitions: 4 });
        return { handlers: handlers(bus), membership: everything };
      },
    });
  const service = await serve('conversation', conversation);
  const transcriptService = await serve('transcript', transcript && (() => transcript));
  const routingService = await serve('routing', routing);
  let gateway: Gateway | undefined;
  const running = await startService({
    name: 'gateway',
    config: gatewayConfig,
    build: async (base) => (gateway = await buildGateway(base)),
    env: {
      ...common,
      PARLEY_HTTP_PORT: '0',
      PARLEY_GRPC_PORT: '0',
      PARLEY_PUBLIC_HOST: '127.0.0.1',
      PARLEY_SEED: JSON.stringify(SEED),
      PARLEY_CONVERSATION_ADDRESS: `127.0.0.1:${service?.grpcPort ?? (await closedPort())}`,
      ...(transcriptService ? { PARLEY_TRANSCRIPT_ADDRESS: `127.0.0.1:${transcriptService.grpcPort}` } : {}),
      ...env,
    },
  });
  const url = `http://127.0.0.1:${gateway?.ports.http}`;
  const call: TestGateway['call'] = async (method, body, headers = {}) => {
    const response = await fetch(`${url}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, json: (await response.json()) as Json, headers: response.headers };
  };
  return {
    url,
    folder,
    grpcAddress: `127.0.0.1:${gateway?.ports.grpc}`,
    call,
    token: async (userId, tenant = 'acme') => {
      const email = `${userId}@${tenant}.example`;
      const { json } = await call('parley.gateway.v1.AuthService/Login', {
        tenant,
        email,
        password: PASSWORD,
      });
      return (json['tokens'] as { accessToken: string }).accessToken;
    },
    visitor: async (tenant = 'acme') => {
      const { json } = await call('parley.gateway.v1.AuthService/StartVisitorSession', { tenant });
      return json as { token: string; contactId: string };
    },
    drain: async () => gateway?.drain?.(),
    stop: async () => {
      await running.stop();
      await service?.stop();
      await transcriptService?.stop();
      await routingService?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const everything: Ownership = {
  onChange: (listener) => void listener([0, 1, 2, 3], []),
  leave: async () => undefined,
};

const closedPort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 1;
};

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
