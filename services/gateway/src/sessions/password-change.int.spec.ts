import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { bearer, KEY, PASSWORD, startGateway, type Answer, type TestGateway } from '../testing/platform.js';
import { TestSocket } from '../testing/socket.js';

const AUTH = 'parley.gateway.v1.AuthService';
const TENANT = 'parley.gateway.v1.TenantService';
const NEW = 'another long password';

jest.setTimeout(60_000);

let nats: TestNats;
let gateway: TestGateway;
beforeAll(async () => {
  nats = await startNats();
  gateway = await startGateway({ natsUrl: nats.url, env: { PARLEY_LOGIN_RATE: '1000' } });
});
afterAll(async () => {
  await gateway.stop();
  await nats.stop();
});

const change = (token: string, currentPassword: string, newPassword: string): Promise<Answer> =>
  gateway.call(`${AUTH}/ChangePassword`, { currentPassword, newPassword }, bearer(token));

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}
const logIn = (userId: string, password: string): Promise<Answer> =>
  gateway.call(`${AUTH}/Login`, { tenant: 'acme', email: `${userId}@acme.example`, password });
const tokensOf = async (userId: string, password: string): Promise<Tokens> =>
  (await logIn(userId, password)).json['tokens'] as Tokens;
const refresh = ({ refreshToken }: Tokens): Promise<Answer> =>
  gateway.call(`${AUTH}/RefreshToken`, { refreshToken });
/** What stands in the audit log of a tenant, as text and entry by entry. */
const audit = async (): Promise<{ text: string; entries: { actor: { id: string }; event: object }[] }> => {
  const { json } = await gateway.call(
    `${TENANT}/ListAuditLog`,
    { limit: 1000 },
    bearer(await gateway.token('ada')),
  );
  return { text: JSON.stringify(json), entries: json['entries'] as never };
};

describe('a person’s own password', () => {
  it('is changed by who knows it; every other session ends, in sockets too, and it stands in the audit log', async () => {
    const here = await tokensOf('ann', PASSWORD);
    const there = await tokensOf('ann', PASSWORD);
    const socket = await TestSocket.hello(gateway.url, there.accessToken);
    expect(await change(here.accessToken, PASSWORD, NEW)).toMatchObject({ status: 200, json: {} });
    expect((await socket.end()).reason).toBe('SESSION_ENDED');
    expect(await refresh(there)).toMatchObject({ status: 401, json: { reason: 'SESSION_ENDED' } });
    expect((await gateway.call(`${TENANT}/GetTenant`, {}, bearer(here.accessToken))).status).toBe(200);
    expect((await refresh(here)).status).toBe(200);
    expect((await logIn('ann', PASSWORD)).status).toBe(401);
    expect((await logIn('ann', NEW)).status).toBe(200);
    const { text, entries } = await audit();
    expect(entries).toContainEqual(
      expect.objectContaining({
        actor: expect.objectContaining({ id: 'ann' }),
        event: expect.objectContaining({
          userChanged: { userId: 'ann', role: 'agent', passwordChanged: true },
        }),
      }),
    );
    for (const password of [PASSWORD, NEW]) expect(text).not.toContain(password);
  });

  it('is not changed without the present one, and to none that is too short', async () => {
    const { accessToken } = await tokensOf('sue', PASSWORD);
    expect(await change(accessToken, 'a guess', NEW)).toMatchObject({
      status: 403,
      json: { reason: 'WRONG_PASSWORD' },
    });
    expect(await change(accessToken, PASSWORD, '9 letters')).toMatchObject({
      status: 400,
      json: { violations: [{ field: 'newPassword' }] },
    });
    expect((await logIn('sue', PASSWORD)).status).toBe(200);
    // No answer waits for this record.
    await eventually(async () =>
      expect((await audit()).entries).toContainEqual(
        expect.objectContaining({
          event: expect.objectContaining({
            loginFailed: { userId: 'sue', count: 1, changingPassword: true },
          }),
        }),
      ),
    );
  });

  it('cannot be guessed: who is wrong five times waits, at the login too', async () => {
    const { accessToken } = await tokensOf('bob', PASSWORD);
    for (let i = 0; i < 5; i++) expect((await change(accessToken, 'a guess', NEW)).status).toBe(403);
    const waits = { status: 429, json: { reason: 'TOO_MANY_FAILED_LOGINS' } };
    expect(await change(accessToken, PASSWORD, NEW)).toMatchObject(waits);
    expect(await logIn('bob', PASSWORD)).toMatchObject(waits);
  });

  it('is no matter of API keys and visitors', async () => {
    const { token } = await gateway.visitor();
    for (const other of [KEY, token])
      expect(await change(other, PASSWORD, NEW)).toMatchObject({
        status: 403,
        json: { reason: 'ROLE_NOT_ALLOWED' },
      });
  });
});
