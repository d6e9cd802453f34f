import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ErrorCode, systemClock } from '@parley/kernel';
import { openStore } from '@parley/store';
import { startNats, type TestNats } from '@parley/testkit';
import { Buckets } from '../edge/limits.js';
import { openTenantStore } from '../tenants/store.js';
import { bearer, PASSWORD, startGateway, type Answer, type TestGateway } from '../testing/platform.js';
import { authHandlers, type AuthOptions } from './api.js';
import { LoginThrottle } from './throttle.js';

const AUTH = 'parley.gateway.v1.AuthService';
const TENANT = 'parley.gateway.v1.TenantService';
/** More than are checked and may wait at once. */
const FLOOD = 90;

jest.setTimeout(60_000);

let nats: TestNats;
beforeAll(async () => void (nats = await startNats()));
afterAll(() => nats.stop());

const logIn = (gateway: TestGateway, name: string, password: string): Promise<Answer> =>
  gateway.call(`${AUTH}/Login`, { tenant: 'acme', email: `${name}@acme.example`, password });

describe('logins of made-up users', () => {
  it('are slowed down by address, told for how long, and keep nobody else of the address waiting', async () => {
    const gateway = await startGateway({ natsUrl: nats.url, env: { PARLEY_LOGIN_RATE: '1' } });
    try {
      const names = Array.from({ length: 30 }, (_, i) => `nobody-${i}`);
      const answers = await Promise.all(names.map((name) => logIn(gateway, name, 'a guess')));
      const slowed = answers.filter(({ status }) => status !== 401);
      expect(slowed.length).toBeGreaterThan(0);
      for (const { status, json, headers } of slowed) {
        expect({ status, json }).toMatchObject({ status: 429, json: { reason: 'RATE_LIMITED' } });
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect((await gateway.visitor()).token).not.toBe('');
    } finally {
      await gateway.stop();
    }
  });

  it('fill no queue without end', async () => {
    const gateway = await startGateway({ natsUrl: nats.url, env: { PARLEY_LOGIN_RATE: '1000' } });
    try {
      const names = Array.from({ length: FLOOD }, (_, i) => `nobody-${i}`);
      const answers = await Promise.all(names.map((name) => logIn(gateway, name, 'a guess')));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      for (const { json } of refused)
        expect(json).toMatchObject({ reason: 'TOO_MANY_PASSWORDS', retryAfterMs: expect.any(Number) });
      expect((await logIn(gateway, 'ann', PASSWORD)).status).toBe(200);
    } finally {
      await gateway.stop();
    }
  });

  it('stand in the audit log together with their number; those of a user one by one', async () => {
    const first = await startGateway({ natsUrl: nats.url });
    const second = await startGateway({ natsUrl: nats.url, env: { PARLEY_DATA: first.folder } });
    const before = await failures(second);
    for (let i = 0; i < 7; i++) expect((await logIn(first, `nobody-${i}`, 'a guess')).status).toBe(401);
    for (let i = 0; i < 2; i++) expect((await logIn(first, 'bob', 'a guess')).status).toBe(401);
    // What was counted goes on record at the end, too.
    await first.drain();
    const told = (await failures(second)).slice(before.length);
    expect(told.toSorted((a, b) => (a.userId ?? '').localeCompare(b.userId ?? ''))).toEqual([
      { count: 7 },
      { userId: 'bob', count: 1 },
      { userId: 'bob', count: 1 },
    ]);
    await second.stop();
    await first.stop();
  });
});

it('counts against nobody when the password could not be checked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-login-'));
  const store = await openStore({ name: 'gateway', durability: 'record', folder });
  try {
    const { users } = await openTenantStore(store);
    const rate = { perSecond: 1000, burst: 1000 };
    // As far as a login comes whose deadline is over.
    const { login } = authHandlers({
      users,
      throttle: new LoginThrottle(systemClock),
      logins: new Buckets(rate, systemClock, 'this address'),
    } as unknown as AuthOptions);
    const request = { tenant: 'acme', email: 'ann@acme.example', password: PASSWORD };
    // More often than an account may fail.
    for (let i = 0; i < 10; i++)
      await expect(login(request, { remote: 'here', deadline: 0, transport: 'grpc' })).rejects.toMatchObject({
        code: ErrorCode.deadlineExceeded,
      });
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});

interface LoginFailed {
  readonly userId?: string;
  readonly count?: number;
}

const failures = async (gateway: TestGateway): Promise<readonly LoginFailed[]> => {
  const admin = bearer(await gateway.token('ada'));
  const { json } = await gateway.call(`${TENANT}/ListAuditLog`, { limit: 1000 }, admin);
  expect(json['chainIntact']).toBe(true);
  const entries = json['entries'] as { event: { loginFailed?: LoginFailed } }[];
  return entries.flatMap(({ event }) => (event.loginFailed ? [event.loginFailed] : []));
};
