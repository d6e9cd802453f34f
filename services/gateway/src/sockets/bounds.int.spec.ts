import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { metrics } from '@parley/telemetry';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { Conversations } from '../testing/conversations.js';
import { startGateway, type TestGateway } from '../testing/platform.js';
import { TestSocket } from '../testing/socket.js';

jest.setTimeout(60_000);

let nats: TestNats;
let gateway: TestGateway;
const conversations = new Conversations();
const sockets: TestSocket[] = [];

beforeAll(async () => {
  nats = await startNats();
  gateway = await startGateway({ natsUrl: nats.url, conversation: (bus) => conversations.handlers(bus) });
});
afterAll(async () => {
  await gateway.stop();
  await nats.stop();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.ws.terminate();
});

const hello = async (token: string): Promise<TestSocket> => {
  const socket = await TestSocket.hello(gateway.url, token);
  sockets.push(socket);
  return socket;
};
const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

/** Something is said in the conversation, which then has the version that is returned. */
const say = (id: string, text = 'hello'): number =>
  conversations.append('acme', id, {
    $case: 'messageSent',
    value: conversation.MessageSent.fromPartial({
      messageId: 'm',
      content: { $case: 'text', value: { text } },
    }),
  });

describe('a socket that does not read', () => {
  const id = '0-slow';
  /** Some frames fill what the machine itself keeps for a connection. */
  const text = 'x'.repeat(64 * 1024);
  const sentAway = async (): Promise<number> => {
    const { values } = await metrics.counter('gatewaySocketsClosed').get();
    return values.find(({ labels }) => labels.cause === 'slow')?.value ?? 0;
  };

  it('is sent away, and has every version once when it resumes from what it got', async () => {
    const { token, contactId } = await gateway.visitor();
    conversations.open('acme', id, contactId);
    const [slow, reader] = [await hello(token), await hello(token)];
    for (const socket of [slow, reader]) {
      socket.send({ watch: { conversationId: id } });
      await eventually(() => expect(socket.versions(id)).toEqual([1]));
    }
    const before = await sentAway();
    slow.ws.pause();
    let head = 1;
    const sayMore = async (): Promise<boolean> => {
      for (let i = 0; i < 10; i++) head = say(id, text);
      await eventually(() => reader.versions(id).at(-1) === head);
      return (await sentAway()) > before;
    };
    await eventually(sayMore, { timeoutMs: 30_000 });
    slow.ws.resume();
    expect(await slow.end()).toEqual({ code: 1013, reason: 'slow' });
    expect(slow.frames.at(-1)).toEqual({ goAway: { reconnectAfterMs: 0, reason: 'slow' } });
    const got = slow.versions(id);
    expect(got).toEqual(upTo(got.length));
    expect(got.length).toBeLessThan(head);

    const resumed = await hello(token);
    resumed.send({ watch: { conversationId: id, afterVersion: got.length } });
    head = say(id, text);
    await eventually(() => expect([...got, ...resumed.versions(id)]).toEqual(upTo(head)));
    // Nobody else was held up or sent away.
    await eventually(() => expect(reader.versions(id)).toEqual(upTo(head)));
    expect(reader.closed).toBeUndefined();
  });
});

describe('a socket', () => {
  it('is closed after 200 refused frames in a row, not after more with a good one in between', async () => {
    const socket = await hello((await gateway.visitor()).token);
    const refuse = async (times: number, all: number): Promise<void> => {
      for (let i = 0; i < times; i++) socket.send('{');
      await eventually(() => expect(socket.frames.filter((frame) => frame['error'])).toHaveLength(all));
    };
    await refuse(200, 200);
    socket.send({ ping: {} });
    await socket.next('pong');
    await refuse(201, 401);
    expect((await socket.end()).code).toBe(1008);
    const closing = socket.frames.flatMap((frame, i) => (frame['error']?.['close'] ? [i] : []));
    expect(closing).toEqual([socket.frames.length - 1]);
  });

  it('that is too fast hears which watch was not taken and when to ask again; to stop watching is always taken', async () => {
    const slow = await startGateway({
      natsUrl: nats.url,
      env: { PARLEY_SOCKET_RATE: '1' },
      conversation: (bus) => conversations.handlers(bus),
    });
    try {
      const { token, contactId } = await slow.visitor();
      const socket = await TestSocket.hello(slow.url, token);
      sockets.push(socket);
      const [one, other] = ['0-fast', '0-faster'];
      for (const id of [one, other]) conversations.open('acme', id, contactId);
      // In one go: a moment later there is room again.
      for (const conversationId of [one, other]) socket.send({ watch: { conversationId } });
      await eventually(() => expect(socket.versions(one)).toEqual([1]));
      expect(await socket.next('error')).toMatchObject({
        reason: 'RATE_LIMITED',
        retryAfterMs: expect.any(Number),
        violations: [{ field: 'watch.conversationId', description: other }],
      });
      socket.send({ unwatch: { conversationId: one } });
      await eventually(() => {
        socket.send({ watch: { conversationId: other } });
        expect(socket.versions(other)[0]).toBe(1);
      });
      for (const id of [one, other]) say(id);
      await eventually(() => expect(socket.versions(other).at(-1)).toBe(2));
      expect(socket.versions(one)).toEqual([1]);
    } finally {
      await slow.stop();
    }
  });

  it('watches 200 conversations at most', async () => {
    const { token, contactId } = await gateway.visitor();
    const socket = await hello(token);
    const ids = Array.from({ length: 201 }, (_, i) => `${i % 4}-many-${i}`);
    for (const id of ids) conversations.open('acme', id, contactId);
    for (const conversationId of ids) socket.send({ watch: { conversationId } });
    expect(await socket.next('error')).toMatchObject({ code: 8, reason: 'TOO_MANY_WATCHED' });
    const [first = '', last = ''] = [ids[0], ids[200]];
    for (const id of ids.slice(0, 200)) await eventually(() => expect(socket.versions(id)).toEqual([1]));
    // Again is not one more.
    socket.send({ watch: { conversationId: first } });
    await eventually(() => expect(socket.versions(first)).toEqual([1, 1]));
    expect(socket.versions(last)).toEqual([]);
    socket.send({ unwatch: { conversationId: first } });
    socket.send({ watch: { conversationId: last } });
    await eventually(() => expect(socket.versions(last)).toEqual([1]));
    expect(socket.frames.filter((frame) => frame['error'])).toHaveLength(1);
  });
});
