import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conversation, transcript, type HandlerTable } from '@parley/contracts';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { Conversations, withoutOthers } from '../testing/conversations.js';
import { bearer, startGateway, type TestGateway } from '../testing/platform.js';
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

/** Transcripts of as many messages as their ids say, half of which are a part. */
const transcripts = {
  'parley.transcript.v1.TranscriptService': withoutOthers({
    getTranscript: async ({ conversationId, maxBytes }: transcript.GetTranscriptRequest) => {
      const events = Array.from({ length: Number(conversationId) }, (_, i) =>
        conversation.RecordedEvent.fromPartial({
          version: i + 1,
          event: {
            event: {
              $case: 'messageSent',
              value: { messageId: 'm', content: { $case: 'text', value: { text } } },
            },
          },
        }),
      );
      return transcript.GetTranscriptResponse.fromPartial({
        events: maxBytes > 0 ? events.slice(0, events.length / 2) : events,
      });
    },
  }),
  'parley.transcript.v1.TranscriptInternalService': withoutOthers({}),
} as unknown as HandlerTable;

beforeAll(async () => {
  nats = await startNats();
  gateway = await startGateway({
    natsUrl: nats.url,
    conversation: (bus) => conversations.handlers(bus),
    transcript: transcripts,
  });
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

describe('a transcript asked for as a whole in a socket', () => {
  const method = 'parley.transcript.v1.TranscriptService/GetTranscript';
  const ask = async (id: number, request: object): Promise<Record<string, unknown>> => {
    socket.send({ call: { id, method, request } });
    return socket.next('reply', (reply) => reply['id'] === id);
  };

  it('is answered up to 1 MB, and refused above unless in parts', async () => {
    expect(await ask(1, { conversationId: '14' })).toMatchObject({ response: expect.any(Object) });
    expect(await ask(2, { conversationId: '20' })).toMatchObject({
      error: { reason: 'TRANSCRIPT_TOO_LARGE' },
    });
    expect(await ask(3, { conversationId: '20', maxBytes: 700_000 })).toMatchObject({
      response: expect.any(Object),
    });
    // All of it in one answer over HTTP.
    const { status, json } = await gateway.call(
      method,
      { conversationId: '20' },
      bearer(await gateway.token('ann')),
    );
    expect({ status, events: (json['events'] as unknown[]).length }).toEqual({ status: 200, events: 20 });
  });
});
