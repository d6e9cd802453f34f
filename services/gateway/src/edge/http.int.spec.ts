import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SignJWT } from 'jose';
import { metrics } from '@parley/telemetry';
import { startNats, type TestNats } from '@parley/testkit';
import { Conversations } from '../testing/conversations.js';
import { bearer, IDENTITY_KEY, KEY, PASSWORD, startGateway, type TestGateway } from '../testing/platform.js';

const AUTH = 'parley.gateway.v1.AuthService';
const TENANT = 'parley.gateway.v1.TenantService';
const CONVERSATION = 'parley.conversation.v1.ConversationService';

jest.setTimeout(60_000);

let nats: TestNats;
let gateway: TestGateway;
const conversations = new Conversations();

beforeAll(async () => {
  nats = await startNats();
  gateway = await startGateway({ natsUrl: nats.url, conversation: (bus) => conversations.handlers(bus) });
});
afterAll(async () => {
  await gateway.stop();
  await nats.stop();
});

const login = (userId: string, password = PASSWORD, tenant = 'acme') =>
  gateway.call(`${AUTH}/Login`, { tenant, email: `${userId}@${tenant}.example`, password });

describe('methods over HTTP', () => {
  it('names what is wrong with a request', async () => {
    const unknown = await gateway.call('parley.nothing.v1.Nothing/Do', {});
    expect(unknown).toMatchObject({ status: 404, json: { reason: 'NO_SUCH_METHOD' } });
    expect(unknown.headers.get('content-type')).toBe('application/problem+json');

    const malformed = await gateway.call(`${AUTH}/Login`, '{"tenant": }');
    expect(malformed).toMatchObject({
      status: 400,
      json: { detail: expect.stringContaining('position 11') },
    });

    const invalid = await gateway.call(`${AUTH}/Login`, { tenant: 'a.*', email: 1, passwort: 'x' });
    expect(invalid.status).toBe(400);
    const fields = (invalid.json['violations'] as { field: string }[]).map((violation) => violation.field);
    expect(fields.toSorted()).toEqual(['email', 'password', 'passwort', 'tenant']);

    const large = await gateway.call(`${AUTH}/Login`, JSON.stringify({ tenant: 'x'.repeat(140_000) }));
    expect(large).toMatchObject({ status: 413, json: { reason: 'REQUEST_TOO_LARGE' } });
  });

  it('are counted by method and code, what does not exist together', async () => {
    const counted = async (method: string, code: string): Promise<number> => {
      const { values } = await metrics.counter('rpcServerRequests').get();
      const labels = { transport: 'http', method, code };
      return (
        values.find((each) => Object.entries(labels).every(([k, v]) => each.labels[k as 'code'] === v))
          ?.value ?? 0
      );
    };
    const before = await counted(`${AUTH}/Login`, 'ok');
    await login('ada');
    expect(await counted(`${AUTH}/Login`, 'ok')).toBe(before + 1);
    const refused = await counted(`${AUTH}/Login`, 'unauthenticated');
    await login('ada', 'not the password');
    expect(await counted(`${AUTH}/Login`, 'unauthenticated')).toBe(refused + 1);
    const unknown = await counted('none', 'not_found');
    await gateway.call('parley.nothing.v1.Nothing/Other', {});
    expect(await counted('none', 'not_found')).toBe(unknown + 1);
  });

  it('takes JSON by POST and nothing else', async () => {
    const get = await fetch(`${gateway.url}/${AUTH}/Login`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    const text = await fetch(`${gateway.url}/${AUTH}/Login`, { method: 'POST', body: '{}' });
    expect(text.status).toBe(415);
    const post = await fetch(`${gateway.url}/readyz`, { method: 'POST' });
    expect(post.status).toBe(405);
  });

  it('does not know internal methods', async () => {
    const body = { partition: 0, conversationIds: [] };
    const answer = await gateway.call(
      'parley.conversation.v1.ConversationInternalService/GetHeads',
      body,
      bearer(KEY),
    );
    expect(answer).toMatchObject({ status: 404, json: { reason: 'NO_SUCH_METHOD' } });
  });

  it('tells roles apart', async () => {
    const visitor = await gateway.visitor();
    expect(await gateway.call(`${TENANT}/ListUsers`, {})).toMatchObject({
      status: 401,
      json: { reason: 'NO_TOKEN' },
    });
    expect(await gateway.call(`${TENANT}/ListUsers`, {}, bearer(visitor.token))).toMatchObject({
      status: 403,
      json: { reason: 'ROLE_NOT_ALLOWED' },
    });
    expect(await gateway.call(`${TENANT}/ListUsers`, {}, { authorization: 'Basic eA==' })).toMatchObject({
      status: 401,
      json: { reason: 'MALFORMED_AUTHORIZATION' },
    });
    expect(await gateway.call(`${TENANT}/ListUsers`, {}, bearer('x.y.z'))).toMatchObject({ status: 401 });
  });

  it('keeps API keys to their scopes', async () => {
    conversations.open('acme', '0-scoped', 'c1');
    const events = await gateway.call(
      `${CONVERSATION}/ListEvents`,
      { conversationId: '0-scoped' },
      bearer(KEY),
    );
    expect(events).toMatchObject({ status: 200, json: { headVersion: 1 } });
    const users = await gateway.call(`${TENANT}/ListUsers`, {}, bearer(KEY));
    expect(users).toMatchObject({ status: 403, json: { reason: 'SCOPE_MISSING' } });
    expect(await gateway.call(`${TENANT}/ListUsers`, {}, bearer(`${KEY}x`))).toMatchObject({ status: 401 });
  });

  it('says which services are missing', async () => {
    const response = await fetch(`${gateway.url}/readyz`);
    const body = (await response.json()) as { services: Record<string, string> };
    expect(response.status).toBe(503);
    expect(body.services).toMatchObject({ conversation: 'ok', nats: 'ok' });
    expect(body.services['routing']).not.toBe('ok');
    expect((await fetch(`${gateway.url}/healthz/ready`)).status).toBe(200);
  });
});

describe('origins', () => {
  const start = (origin: string) =>
    gateway.call(`${AUTH}/StartVisitorSession`, { tenant: 'acme' }, { origin });

  it('lets the listed pages in, and no others', async () => {
    const good = await start('https://shop.acme.example');
    expect(good.status).toBe(200);
    expect(good.headers.get('access-control-allow-origin')).toBe('https://shop.acme.example');
    const bad = await start('https://shop.other.example');
    expect(bad).toMatchObject({ status: 403, json: { reason: 'ORIGIN_NOT_ALLOWED' } });
    expect(bad.headers.get('access-control-allow-origin')).toBeNull();
    expect((await start('null')).status).toBe(403);
    expect((await start(gateway.url)).status).toBe(200);
  });

  it('answers preflights of listed origins', async () => {
    const preflight = async (origin: string) =>
      (
        await fetch(`${gateway.url}/${AUTH}/StartVisitorSession`, { method: 'OPTIONS', headers: { origin } })
      ).headers.get('access-control-allow-origin');
    expect(await preflight('https://shop.acme.example')).toBe('https://shop.acme.example');
    expect(await preflight('https://evil.example')).toBeNull();
  });
});

describe('people', () => {
  it('log in with their password only, with one answer to every mistake', async () => {
    const good = await login('ann');
    expect(good).toMatchObject({ status: 200, json: { user: { userId: 'ann', role: 'agent' } } });
    const wrong = await login('ann', 'another password');
    const unknown = await login('nobody');
    expect(wrong).toMatchObject({ status: 401, json: { reason: 'WRONG_CREDENTIALS' } });
    expect(unknown.json).toEqual(wrong.json);
  });

  it('are slowed down after five wrong passwords', async () => {
    for (let i = 0; i < 5; i++) expect((await login('bob', 'wrong password')).status).toBe(401);
    const blocked = await login('bob');
    expect(blocked).toMatchObject({ status: 429, json: { reason: 'TOO_MANY_FAILED_LOGINS' } });
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('are slowed down also when they guess with many at once', async () => {
    const guesses = Array.from({ length: 30 }, (_, i) => login('eve', `guess number ${i}`));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(25);
  });

  it('refresh once, and again when the answer was lost; later that ends the session', async () => {
    const { json } = await login('ann');
    const { refreshToken } = json['tokens'] as { refreshToken: string };
    const refresh = (token: string) => gateway.call(`${AUTH}/RefreshToken`, { refreshToken: token });
    expect((await refresh(refreshToken)).status).toBe(200);
    const again = await refresh(refreshToken);
    expect(again.status).toBe(200);
    const second = again.json['tokens'] as { accessToken: string; refreshToken: string };
    expect((await gateway.call(`${TENANT}/GetTenant`, {}, bearer(second.accessToken))).status).toBe(200);
    expect((await refresh(second.refreshToken)).status).toBe(200);
    expect(await refresh(refreshToken)).toMatchObject({
      status: 401,
      json: { reason: 'REFRESH_TOKEN_REUSED' },
    });
    expect(await gateway.call(`${TENANT}/GetTenant`, {}, bearer(second.accessToken))).toMatchObject({
      status: 401,
      json: { reason: 'SESSION_ENDED' },
    });
    expect((await gateway.call(`${TENANT}/GetTenant`, {}, bearer(refreshToken))).status).toBe(401);
  });

  it('are logged out at once when they log out or are disabled', async () => {
    const token = await gateway.token('sue');
    expect((await gateway.call(`${AUTH}/Logout`, {}, bearer(token))).status).toBe(200);
    expect((await gateway.call(`${TENANT}/GetTenant`, {}, bearer(token))).status).toBe(401);
    const second = await gateway.token('sue');
    const admin = bearer(await gateway.token('ada'));
    const disabled = await gateway.call(`${TENANT}/UpdateUser`, { userId: 'sue', disabled: true }, admin);
    expect(disabled).toMatchObject({ status: 200, json: { user: { disabled: true } } });
    expect((await gateway.call(`${TENANT}/GetTenant`, {}, bearer(second))).status).toBe(401);
    expect((await login('sue')).status).toBe(401);
  });
});

describe('visitors', () => {
  const sign = (claims: Record<string, unknown>, key = IDENTITY_KEY, alg = 'HS256') =>
    new SignJWT(claims)
      .setProtectedHeader({ alg })
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(key));

  it('stay who they are with their token', async () => {
    const first = await gateway.visitor();
    const again = await gateway.call(`${AUTH}/StartVisitorSession`, { tenant: 'acme', token: first.token });
    expect(again.json['contactId']).toBe(first.contactId);
    const elsewhere = await gateway.call(`${AUTH}/StartVisitorSession`, {
      tenant: 'other',
      token: first.token,
    });
    expect(elsewhere.json['contactId']).not.toBe(first.contactId);
  });

  it('are identified by a signed token, which ends the anonymous session', async () => {
    const { token } = await gateway.visitor();
    const jwt = await sign({ sub: 'customer-7', name: 'Vera' });
    const answer = await gateway.call(`${AUTH}/IdentifyVisitor`, { jwt }, bearer(token));
    expect(answer).toMatchObject({
      status: 200,
      json: { contactId: 'known-customer-7', openConversationId: '0-open' },
    });
    expect(await gateway.call(`${AUTH}/IdentifyVisitor`, { jwt }, bearer(token))).toMatchObject({
      status: 401,
      json: { reason: 'SESSION_ENDED' },
    });
    // Who never got the answer starts anew and is the same person by the same word.
    const next = await gateway.call(`${AUTH}/StartVisitorSession`, { tenant: 'acme', token });
    expect(next).toMatchObject({ status: 200 });
    expect(
      await gateway.call(`${AUTH}/IdentifyVisitor`, { jwt }, bearer(String(next.json['token']))),
    ).toMatchObject({ status: 200, json: { contactId: answer.json['contactId'] } });
  });

  it('are not identified by any other token', async () => {
    const { token } = await gateway.visitor();
    const identify = async (jwt: string) =>
      (await gateway.call(`${AUTH}/IdentifyVisitor`, { jwt }, bearer(token))).json['reason'];
    const none = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"x","exp":9999999999}')}.`.replaceAll('=', '');
    const endless = await new SignJWT({ sub: 'x' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(IDENTITY_KEY));
    expect(await identify(await sign({ sub: 'x' }, 'another key that is 32 characters long'))).toBe(
      'IDENTITY_NOT_PROVEN',
    );
    expect(await identify(await sign({ sub: 'x' }, IDENTITY_KEY, 'HS512'))).toBe('IDENTITY_NOT_PROVEN');
    expect(await identify(await sign({}))).toBe('IDENTITY_NOT_PROVEN');
    expect(await identify(endless)).toBe('IDENTITY_NOT_PROVEN');
    expect(await identify(none)).toBe('IDENTITY_NOT_PROVEN');
  });
});
