import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TENANT_PARTITIONS } from '@parley/contracts';
import { openEventLog } from '@parley/eventlog';
import { aborted, systemClock } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { startNats, type TestNats } from '@parley/testkit';
import { systemContext } from '../edge/call.js';
import { changeUser, type ChangedUser, type ChangeUserOptions, type UserChange } from './change-user.js';
import type { TenantStore, UserDoc } from './documents.js';
import { openTenantLog, type TenantLog } from './log.js';
import { openTenantStore } from './store.js';

const by = systemContext('acme', Date.now() + 60_000);

let nats: TestNats;
let bus: Bus;
let folder: string;
let store: Store;
let users: TenantStore['users'];
let log: TenantLog;
beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'change-user-spec' });
  folder = await mkdtemp(join(tmpdir(), 'parley-users-'));
  store = await openStore({ name: 'gateway', durability: 'record', folder });
  ({ users } = await openTenantStore(store));
  log = openTenantLog(
    await openEventLog({ bus, name: 'tenant', partitions: TENANT_PARTITIONS }),
    systemClock,
  );
  await log.record('acme', { $case: 'tenantCreated', value: { tenant: 'acme' } }, by);
  await person('ada', 'admin');
});
afterAll(async () => {
  await store.close();
  await bus.drain();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

const person = async (userId: string, role = 'agent'): Promise<void> => {
  await log.record('acme', { $case: 'userCreated', value: { userId, role } }, by);
  const login = `acme/${userId}@acme.example`;
  await users.insert({
    ...{ id: `acme/${userId}`, version: 1, tenant: 'acme', userId, login, email: `${userId}@acme.example` },
    ...{ name: userId, role, disabled: false, passwordHash: 'hash' },
  });
};

const change = (options: ChangeUserOptions, userId: string, what: UserChange): Promise<ChangedUser> =>
  changeUser(options, by, userId, () => what);

/** Where the first entry is written, another change happens before its document. */
const overtaken = (other: () => Promise<unknown>): ChangeUserOptions => {
  let next: (() => Promise<unknown>) | undefined = other;
  return {
    users,
    log: {
      record: async (...entry) => {
        const state = await log.record(...entry);
        const first = next;
        next = undefined;
        await first?.();
        return state;
      },
    },
  };
};

/** What the last entry about a user says, and what their document does. */
const bothOf = async (userId: string): Promise<{ entry: object | undefined; doc: UserDoc | undefined }> => {
  const { entries } = await log.latest('acme', 0, 100);
  const told = entries.flatMap(({ event }) =>
    event?.event?.$case === 'userChanged' && event.event.value.userId === userId ? [event.event.value] : [],
  );
  return { entry: told[0], doc: await users.get(`acme/${userId}`) };
};

it('makes a change once more when another one came first, and both hold', async () => {
  await person('ann');
  const options = overtaken(() => change({ users, log }, 'ann', { role: 'supervisor' }));
  const { before, after } = await change(options, 'ann', { passwordHash: 'another' });
  expect(before).toMatchObject({ role: 'supervisor', version: 2 });
  expect(after).toMatchObject({ role: 'supervisor', passwordHash: 'another', version: 3 });
  expect(await bothOf('ann')).toMatchObject({
    entry: { role: 'supervisor', passwordChanged: true },
    doc: after,
  });
});

it('leaves an entry of what holds when it is refused after another one came first', async () => {
  await person('bob');
  const options = overtaken(() => change({ users, log }, 'bob', { disabled: true }));
  const refused = changeUser(options, by, 'bob', ({ version }) => {
    if (version !== 1) throw aborted('VERSION_CONFLICT', 'read again');
    return { role: 'admin' };
  });
  await expect(refused).rejects.toMatchObject({ details: { reason: 'VERSION_CONFLICT' } });
  expect(await bothOf('bob')).toMatchObject({
    entry: { role: 'agent', disabled: true, passwordChanged: false },
    doc: { role: 'agent', disabled: true },
  });
  expect((await log.state('acme'))?.users.get('bob')).toEqual({ role: 'agent', disabled: true });
});

it('keeps the last admin one when the log refuses what it let through before', async () => {
  await person('eve', 'admin');
  // The log lets Eve become an agent while Ada is an admin, and Ada once it has heard that Eve is still one.
  const options = overtaken(async () => {
    await change({ users, log }, 'eve', { name: 'Eve' });
    await change({ users, log }, 'ada', { role: 'agent' });
  });
  await expect(change(options, 'eve', { role: 'agent' })).rejects.toMatchObject({
    details: { reason: 'LAST_ADMIN' },
  });
  expect(await bothOf('eve')).toMatchObject({
    entry: { role: 'admin' },
    doc: { role: 'admin', name: 'Eve' },
  });
});

it('writes nothing about a person whom there is not', async () => {
  const { entries } = await log.latest('acme', 0, 100);
  await expect(change({ users, log }, 'nobody', {})).rejects.toMatchObject({
    details: { reason: 'NO_SUCH_USER' },
  });
  expect((await log.latest('acme', 0, 100)).entries).toHaveLength(entries.length);
});
