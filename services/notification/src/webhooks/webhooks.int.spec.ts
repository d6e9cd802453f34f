import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ErrorCode, newAggregateId, systemClock, unavailable } from '@parley/kernel';
import { openStore, type Store } from '@parley/store';
import { createLogger } from '@parley/telemetry';
import { eventually } from '@parley/testkit';
import { Webhook } from 'standardwebhooks';
import { assemble } from '../assembly.js';
import { deliveryIdOf, keyOf, openCollections, type Collections } from '../documents.js';
import { mailboxTransport } from '../mail/transport.js';
import { documentSealer } from '../secrets.js';
import { AGENT, Chat, VISITOR, closed, erased, joined, noted, said, started } from '../testing/chats.js';
import { Receiver } from '../testing/receiver.js';
import { createPoster, type Poster } from './post.js';

let folder: string;
let store: Store;
let docs: Collections;
let poster: Poster;
let service: ReturnType<typeof assemble>;
let receiver: Receiver;
let count = 0;
let tenant: string;

const newService = (allowPrivate = true, attempts = 3) => {
  poster = createPoster({ allowPrivate, timeoutMs: 20_000 });
  return assemble({
    docs,
    sealer: documentSealer(['a secret of at least sixteen characters']),
    poster,
    transport: mailboxTransport(docs.mails, () => Date.now()),
    transcripts: {
      getTranscript: async () => {
        throw unavailable('NOT_HERE', 'no transcripts in this spec');
      },
    },
    retry: { baseMs: 5, capMs: 20, attempts },
    mailsPerDay: 100,
    concurrency: 2,
    allowPrivate,
    clock: systemClock,
    logger: createLogger('notification', { level: 'silent' }),
  });
};
const newChat = (): Chat => new Chat(tenant, newAggregateId(0, Date.now()), Date.now());
const register = async (events: string[] = [], url = receiver.url) =>
  (await service.endpoints.put(tenant, { endpointId: 'shop', url, events, enabled: true })).secret;
const states = async () =>
  (await service.deliveries.list(tenant, { limit: 100 })).items.map(
    ({ state, event }) => `${event} ${state}`,
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-notification-'));
  store = await openStore({ name: 'notification', durability: 'record', folder });
  docs = await openCollections(store);
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  tenant = `tenant-${++count}`;
  receiver = await new Receiver().start();
  service = newService();
});
afterEach(async () => {
  await service.stop();
  await poster.close();
  await receiver.stop();
});

describe('webhooks', () => {
  it('tell what happened, signed so that the verifier of the spec accepts them', async () => {
    const secret = await register();
    const chat = newChat();
    await service.projection.apply([chat.next(VISITOR, started())]);
    await service.projection.apply([chat.next(VISITOR, said('Hello'))]);
    await service.projection.apply([chat.next(AGENT, joined())]);
    await service.projection.apply([chat.next(AGENT, noted('private remark'))]);
    await service.projection.apply([chat.next(AGENT, closed())]);
    await eventually(() => receiver.received.length === 4);
    expect([...receiver.types].sort()).toEqual([
      'conversation.assigned',
      'conversation.closed',
      'conversation.started',
      'message.sent',
    ]);
    for (const { body, headers } of receiver.received) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
      expect(() =>
        new Webhook(secret).verify(
          body.replace('conversation', 'c0nversation'),
          headers as Record<string, string>,
        ),
      ).toThrow();
    }
    const message = receiver.received.find(({ body }) => body.includes('message.sent'));
    expect(message?.headers['webhook-id']).toBe(deliveryIdOf(chat.id, 2, 'shop'));
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      data: {
        conversationId: chat.id,
        version: 2,
        text: 'Hello',
        from: { kind: 'visitor', id: 'contact-1' },
      },
    });
    expect(JSON.stringify(receiver.received)).not.toContain('private remark');
  });

  it('are chosen by event, and written once however often the log is read', async () => {
    await register(['conversation.closed']);
    const chat = newChat();
    const runs = [chat.next(VISITOR, started()), chat.next(AGENT, closed())];
    for (const run of [...runs, ...runs]) await service.projection.apply([run]);
    await eventually(async () =>
      (await states()).every((state) => state === 'conversation.closed delivered'),
    );
    expect(receiver.types).toEqual(['conversation.closed']);
  });

  it('are not sent for what happened before the endpoint was made', async () => {
    await register();
    const chat = new Chat(tenant, newAggregateId(0, Date.now()), Date.now() - 60_000);
    await service.projection.apply([chat.next(VISITOR, started())]);
    expect(await states()).toEqual([]);
  });

  it('are retried with the same id and body, then given up; replayed on request', async () => {
    await register(['conversation.started']);
    receiver.answers.push(500, 302, 503);
    const chat = newChat();
    await service.projection.apply([chat.next(VISITOR, started())]);
    await eventually(async () => expect(await states()).toEqual(['conversation.started dead']));
    expect(receiver.received).toHaveLength(3);
    const deliveryId = deliveryIdOf(chat.id, 1, 'shop');
    await service.deliveries.replay(tenant, deliveryId);
    await eventually(async () => expect(await states()).toEqual(['conversation.started delivered']));
    expect(
      new Set(receiver.received.map(({ headers, body }) => `${String(headers['webhook-id'])} ${body}`)).size,
    ).toBe(1);
    expect(receiver.received).toHaveLength(4);
    await expect(service.deliveries.replay('another', deliveryId)).rejects.toMatchObject({
      code: ErrorCode.notFound,
    });
  });

  it('stop when the receiver says that it is gone', async () => {
    await register(['conversation.started']);
    receiver.answers.push(410);
    await service.projection.apply([newChat().next(VISITOR, started())]);
    await eventually(async () => expect((await service.endpoints.list(tenant))[0]?.enabled).toBe(false));
    expect(await states()).toEqual(['conversation.started dead']);
  });

  it('wait behind a slow receiver, which delays neither the projection nor others', async () => {
    let release = (): void => undefined;
    receiver.hold = new Promise((resolve) => (release = resolve));
    await register(['message.sent']);
    const quick = await new Receiver().start();
    await service.endpoints.put(tenant, {
      endpointId: 'quick',
      url: quick.url,
      events: ['message.sent'],
      enabled: true,
    });
    const chat = newChat();
    for (let i = 0; i < 8; i++) await service.projection.apply([chat.next(VISITOR, said(`Hello ${i}`))]);
    await eventually(() => quick.received.length === 8);
    await eventually(() => receiver.underWay === 2);
    release();
    await eventually(() => receiver.received.length === 8);
    expect(receiver.mostUnderWay).toBe(2);
    await quick.stop();
  });

  it('go out after a restart', async () => {
    await register(['conversation.started']);
    await service.stop();
    await service.projection.apply([newChat().next(VISITOR, started())]);
    expect(receiver.received).toHaveLength(0);
    service = newService();
    await service.start();
    await eventually(() => receiver.received.length === 1);
  });

  it('are gone with what was erased, and tell that it was', async () => {
    await register();
    const chat = newChat();
    for (const run of [chat.next(VISITOR, started()), chat.next(VISITOR, said('forget me'))])
      await service.projection.apply([run]);
    await eventually(() => receiver.received.length === 2);
    await service.projection.apply([chat.next(AGENT, erased(2))]);
    await eventually(async () => expect(await states()).toEqual(['conversation.erased delivered']));
    const { items } = await docs.deliveries.find({ filter: { conversation: keyOf(tenant, chat.id) } });
    expect(JSON.stringify(items)).not.toContain('forget me');
  });
});

describe('private addresses', () => {
  it('are refused in the URL and behind a name, unless allowed', async () => {
    await service.stop();
    await poster.close();
    service = newService(false, 1);
    for (const url of [
      'http://127.0.0.1:9/x',
      'http://[::1]/',
      'http://169.254.169.254/latest',
      'http://10.1.2.3/',
      'ftp://example.com/',
      'http://u:p@example.com/',
    ])
      await expect(register([], url)).rejects.toMatchObject({ code: ErrorCode.invalidArgument });
    const named = receiver.url.replace('127.0.0.1', 'localhost');
    await register(['conversation.started'], named);
    await service.projection.apply([newChat().next(VISITOR, started())]);
    await eventually(async () => expect(await states()).toEqual(['conversation.started dead']));
    expect(receiver.received).toHaveLength(0);
    const { items } = await service.deliveries.list(tenant, { limit: 1 });
    expect(items[0]?.lastError).toContain('not public');
    expect(items[0]?.lastError).not.toMatch(/127\.0\.0\.1|::1/);
  });
});

describe('secrets of endpoints', () => {
  it('are shown once and kept encrypted', async () => {
    const secret = await register();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const again = await service.endpoints.put(tenant, {
      endpointId: 'shop',
      url: receiver.url,
      events: [],
      enabled: true,
    });
    expect(again.secret).toBe('');
    expect(JSON.stringify(await service.endpoints.list(tenant))).not.toContain(secret.slice(6));
  });
});
