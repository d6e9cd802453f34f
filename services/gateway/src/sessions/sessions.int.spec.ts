import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@parley/kernel';
import { openStore, type Store } from '@parley/store';
import type { UserDoc } from '../tenants/documents.js';
import { openTenantStore } from '../tenants/store.js';
import { makeSecrets } from './secrets.js';
import { Sessions } from './sessions.js';
import { openSessionStore } from './store.js';

const DAY = 86_400_000;
let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-sessions-'));
  store = await openStore({ name: 'gateway', durability: 'record', folder });
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const open = async (clock: ManualClock) =>
  new Sessions(
    await openSessionStore(store),
    await openTenantStore(store),
    makeSecrets(['a secret of sixteen characters']),
    clock,
  );

/** A new person of the tenant. */
const person = async (userId: string): Promise<UserDoc> => {
  const user: UserDoc = {
    id: `acme/${userId}`,
    version: 1,
    tenant: 'acme',
    userId,
    login: `acme/${userId}@acme.example`,
    email: `${userId}@acme.example`,
    name: userId,
    role: 'agent',
    disabled: false,
    passwordHash: 'hash',
  };
  await (await openTenantStore(store)).users.insert(user);
  return user;
};

it('keeps a visitor session ended for as long as any of its tokens would last', async () => {
  const clock = new ManualClock();
  const sessions = await open(clock);
  const first = await sessions.authenticate(await sessions.visitorToken('acme', 'v-1'));
  clock.advance(100 * DAY);
  const renewed = await sessions.visitorToken('acme', 'v-1', first.sessionId);
  await sessions.end(first);
  // The first token's end is over, the renewed one's is not.
  clock.advance(100 * DAY);
  await sessions.sweep();
  await expect(sessions.authenticate(renewed)).rejects.toMatchObject({
    details: { reason: 'SESSION_ENDED' },
  });
});

it('takes a refresh token again for half a minute, from two at once too, and no longer', async () => {
  const clock = new ManualClock();
  const sessions = await open(clock);
  const { refreshToken } = (await sessions.logIn(await person('ann'))).tokens;
  const both = await Promise.all([sessions.refresh(refreshToken), sessions.refresh(refreshToken)]);
  for (const { tokens } of both)
    expect(await sessions.authenticate(tokens.accessToken)).toMatchObject({ principal: { id: 'ann' } });
  clock.advance(30_000);
  await expect(sessions.refresh(refreshToken)).rejects.toMatchObject({
    details: { reason: 'REFRESH_TOKEN_REUSED' },
  });
  await expect(sessions.authenticate(both[0].tokens.accessToken)).rejects.toMatchObject({
    details: { reason: 'SESSION_ENDED' },
  });
});

describe('a person who changed after their password was checked', () => {
  const changed = async (userId: string, change: Partial<UserDoc>): Promise<UserDoc> => {
    const checked = await person(userId);
    const { users } = await openTenantStore(store);
    await users.replaceIf({ ...checked, ...change, version: 2 }, 1);
    return checked;
  };

  it.each([
    ['bob', { passwordHash: 'another' }],
    ['eve', { disabled: true }],
  ])('is not logged in: %s, %j', async (userId, change) => {
    const sessions = await open(new ManualClock());
    await expect(sessions.logIn(await changed(userId, change))).rejects.toMatchObject({
      details: { reason: 'WRONG_CREDENTIALS' },
    });
    expect(await (await openSessionStore(store)).logins.count({ tenant: 'acme', userId })).toBe(0);
  });

  it('is logged in as what they are by now', async () => {
    const sessions = await open(new ManualClock());
    const { tokens, user } = await sessions.logIn(await changed('sue', { role: 'supervisor' }));
    expect(user).toMatchObject({ role: 'supervisor', version: 2 });
    expect(await sessions.authenticate(tokens.accessToken)).toMatchObject({
      principal: { id: 'sue', role: 'supervisor' },
    });
  });
});
