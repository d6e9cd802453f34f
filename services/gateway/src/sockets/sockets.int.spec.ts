import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { permissionDenied, unavailable } from '@parley/kernel';
import { metrics } from '@parley/telemetry';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { Conversations } from '../testing/conversations.js';
import { bearer, startGateway, type TestGateway } from '../testing/platform.js';
import { TestSocket } from '../testing/socket.js';

const SEND = 'parley.conversation.v1.ConversationService/SendMessage';

jest.setTimeout(60_000);

let nats: TestNats;
let gateway: TestGateway;
const conversations = new Conversations();
const sockets: TestSocket[] = [];
let count = 0;
let id = '';

beforeAll(async () => {
  nats = await startNats();
  gateway = await startGateway({ natsUrl: nats.url, conversation: (bus) => conversations.handlers(bus) });
});
afterAll(async () => {
  await gateway.stop();
  await nats.stop();
});
beforeEach(() => {
  id = `${count % 4}-chat-${count++}`;
});
afterEach(() => {
  conversations.muted = false;
  conversations.onSend = async () => undefined;
  conversations.onGet = () => undefined;
  for (const socket of sockets.splice(0)) socket.ws.terminate();
});

const hello = async (token: string): Promise<TestSocket> => {
  const socket = await TestSocket.hello(gateway.url, token);
  sockets.push(socket);
  return socket;
};
const visitor = async () => {
  const session = await gateway.visitor();
  return { ...session, socket: await hello(session.token) };
};
const agent = async () => hello(await gateway.token('ann'));
const note = { $case: 'noteAdded' as const, value: { noteId: 'n', text: 'a secret note' } };
const tag = { $case: 'readUpTo' as const, value: { version: 1 } };

describe('a socket', () => {
  it('says hello first, once, and with a token', async () => {
    const socket = await TestSocket.open(gateway.url);
    sockets.push(socket);
    socket.send({ watch: { conversationId: id } });
    expect(await socket.next('error')).toMatchObject({ reason: 'HELLO_FIRST' });
    socket.send({ ping: {} });
    await socket.next('pong');
    socket.send({ hello: { protocolVersion: 9, token: 'nonsense' } });
    expect(await socket.next('error', (error) => error['close'] === true)).toMatchObject({ code: 16 });
    expect((await socket.end()).code).toBe(1008);
  });

  it('is welcomed with the highest version that the gateway speaks', async () => {
    const { socket, contactId } = await visitor();
    const welcome = await socket.next('welcome');
    expect(welcome).toMatchObject({ protocolVersion: 1, principalId: contactId, role: 'visitor' });
    socket.send({ hello: { protocolVersion: 1, token: 'x' } });
    expect(await socket.next('error')).toMatchObject({ reason: 'HELLO_TWICE' });
  });

  it('survives whatever is sent to it', async () => {
    const { socket } = await visitor();
    const bad = ['{', 'null', '[]', '{}', '{"ping":{},"call":{}}', '{"call":{"id":"x"}}', '"\\ud800"'];
    for (const frame of bad) socket.send(frame);
    socket.send(JSON.stringify({ call: { id: 1, method: 'x'.repeat(200_000) } }));
    socket.ws.send(Buffer.from([1, 2, 3]));
    socket.send({ watch: { conversationId: 'a.*' } });
    await eventually(() =>
      expect(socket.frames.filter((frame) => frame['error'])).toHaveLength(bad.length + 3),
    );
    socket.send({ ping: {} });
    await socket.next('pong');
    expect(socket.closed).toBeUndefined();
  });

  it('is refused to pages of other origins', async () => {
    const { token } = await gateway.visitor();
    const socket = await TestSocket.open(gateway.url, { origin: 'https://evil.example' });
    sockets.push(socket);
    socket.send({ hello: { protocolVersion: 1, token } });
    expect(await socket.next('error')).toMatchObject({ reason: 'ORIGIN_NOT_ALLOWED', close: true });
  });

  it('ends with its session', async () => {
    const token = await gateway.token('ann');
    const socket = await hello(token);
    await gateway.call('parley.gateway.v1.AuthService/Logout', {}, bearer(token));
    expect(await socket.next('error')).toMatchObject({ reason: 'SESSION_ENDED', close: true });
  });

  it('ends with its session although that ended at another gateway', async () => {
    const other = await startGateway({ natsUrl: nats.url, env: { PARLEY_DATA: gateway.folder } });
    try {
      const token = await gateway.token('bob');
      const here = await hello(token);
      const there = await TestSocket.hello(other.url, token);
      const anns = await agent();
      const admin = bearer(await other.token('ada'));
      const disabled = await other.call(
        'parley.gateway.v1.TenantService/UpdateUser',
        { userId: 'bob', disabled: true },
        admin,
      );
      expect(disabled.status).toBe(200);
      for (const socket of [here, there])
        expect(await socket.next('error')).toMatchObject({ reason: 'SESSION_ENDED', close: true });
      anns.send({ ping: {} });
      await anns.next('pong');
    } finally {
      await other.stop();
    }
  });
});

describe('calls', () => {
  it('are carried out in order in one conversation, and side by side in others', async () => {
    const { socket, contactId } = await visitor();
    const other = `${id}-b`;
    conversations.open('acme', id, contactId);
    conversations.open('acme', other, contactId);
    const gate = Promise.withResolvers<void>();
    conversations.onSend = (messageId) => (messageId === 'm1' ? gate.promise : Promise.resolve());
    const send = (callId: number, conversationId: string, messageId: string) =>
      socket.send({
        call: { id: callId, method: SEND, request: { conversationId, messageId, text: messageId } },
      });
    send(1, id, 'm1');
    send(2, id, 'm2');
    send(3, other, 'm3');
    await socket.next('reply', (reply) => reply['id'] === 3);
    expect(socket.frames.filter((frame) => frame['reply'])).toHaveLength(1);
    gate.resolve();
    const second = await socket.next('reply', (reply) => reply['id'] === 2);
    expect(second).toMatchObject({ response: { version: 3 } });
    const order = socket.frames.flatMap((frame) => (frame['reply'] ? [frame['reply']['id']] : []));
    expect(order).toEqual([3, 1, 2]);
  });

  it('are refused beyond 32 at once, each with its own reply', async () => {
    const { socket, contactId } = await visitor();
    conversations.open('acme', id, contactId);
    const gate = Promise.withResolvers<void>();
    conversations.onSend = () => gate.promise;
    for (let i = 1; i <= 33; i++)
      socket.send({
        call: { id: i, method: SEND, request: { conversationId: id, messageId: `m${i}`, text: 'x' } },
      });
    expect(await socket.next('reply')).toMatchObject({ id: 33, error: { reason: 'TOO_MANY_CALLS' } });
    gate.resolve();
    await socket.next('reply', (reply) => reply['id'] === 32);
    expect(socket.frames.filter((frame) => frame['reply']?.['response'])).toHaveLength(32);
  });

  it('answer a wrong request in the reply', async () => {
    const { socket } = await visitor();
    socket.send({ call: { id: 1, method: SEND, request: { conversationId: '*', text: 'x' } } });
    expect(await socket.next('reply')).toMatchObject({ id: 1, error: { code: 3 } });
    socket.send({ call: { id: 2, method: 'parley.conversation.v1.ConversationInternalService/GetHeads' } });
    expect(await socket.next('reply', (reply) => reply['id'] === 2)).toMatchObject({ error: { code: 5 } });
  });
});

describe('watching', () => {
  it('brings what was missed and what follows, once and in order', async () => {
    const { socket, contactId } = await visitor();
    conversations.open('acme', id, contactId);
    for (let i = 0; i < 9; i++) conversations.append('acme', id, tag);
    socket.send({ watch: { conversationId: id, afterVersion: 4 } });
    for (let i = 0; i < 10; i++) conversations.append('acme', id, tag);
    await eventually(() => expect(socket.versions(id)).toHaveLength(16));
    conversations.append('acme', id, tag);
    await eventually(() => expect(socket.versions(id)).toEqual(Array.from({ length: 17 }, (_, i) => i + 5)));
  });

  it('repairs a gap by the log, and a lost last event by the head check', async () => {
    const { socket, contactId } = await visitor();
    conversations.open('acme', id, contactId);
    socket.send({ watch: { conversationId: id } });
    await eventually(() => expect(socket.versions(id)).toEqual([1]));
    conversations.muted = true;
    conversations.append('acme', id, tag);
    conversations.muted = false;
    conversations.append('acme', id, tag);
    await eventually(() => expect(socket.versions(id)).toEqual([1, 2, 3]));
    const repaired = async (by: string): Promise<number> => {
      const { values } = await metrics.counter('gatewayGapsRepaired').get();
      return values.find(({ labels }) => labels.by === by)?.value ?? 0;
    };
    expect(await repaired('live')).toBeGreaterThan(0);
    const before = await repaired('heads');
    conversations.muted = true;
    conversations.append('acme', id, tag);
    await eventually(() => expect(socket.versions(id)).toEqual([1, 2, 3, 4]), { timeoutMs: 10_000 });
    expect(await repaired('heads')).toBeGreaterThan(before);
  });

  it('shows visitors no notes, but their numbers', async () => {
    const { socket, contactId } = await visitor();
    const desk = await agent();
    conversations.open('acme', id, contactId);
    conversations.append('acme', id, note);
    for (const each of [socket, desk]) each.send({ watch: { conversationId: id } });
    await eventually(() =>
      expect([socket.versions(id), desk.versions(id)]).toEqual([
        [1, 2],
        [1, 2],
      ]),
    );
    conversations.append('acme', id, note);
    await eventually(() =>
      expect([socket.versions(id), desk.versions(id)]).toEqual([
        [1, 2, 3],
        [1, 2, 3],
      ]),
    );
    expect(JSON.stringify(socket.frames)).not.toContain('secret');
    expect(desk.events(id).filter(({ event }) => event?.['noteAdded'])).toHaveLength(2);
  });

  it('is refused for conversations of others, which stay silent', async () => {
    const { contactId } = await gateway.visitor();
    const stranger = await visitor();
    const foreign = await hello(await gateway.token('ann', 'other'));
    const desk = await agent();
    conversations.open('acme', id, contactId);
    for (const each of [stranger.socket, foreign]) each.send({ watch: { conversationId: id } });
    for (const each of [stranger.socket, foreign])
      expect(await each.next('error')).toMatchObject({ code: 5, violations: [{ description: id }] });
    desk.send({ watch: { conversationId: id } });
    await eventually(() => expect(desk.versions(id)).toEqual([1]));
    conversations.append('acme', id, tag);
    desk.send({ typing: { conversationId: id, typing: true } });
    stranger.socket.send({ typing: { conversationId: id, typing: true } });
    expect(await stranger.socket.next('error', (e) => e['reason'] === 'NOT_WATCHED')).toBeDefined();
    await eventually(() => expect(desk.versions(id)).toEqual([1, 2]));
    for (const each of [stranger.socket, foreign])
      expect(each.frames.filter((frame) => frame['events'] ?? frame['typing'])).toEqual([]);
  });

  const readers = async (): Promise<unknown[]> => {
    const { json } = await gateway.call(
      'parley.gateway.v1.TenantService/ListAuditLog',
      { newestFirst: true },
      bearer(await gateway.token('ada')),
    );
    return (
      json['entries'] as {
        actor: { id: string };
        event: { actPerformed?: { targetId: string; method: string } };
      }[]
    )
      .filter(({ event }) => event.actPerformed?.targetId === id)
      .map(({ actor, event }) => [actor.id, event.actPerformed?.method.split('/').at(-1)]);
  };

  it('is on record when it is by somebody who is not in the chat', async () => {
    const { contactId } = await gateway.visitor();
    const desk = await agent();
    conversations.open('acme', id, contactId);
    desk.send({ watch: { conversationId: id } });
    await eventually(async () => expect(await readers()).toEqual([['ann', 'ListEvents']]));
  });

  it('goes on while nobody can say who is in the chat, and is on record once somebody can', async () => {
    const { contactId } = await gateway.visitor();
    const desk = await agent();
    conversations.open('acme', id, contactId);
    let failures = 0;
    conversations.onGet = () => {
      if (++failures <= 2) throw unavailable('LOG_UNAVAILABLE', 'The log does not answer; try again.');
    };
    desk.send({ watch: { conversationId: id } });
    await eventually(() => expect(failures).toBeGreaterThan(0));
    conversations.append('acme', id, tag);
    await eventually(async () => expect(await readers()).toEqual([['ann', 'ListEvents']]));
    conversations.append('acme', id, tag);
    await eventually(() => expect(desk.versions(id)).toEqual([1, 2, 3]));
    expect(desk.frames.filter((frame) => frame['error'])).toEqual([]);
  });

  it('ends when it cannot be put on record', async () => {
    const { contactId } = await gateway.visitor();
    const desk = await agent();
    conversations.open('acme', id, contactId);
    conversations.onGet = () => {
      throw permissionDenied('NOT_ALLOWED', 'not for you');
    };
    desk.send({ watch: { conversationId: id } });
    expect(await desk.next('error')).toMatchObject({ reason: 'NOT_ALLOWED' });
  });

  it('stops with unwatch', async () => {
    const { socket, contactId } = await visitor();
    const desk = await agent();
    conversations.open('acme', id, contactId);
    for (const each of [socket, desk]) each.send({ watch: { conversationId: id } });
    await eventually(() => expect([socket.versions(id), desk.versions(id)]).toEqual([[1], [1]]));
    socket.send({ unwatch: { conversationId: id } });
    socket.send({ ping: {} });
    await socket.next('pong');
    conversations.append('acme', id, tag);
    await eventually(() => expect(desk.versions(id)).toEqual([1, 2]));
    expect(socket.versions(id)).toEqual([1]);
  });
});

describe('typing', () => {
  it('goes to the others, with a preview for agents only', async () => {
    const { socket, contactId } = await visitor();
    const desk = await agent();
    conversations.open('acme', id, contactId);
    for (const each of [socket, desk]) each.send({ watch: { conversationId: id } });
    await eventually(() => expect([socket.versions(id), desk.versions(id)]).toEqual([[1], [1]]));
    socket.send({ typing: { conversationId: id, typing: true, preview: 'I wou' } });
    const seen = await desk.next('typing');
    expect(seen).toMatchObject({ typing: true, byVisitor: true, preview: 'I wou', authorId: contactId });
    desk.send({ typing: { conversationId: id, typing: true, preview: 'my draft' } });
    expect(await socket.next('typing')).toMatchObject({ typing: true, authorId: 'ann' });
    expect(JSON.stringify(socket.frames)).not.toContain('draft');
    expect(await desk.next('typing', (typing) => typing['typing'] !== true)).toBeDefined();
  });

  it('has receipts, which go to those who watch and say nothing of typing', async () => {
    const { socket, contactId } = await visitor();
    const desk = await agent();
    const stranger = await visitor();
    conversations.open('acme', id, contactId);
    for (const each of [socket, desk]) each.send({ watch: { conversationId: id } });
    await eventually(() => expect([socket.versions(id), desk.versions(id)]).toEqual([[1], [1]]));
    stranger.socket.send({ typing: { conversationId: id, receivedVersion: 9 } });
    await stranger.socket.next('error', (e) => e['reason'] === 'NOT_WATCHED');
    desk.send({ typing: { conversationId: id, receivedVersion: 1 } });
    expect(await socket.next('typing')).toMatchObject({ receivedVersion: 1, authorId: 'ann' });
    socket.send({ typing: { conversationId: id, receivedVersion: 1 } });
    expect(await desk.next('typing')).toMatchObject({ receivedVersion: 1, byVisitor: true });
    const all = [...socket.frames, ...desk.frames].flatMap(({ typing }) => (typing ? [typing] : []));
    expect(all.filter((typing) => 'typing' in typing)).toEqual([]);
  });
});
