import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ErrorCode, type ApiError } from '@parley/kernel';
import { decodeStatus } from '@parley/messaging';
import { startNats, type TestNats } from '@parley/testkit';
import { Conversations } from '../testing/conversations.js';
import { TestGrpc } from '../testing/grpc.js';
import { bearer, startGateway, type Answer, type TestGateway } from '../testing/platform.js';

const LIST = 'parley.conversation.v1.ConversationService/ListEvents';
const VISIT = 'parley.gateway.v1.AuthService/StartVisitorSession';
const REQUEST = { conversationId: '0-limits', afterVersion: 0, limit: 1 };
/** Far more than are let through at once. */
const MANY = 40;

jest.setTimeout(60_000);

let nats: TestNats;
let gateway: TestGateway;
let grpc: TestGrpc;
const conversations = new Conversations();

beforeAll(async () => void (nats = await startNats()));
afterAll(() => nats.stop());
afterEach(async () => {
  grpc.client.close();
  await gateway.stop();
});

const start = async (env: Record<string, string>): Promise<void> => {
  gateway = await startGateway({
    natsUrl: nats.url,
    env,
    conversation: (bus) => conversations.handlers(bus),
  });
  grpc = new TestGrpc(gateway.grpcAddress);
  for (const tenant of ['acme', 'other']) conversations.open(tenant, REQUEST.conversationId, 'somebody');
};

const byHttp = (token: string): Promise<Answer> => gateway.call(LIST, REQUEST, bearer(token));
/** Undefined when it was answered. */
const byGrpc = (token: string): Promise<ApiError | undefined> =>
  grpc.call(LIST, REQUEST, token).then(
    () => undefined,
    (error: { metadata: { get(key: string): unknown[] } }) =>
      decodeStatus(error.metadata.get('grpc-status-details-bin')[0] as Buffer),
  );

/** Some were let through; the others heard who is too fast, and when to come again. */
const expectSlowed = (answers: readonly Answer[], who: string): void => {
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(answers.length);
  for (const { status, json, headers } of refused) {
    expect({ status, json }).toMatchObject({
      status: 429,
      json: { reason: 'RATE_LIMITED', detail: expect.stringContaining(who) },
    });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
};
const expectRefused = (outcomes: readonly (ApiError | undefined)[], who: string): void => {
  const refused = outcomes.filter((outcome) => outcome !== undefined);
  expect(refused.length).toBeGreaterThan(0);
  for (const error of refused)
    expect(error).toMatchObject({
      code: ErrorCode.resourceExhausted,
      message: expect.stringContaining(who),
      details: { reason: 'RATE_LIMITED', retryAfterMs: expect.any(Number) },
    });
};

describe('rates', () => {
  it('hold for each session, over HTTP and gRPC together, and keep no other session waiting', async () => {
    await start({ PARLEY_SOCKET_RATE: '1' });
    const [ann, bob] = [await gateway.token('ann'), await gateway.token('bob')];
    expectSlowed(await Promise.all(Array.from({ length: MANY }, () => byHttp(ann))), 'this session');
    // What HTTP has spent is missing for gRPC.
    expectRefused(await Promise.all(Array.from({ length: MANY }, () => byGrpc(ann))), 'this session');
    expect((await byHttp(bob)).status).toBe(200);
    expect(await byGrpc(bob)).toBeUndefined();
  });

  it('hold for all sessions of a tenant together, and keep no other tenant waiting', async () => {
    await start({ PARLEY_TENANT_RATE: '1' });
    const [ann, ben, foreign] = await Promise.all([
      gateway.token('ann'),
      gateway.token('bob'),
      gateway.token('ann', 'other'),
    ]);
    const sessions = Array.from({ length: MANY }, (_, i) => (i % 2 === 0 ? ann : ben));
    expectSlowed(await Promise.all(sessions.map(byHttp)), 'this tenant');
    expectRefused(await Promise.all(sessions.map(byGrpc)), 'this tenant');
    expect((await byHttp(foreign)).status).toBe(200);
    expect(await byGrpc(foreign)).toBeUndefined();
  });

  it('hold for each caller behind a trusted proxy, over HTTP and gRPC, and not for the proxy', async () => {
    await start({ PARLEY_ANONYMOUS_RATE: '1', PARLEY_TRUST_PROXY: 'true' });
    const [one, other] = [{ 'x-forwarded-for': '192.0.2.1' }, { 'x-forwarded-for': '192.0.2.2' }];
    const visit = { tenant: 'acme' };
    const arrive = (headers: Record<string, string>): Promise<Answer> => gateway.call(VISIT, visit, headers);
    const byGrpcFrom = (headers: Record<string, string>): Promise<unknown> =>
      grpc.call(VISIT, visit, undefined, headers).then(
        () => undefined,
        ({ code }: { code: number }) => code,
      );
    expectSlowed(await Promise.all(Array.from({ length: MANY }, () => arrive(one))), 'this address');
    expect(await Promise.all(Array.from({ length: MANY }, () => byGrpcFrom(one)))).toContain(
      ErrorCode.resourceExhausted,
    );
    expect((await arrive(other)).status).toBe(200);
    expect(await byGrpcFrom(other)).toBeUndefined();
  });
});
