import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { commandSubject, conversation, type HandlerTable } from '@parley/contracts';
import { ApiError, ErrorCode, type RequestContext } from '@parley/kernel';
import { createLogger, metrics } from '@parley/telemetry';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { connectBus, natsConnection } from './connect.js';
import { NatsTransport } from './transport.js';
import type { Bus } from './types.js';

const SEND = 'parley.conversation.v1.ConversationService/SendMessage';
const logger = createLogger('test', { level: 'silent' });
type Send = (request: conversation.SendMessageRequest, context: RequestContext) => Promise<unknown>;

/** Only SendMessage does anything here. */
const handlers = (sendMessage: Send): HandlerTable => {
  const refuse = async (): Promise<never> => {
    throw new ApiError(ErrorCode.unimplemented, 'not in this test');
  };
  const service = new Proxy({}, { get: (_, name) => (name === 'sendMessage' ? sendMessage : refuse) });
  return { 'parley.conversation.v1.ConversationService': service } as HandlerTable;
};

const context = (ms = 20_000, role: 'visitor' | 'system' = 'visitor'): RequestContext => ({
  tenant: 'acme',
  principal: { role, id: 'c1', name: 'Ada' },
  deadline: Date.now() + ms,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
});

const body = (text: string): Uint8Array =>
  conversation.SendMessageRequest.encode(
    conversation.SendMessageRequest.fromPartial({ conversationId: '3-abc', messageId: text, text }),
  ).finish();
const resentToNobody = async (): Promise<number> => {
  const { values } = await metrics.counter('busResends').get();
  return values.find(({ labels }) => labels['reason'] === 'no_responders')?.value ?? 0;
};
const versionOf = (bytes: Uint8Array): number => conversation.SendMessageResponse.decode(bytes).version;

describe('commands over NATS', () => {
  let nats: TestNats;
  let client: Bus;
  let server: Bus;
  const transports: NatsTransport[] = [];

  const serve = async (sendMessage: Send, partition = 3, bus = server): Promise<NatsTransport> => {
    const transport = new NatsTransport({
      bus,
      service: 'conversation',
      handlers: handlers(sendMessage),
      logger,
    });
    transports.push(transport);
    await transport.own(partition);
    return transport;
  };
  const send = (text: string, ctx = context(), path = SEND): Promise<Uint8Array> =>
    client.request(commandSubject('conversation', 3), path, body(text), ctx);

  beforeAll(async () => {
    nats = await startNats();
    client = await connectBus({ url: nats.url, name: 'client' });
    server = await connectBus({ url: nats.url, name: 'server' });
  });
  afterEach(async () => {
    await Promise.all(transports.splice(0).map((transport) => transport.drain()));
  });
  afterAll(async () => {
    await Promise.all([client.drain(), server.drain()]);
    await nats.stop();
  });

  it('hands over request and context, and brings back the answer', async () => {
    const seen: unknown[] = [];
    await serve(async (request, ctx) => {
      seen.push(request.text, ctx);
      return { version: 7, time: undefined };
    });
    const ctx = context();
    expect(versionOf(await send('hello', ctx))).toBe(7);
    expect(seen).toEqual(['hello', ctx]);
  });

  it('brings back an ApiError with its violations', async () => {
    const violations = [{ field: 'text', description: 'must not be empty' }];
    await serve(async () => {
      throw new ApiError(ErrorCode.invalidArgument, 'text: must not be empty', { reason: 'BAD', violations });
    });
    await expect(send('x')).rejects.toMatchObject({
      code: ErrorCode.invalidArgument,
      message: 'text: must not be empty',
      details: { reason: 'BAD', violations },
    });
  });

  it('does not tell the text of unknown errors', async () => {
    await serve(() => {
      throw new Error('password of the database: hunter2');
    });
    const error = await send('x').catch((thrown: unknown) => thrown as ApiError);
    expect(error).toMatchObject({ code: ErrorCode.internal, details: { reason: 'INTERNAL' } });
    expect(String((error as ApiError).message)).not.toContain('hunter2');
  });

  it('refuses a role that the contract does not name', async () => {
    let called = false;
    await serve(async () => {
      called = true;
      return { version: 1, time: undefined };
    });
    await expect(send('x', context(20_000, 'system'))).rejects.toMatchObject({
      code: ErrorCode.permissionDenied,
    });
    expect(called).toBe(false);
  });

  it('refuses methods it does not know, missing contexts and bodies that are no message', async () => {
    await serve(async () => ({ version: 1, time: undefined }));
    await expect(send('x', context(), 'parley.x.v1.No/Such')).rejects.toMatchObject({
      code: ErrorCode.unimplemented,
    });
    const subject = commandSubject('conversation', 3);
    await expect(
      client.request(subject, SEND, new Uint8Array([0xff, 0xff, 0xff]), context()),
    ).rejects.toMatchObject({ details: { reason: 'MALFORMED_BODY' } });
    const bare = await natsConnection(client).request(subject, body('x'), { timeout: 2_000 });
    expect(bare.headers?.get('Parley-Error-Code')).toBe(String(ErrorCode.unimplemented));
  });

  it('waits for a server that comes late', async () => {
    const answer = send('early');
    await serve(async () => ({ version: 2, time: undefined }));
    expect(versionOf(await answer)).toBe(2);
  });

  it('asks again soon when whoever came late does not answer', async () => {
    const before = await resentToNobody();
    const answer = send('unheard', context(20_000));
    // So often that each time counted as silence would mean a minute of patience.
    await eventually(async () => (await resentToNobody()) >= before + 5);
    let heard = 0;
    const subscription = natsConnection(server).subscribe(commandSubject('conversation', 3), {
      callback: (_, message) => {
        const response = conversation.SendMessageResponse.fromPartial({ version: ++heard });
        if (heard > 1) message.respond(conversation.SendMessageResponse.encode(response).finish());
      },
    });
    expect(versionOf(await answer)).toBe(2);
    subscription.unsubscribe();
  });

  it('says unavailable when nobody came until the deadline, deadlineExceeded when somebody was too slow', async () => {
    await expect(send('nobody', context(1_000))).rejects.toMatchObject({
      code: ErrorCode.unavailable,
      details: { reason: 'NO_OWNER' },
    });
    await serve(() => new Promise((resolve) => setTimeout(() => resolve({ version: 1 }), 400)));
    await expect(send('slow', context(150))).rejects.toMatchObject({ code: ErrorCode.deadlineExceeded });
    await expect(send('past', context(-1))).rejects.toMatchObject({ code: ErrorCode.deadlineExceeded });
  });

  it('loses nothing when partitions move while requests run', async () => {
    const applied = new Map<string, number>();
    const handle: Send = async ({ messageId }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      applied.set(messageId, (applied.get(messageId) ?? 0) + 1);
      return { version: 1, time: undefined };
    };
    const other = await connectBus({ url: nats.url, name: 'other' });
    const first = await serve(handle);
    const second = await serve(handle, 3, other);
    await second.disown(3);
    const sent = Array.from({ length: 300 }, (_, i) => i);
    const answers = Promise.all(
      sent.map(async (i) => {
        await new Promise((resolve) => setTimeout(resolve, i));
        return send(`m${i}`);
      }),
    );
    for (let i = 0; i < 5; i++) {
      await Promise.all([first.disown(3), second.own(3)]);
      await Promise.all([first.own(3), second.disown(3)]);
    }
    expect(await answers).toHaveLength(300);
    expect([...applied.values()].every((times) => times === 1)).toBe(true);
    expect(applied.size).toBe(300);
    await second.drain();
    await other.drain();
  });

  it('answers what is under way before drain ends', async () => {
    let release: (() => void) | undefined;
    const transport = await serve(
      () => new Promise((resolve) => (release = () => resolve({ version: 9, time: undefined }))),
    );
    const answer = send('under way');
    await eventually(() => release !== undefined);
    const drained = transport.drain();
    release?.();
    await drained;
    expect(versionOf(await answer)).toBe(9);
  });

  it('survives a server that is killed and comes back', async () => {
    await serve(async () => ({ version: 4, time: undefined }));
    const states: boolean[] = [];
    client.onConnection((connected) => states.push(connected));
    await nats.kill();
    await eventually(() => !client.connected && !server.connected);
    const answer = send('while away', context(20_000));
    await nats.restart();
    expect(versionOf(await answer)).toBe(4);
    await eventually(() => expect(states).toEqual([false, true]));
  });
});

describe('connectBus', () => {
  it('says in one line what to do when nobody answers, without the password', async () => {
    const attempt = connectBus({
      url: 'nats://me:secret@127.0.0.1:1',
      name: 'x',
      connectTimeoutMs: 200,
    });
    await expect(attempt).rejects.toThrow(/^NATS at nats:\/\/127\.0\.0\.1:1 does not answer .*NATS_URL$/);
  });
});
