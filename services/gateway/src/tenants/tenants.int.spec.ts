import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { startNats, type TestNats } from '@parley/testkit';
import { Conversations } from '../testing/conversations.js';
import { bearer, KEY, PASSWORD, startGateway, type TestGateway } from '../testing/platform.js';

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

describe('the tenant log', () => {
  it('has every administrative act, chained, without personal data', async () => {
    const admin = bearer(await gateway.token('ada'));
    const user = { userId: 'zoe', email: 'zoe@acme.example', name: 'Zoe', role: 'agent', password: PASSWORD };
    expect((await gateway.call(`${TENANT}/CreateUser`, user, admin)).status).toBe(200);
    expect((await gateway.call(`${TENANT}/CreateUser`, user, admin)).status).toBe(200);
    expect((await gateway.call(`${TENANT}/CreateUser`, { ...user, role: 'admin' }, admin)).status).toBe(409);
    const key = await gateway.call(
      `${TENANT}/CreateApiKey`,
      { keyId: 'k1', name: 'K', scopes: ['gateway'] },
      admin,
    );
    const secret = bearer(key.json['secret'] as string);
    expect((await gateway.call(`${TENANT}/ListUsers`, {}, secret)).status).toBe(200);
    await gateway.call(`${TENANT}/RevokeApiKey`, { keyId: 'k1' }, admin);
    expect((await gateway.call(`${TENANT}/ListUsers`, {}, secret)).status).toBe(401);

    const { json } = await gateway.call(`${TENANT}/ListAuditLog`, { limit: 1000 }, admin);
    const entries = json['entries'] as { version: number; event: Record<string, unknown> }[];
    expect(json['chainIntact']).toBe(true);
    expect(entries.map((entry) => entry.version)).toEqual(entries.map((_, i) => i + 1));
    const kinds = entries.flatMap(({ event }) => Object.keys(event).filter((name) => name !== 'hash'));
    expect(kinds).toEqual(
      expect.arrayContaining(['tenantCreated', 'userCreated', 'loggedIn', 'apiKeyCreated', 'apiKeyRevoked']),
    );
    expect(
      entries.filter(({ event }) => (event['userCreated'] as { userId?: string })?.userId === 'zoe'),
    ).toHaveLength(1);
    expect(JSON.stringify(json)).not.toMatch(/@acme|Zoe|password/);
    const rest = await gateway.call(`${TENANT}/ListAuditLog`, { afterVersion: 3, limit: 2 }, admin);
    expect(rest.json).toMatchObject({ entries: entries.slice(3, 5), chainIntact: true });
    const last = entries.slice(-2).reverse();
    const latest = await gateway.call(`${TENANT}/ListAuditLog`, { newestFirst: true, limit: 2 }, admin);
    expect(latest.json).toMatchObject({ entries: last, chainIntact: true });
    const before = { newestFirst: true, beforeVersion: 3, limit: 10 };
    const first = await gateway.call(`${TENANT}/ListAuditLog`, before, admin);
    expect(first.json).toMatchObject({ entries: [entries[1], entries[0]], chainIntact: true });
  });

  it('has who reads a conversation without being in it, once for a while of reading', async () => {
    const id = '0-read-by-others';
    const { contactId, token } = await gateway.visitor();
    conversations.open('acme', id, contactId);
    const joined = conversation.AgentJoined.fromPartial({ agentId: 'ann' });
    conversations.append('acme', id, { $case: 'agentJoined', value: joined });
    const read = async (as: string): Promise<number> =>
      (await gateway.call(`${CONVERSATION}/ListEvents`, { conversationId: id, limit: 10 }, bearer(as)))
        .status;
    const [ann, ada] = [await gateway.token('ann'), await gateway.token('ada')];
    for (const as of [token, ann, ada, ada, KEY, ann]) expect(await read(as)).toBe(200);
    const { json } = await gateway.call(`${TENANT}/ListAuditLog`, { limit: 1000 }, bearer(ada));
    const entries = json['entries'] as {
      actor: { id: string };
      event: { actPerformed?: { targetId: string } };
    }[];
    const readers = entries
      .filter(({ event }) => event.actPerformed?.targetId === id)
      .map(({ actor }) => actor.id);
    expect(readers).toEqual(['ada', 'robot']);
  });

  it('keeps a tenant from losing its last admin', async () => {
    const admin = bearer(await gateway.token('ada'));
    const answer = await gateway.call(`${TENANT}/UpdateUser`, { userId: 'ada', role: 'agent' }, admin);
    expect(answer).toMatchObject({ json: { reason: 'LAST_ADMIN' } });
  });

  it('changes a user once for each version', async () => {
    const admin = bearer(await gateway.token('ada'));
    const { json } = await gateway.call(`${TENANT}/ListUsers`, {}, admin);
    const bob = (json['users'] as { userId: string; version: number }[]).find(
      ({ userId }) => userId === 'bob',
    );
    const rename = { userId: 'bob', name: 'Bob B.', expectedVersion: bob?.version };
    const first = await gateway.call(`${TENANT}/UpdateUser`, rename, admin);
    expect(first).toMatchObject({ status: 200, json: { user: { version: (bob?.version ?? 0) + 1 } } });
    expect(await gateway.call(`${TENANT}/UpdateUser`, rename, admin)).toMatchObject({
      status: 409,
      json: { reason: 'VERSION_CONFLICT', detail: expect.stringContaining('read') },
    });
  });

  it('changes settings once for each version', async () => {
    const admin = bearer(await gateway.token('ada'));
    const { json } = await gateway.call(`${TENANT}/GetTenant`, {}, admin);
    const tenant = json['tenant'] as { version: number; allowedOrigins: string[] };
    const update = { allowedOrigins: tenant.allowedOrigins, expectedVersion: tenant.version };
    expect((await gateway.call(`${TENANT}/UpdateTenant`, update, admin)).status).toBe(200);
    expect(await gateway.call(`${TENANT}/UpdateTenant`, update, admin)).toMatchObject({
      status: 409,
      json: { reason: 'VERSION_CONFLICT' },
    });
    const bad = await gateway.call(
      `${TENANT}/UpdateTenant`,
      { allowedOrigins: ['https://a.example/x'] },
      admin,
    );
    expect(bad).toMatchObject({ status: 400, json: { violations: [{ field: 'allowedOrigins[0]' }] } });
  });

  it('keeps the settings that are not given, and empties the origins only when asked to', async () => {
    const admin = bearer(await gateway.token('ada'));
    const change = (update: object) => gateway.call(`${TENANT}/UpdateTenant`, update, admin);
    const origins = ['https://kept.example'];
    expect((await change({ allowedOrigins: origins })).status).toBe(200);
    expect(await change({ identityKey: 'k'.repeat(32) })).toMatchObject({
      status: 200,
      json: { tenant: { allowedOrigins: origins } },
    });
    expect(await change({ allowedOrigins: origins, clearAllowedOrigins: true })).toMatchObject({
      status: 400,
      json: { violations: [{ field: 'clearAllowedOrigins' }] },
    });
    const { json } = await change({ clearAllowedOrigins: true });
    expect((json['tenant'] as { allowedOrigins?: string[] }).allowedOrigins ?? []).toEqual([]);
  });
});

it('lists API keys page by page, and all at once for callers that know of no pages', async () => {
  const admin = bearer(await gateway.token('ada', 'other'));
  const made = ['k1', 'k2', 'k3'];
  for (const keyId of made)
    await gateway.call(`${TENANT}/CreateApiKey`, { keyId, name: keyId, scopes: ['gateway'] }, admin);
  const list = async (request: object): Promise<{ ids: string[]; next: string }> => {
    const { json } = await gateway.call(`${TENANT}/ListApiKeys`, request, admin);
    const keys = (json['apiKeys'] ?? []) as { keyId: string }[];
    return { ids: keys.map(({ keyId }) => keyId), next: (json['nextCursor'] ?? '') as string };
  };
  const first = await list({ page: { limit: 2 } });
  expect(first.ids).toEqual(['k1', 'k2']);
  expect(await list({ page: { limit: 2, cursor: first.next } })).toEqual({ ids: ['k3'], next: '' });
  expect(await list({})).toEqual({ ids: made, next: '' });
});
