import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import { conversation, services, type HandlerTable } from '@parley/contracts';
import { openEventLog } from '@parley/eventlog';
import { ApiError, ErrorCode, isTransient, type RequestContext } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { createCaller, type ClosableCaller } from './caller.js';
import { defineConfig } from './config.js';
import { startService, type Built, type RunningService } from './start.js';

const NAME = 'parley.conversation.v1.ConversationService';
type Handler = (request: never, context: RequestContext) => Promise<unknown>;

/** Handlers of which only the given ones do anything. */
const table = (given: Record<string, Handler>): HandlerTable => {
  const refuse = async (): Promise<never> => {
    throw new ApiError(ErrorCode.unimplemented, 'not in this test');
  };
  const service = new Proxy({}, { get: (_, name) => given[String(name)] ?? refuse });
  return { [NAME]: service } as HandlerTable;
};

const context = (ms = 20_000): RequestContext => ({
  tenant: 'acme',
  principal: { role: 'agent', id: 'u1', name: 'Zoë' },
  deadline: Date.now() + ms,
});

const found = { conversation: conversation.Conversation.fromPartial({ conversationId: '1-a', version: 3 }) };
const read = conversation.GetConversationRequest.fromPartial({ conversationId: '1-a' });
const message = conversation.SendMessageRequest.fromPartial({
  conversationId: '1-a',
  messageId: 'm',
  text: 'x',
});

/** Owns partitions 0 to 3 for as long as it has not left. */
const ownsAll = (steps: string[] = []): NonNullable<Built['membership']> => ({
  onChange: (listener) => void listener([0, 1, 2, 3], []),
  leave: async () => void steps.push('membership'),
});

/** True once nobody listens on the port. */
const refuses = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (refused: boolean) => () => {
      socket.destroy();
      resolve(refused);
    };
    socket.once('connect', end(false)).once('error', end(true));
  });

describe('a service', () => {
  let nats: TestNats;
  let bus: Bus;
  const running: RunningService[] = [];
  const callers: ClosableCaller[] = [];

  const start = async (built: Built, env: Record<string, string> = {}): Promise<RunningService> => {
    const service = await startService({
      name: 'conversation',
      config: defineConfig({}),
      build: async () => built,
      env: { NATS_URL: nats.url, PARLEY_LOG_LEVEL: 'silent', ...env },
    });
    running.push(service);
    return service;
  };
  const callerOf = (port: number): ClosableCaller => {
    const caller = createCaller({
      bus,
      addresses: { conversation: `127.0.0.1:${port}` },
    });
    callers.push(caller);
    return caller;
  };

  beforeAll(async () => {
    nats = await startNats();
    bus = await connectBus({ url: nats.url, name: 'client' });
    await openEventLog({ bus, name: 'conversation', partitions: 4 });
  });
  afterEach(async () => {
    for (const caller of callers.splice(0)) caller.close();
    await Promise.all(running.splice(0).map((service) => service.stop()));
  });
  afterAll(async () => {
    await bus.drain();
    await nats.stop();
  });

  it('answers reads over gRPC and commands over NATS, with the context of the caller', async () => {
    const seen: RequestContext[] = [];
    const service = await start({
      membership: ownsAll(),
      handlers: table({
        getConversation: async (_, ctx) => (seen.push(ctx), found),
        sendMessage: async (_, ctx) => (seen.push(ctx), { version: 4, time: undefined }),
      }),
    });
    const client = callerOf(service.grpcPort).client(NAME);
    const ctx = context();
    expect(await client.getConversation(read, ctx)).toEqual(found);
    expect((await client.sendMessage(message, ctx)).version).toBe(4);
    for (const { tenant, principal } of seen)
      expect({ tenant, principal }).toEqual({ tenant: ctx.tenant, principal: ctx.principal });
    expect(seen).toHaveLength(2);
  });

  it('brings errors with violations and reasons through both transports', async () => {
    const details = {
      reason: 'NOPE',
      violations: [{ field: 'text', description: 'no' }],
      retryAfterMs: 1200,
    };
    const refuse: Handler = async () => {
      throw new ApiError(ErrorCode.failedPrecondition, 'No: do this first.', details);
    };
    const service = await start({
      membership: ownsAll(),
      handlers: table({ getConversation: refuse, sendMessage: refuse }),
    });
    const client = callerOf(service.grpcPort).client(NAME);
    const expected = { code: ErrorCode.failedPrecondition, message: 'No: do this first.', details };
    await expect(client.getConversation(read, context())).rejects.toMatchObject(expected);
    await expect(client.sendMessage(message, context())).rejects.toMatchObject(expected);
  });

  it('says for good that an answer is too large', async () => {
    const huge = conversation.Conversation.fromPartial({
      conversationId: '1-a',
      topic: 'x'.repeat(17 << 20),
    });
    const service = await start({
      handlers: table({ getConversation: async () => ({ conversation: huge }) }),
    });
    const failure = await callerOf(service.grpcPort)
      .client(NAME)
      .getConversation(read, context())
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: ErrorCode.outOfRange, details: { reason: 'MESSAGE_TOO_LARGE' } });
    expect(isTransient(failure)).toBe(false);
  });

  it('hides unknown errors of reads, and ends reads at their deadline', async () => {
    const service = await start({
      handlers: table({
        getConversation: () => Promise.reject(new Error('secret')),
        listInbox: () => new Promise(() => undefined),
      }),
    });
    const client = callerOf(service.grpcPort).client(NAME);
    const error = await client.getConversation(read, context()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: ErrorCode.internal });
    expect(String(error)).not.toContain('secret');
    const inbox = conversation.ListInboxRequest.fromPartial({});
    await expect(client.listInbox(inbox, context(200))).rejects.toMatchObject({
      code: ErrorCode.deadlineExceeded,
    });
  });

  it('refuses callers without a context, and roles that the contract does not name', async () => {
    const service = await start({ handlers: table({ listInbox: async () => ({}) }) });
    const client = callerOf(service.grpcPort).client(NAME);
    const visitor = { ...context(), principal: { role: 'visitor', id: 'c1' } } as const;
    const inbox = conversation.ListInboxRequest.fromPartial({});
    await expect(client.listInbox(inbox, visitor)).rejects.toMatchObject({
      code: ErrorCode.permissionDenied,
    });
    const Raw = grpc.makeGenericClientConstructor(services[NAME].grpc, 'raw');
    const raw = new Raw(`127.0.0.1:${service.grpcPort}`, grpc.credentials.createInsecure());
    const code = await new Promise((resolve) => {
      const list = (
        raw as unknown as Record<string, (r: unknown, cb: (e: grpc.ServiceError) => void) => void>
      )['listInbox']!;
      list.call(raw, inbox, (error) => resolve(error.code));
    });
    expect(code).toBe(grpc.status.UNAUTHENTICATED);
    raw.close();
  });

  it('lets a read wait for a service that comes late', async () => {
    const first = await start({ handlers: table({}) });
    const port = first.grpcPort;
    await first.stop();
    const answer = callerOf(port).client(NAME).getConversation(read, context(15_000));
    await start(
      { handlers: table({ getConversation: async () => found }) },
      {
        PARLEY_SERVICE_GRPC_PORT: String(port),
      },
    );
    expect(await answer).toEqual(found);
  });

  it('tells liveness, readiness with its reasons, metrics, and changes the log level', async () => {
    let broken = true;
    const service = await start({
      handlers: table({}),
      readiness: {
        documents: async () => {
          if (broken) throw new Error('disk is full');
        },
      },
    });
    const url = `http://127.0.0.1:${service.httpPort}`;
    const ready = await fetch(`${url}/healthz/ready`);
    // All instances share what they depend on: none leaves its service for it.
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      ready: true,
      checks: { serving: 'ok', bus: 'ok', documents: 'disk is full' },
    });
    broken = false;
    expect(await (await fetch(`${url}/healthz/ready`)).json()).toMatchObject({ checks: { documents: 'ok' } });
    expect((await fetch(`${url}/healthz/live`)).status).toBe(200);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('parley_bus_connected 1');
    expect((await fetch(`${url}/loglevel?level=loud`, { method: 'POST' })).status).toBe(400);
    expect((await fetch(`${url}/loglevel?level=silent`, { method: 'POST' })).status).toBe(200);
    // A page that a browser on this host shows.
    const page = { method: 'POST', headers: { origin: 'http://shop.example' } };
    expect((await fetch(`${url}/loglevel?level=trace`, page)).status).toBe(403);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
  });

  it('drains in order and loses no request that is under way', async () => {
    const steps: string[] = [];
    const pending: (() => void)[] = [];
    const slowly =
      (step: string, answer: unknown): Handler =>
      () =>
        new Promise((resolve) => pending.push(() => (steps.push(step), resolve(answer))));
    const service = await start({
      membership: ownsAll(steps),
      handlers: table({
        getConversation: slowly('read', found),
        sendMessage: slowly('command', { version: 4, time: undefined }),
      }),
      drain: async () => {
        steps.push('service');
        expect((await service.readiness()).checks['serving']).toBe('starting or draining');
      },
    });
    const client = callerOf(service.grpcPort).client(NAME);
    const answers = Promise.all([
      client.getConversation(read, context()),
      client.sendMessage(message, context()),
    ]);
    await eventually(() => pending.length === 2);
    const stopped = service.stop();
    await eventually(() => steps.includes('service'));
    for (const finish of pending) finish();
    expect(await answers).toHaveLength(2);
    await stopped;
    expect(steps.slice(0, 2)).toEqual(['membership', 'service']);
    expect(steps).toHaveLength(4);
    await expect(fetch(`http://127.0.0.1:${service.httpPort}/healthz/live`)).rejects.toThrow();
  });

  it('carries commands out until the last read is answered', async () => {
    const steps: string[] = [];
    const arrived = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const service = await start({
      membership: ownsAll(steps),
      handlers: table({
        getConversation: async () => {
          arrived.resolve();
          await held.promise;
          steps.push('read');
          return found;
        },
        sendMessage: async () => (steps.push('command'), { version: 4, time: undefined }),
      }),
      drain: async () => void steps.push('service'),
    });
    const client = callerOf(service.grpcPort).client(NAME);
    const answer = client.getConversation(read, context());
    await arrived.promise;
    const stopped = service.stop();
    // From here on gRPC only finishes what it has.
    await eventually(() => refuses(service.grpcPort));
    expect((await client.sendMessage(message, context())).version).toBe(4);
    held.resolve();
    expect(await answer).toEqual(found);
    await stopped;
    expect(steps).toEqual(['membership', 'service', 'command', 'read']);
  });

  it('lets go of everything when it cannot start', async () => {
    const first = await start({ handlers: table({}) });
    await expect(
      start({ handlers: table({}) }, { PARLEY_SERVICE_HTTP_PORT: String(first.httpPort) }),
    ).rejects.toThrow(/health cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/);
    await expect(
      start({ handlers: table({}) }, { PARLEY_SERVICE_GRPC_PORT: String(first.grpcPort) }),
    ).rejects.toThrow(/gRPC cannot listen on 127\.0\.0\.1/);
  });
});
