import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { Conversations } from '../testing/conversations.js';
import { startGateway, type TestGateway } from '../testing/platform.js';
import { TestSocket } from '../testing/socket.js';

const MESSAGES = 300;
const text = 'x'.repeat(65_536);

let nats: TestNats;
let gateway: TestGateway;
let socket: TestSocket;
const conversations = new Conversations();

/** A chat of messages that are as large as may be. */
const open = (id: string): void => {
  conversations.open('acme', id, 'vera');
  conversations.muted = true;
  for (let i = 0; i < MESSAGES; i++) say(id);
  conversations.muted = false;
};
const say = (id: string, words = text): number =>
  conversations.append('acme', id, {
    $case: 'messageSent',
    value: conversation.MessageSent.fromPartial({
      messageId: 'm',
      content: { $case: 'text', value: { text: words } },
    }),
  });

beforeAll(async () => {
  nats = await startNats();
  gateway = await startGateway({ natsUrl: nats.url, conversation: (bus) => conversations.handlers(bus) });
  socket = await TestSocket.hello(gateway.url, await gateway.token('ann'));
});
afterAll(async () => {
  socket.ws.terminate();
  await gateway.stop();
  await nats.stop();
});

describe('a conversation of large messages', () => {
  it('is watched page by page, and live from there on', async () => {
    const [id, other] = ['0-large', '1-small'];
    open(id);
    conversations.open('acme', other, 'vera');
    socket.send({ watch: { conversationId: other } });
    await eventually(() => expect(socket.versions(other)).toEqual([1]));
    socket.send({ watch: { conversationId: id } });
    await eventually(() => expect(socket.versions(id).length).toBeGreaterThan(0));
    say(other, 'meanwhile');
    say(id, 'at last');
    const all = Array.from({ length: MESSAGES + 2 }, (_, i) => i + 1);
    await eventually(() => expect(socket.versions(id)).toEqual(all), { timeoutMs: 30_000 });
    await eventually(() => expect(socket.versions(other)).toEqual([1, 2]));
    expect(socket.closed).toBeUndefined();
  });

  it('is refused, not waited for, where a page is more than one answer holds', async () => {
    const id = '2-undivided';
    open(id);
    conversations.pageBytes = Infinity;
    socket.send({ watch: { conversationId: id } });
    expect(await socket.next('error')).toMatchObject({ reason: 'MESSAGE_TOO_LARGE' });
  });
});
