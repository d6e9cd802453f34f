import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { connect } from './connection.js';
import { moveOutbox, openOutbox, type OutboxOptions } from './outbox.js';
import { memoryStorage } from './storage.js';
import { type Fault, SimulatedGateway } from './testing/simulated-gateway.js';

const setUp = (options: Partial<OutboxOptions> = {}) => {
  const gateway = new SimulatedGateway();
  const storage = memoryStorage();
  const connection = connect({ url: 'ws://gateway/ws', token: async () => 'token' }, gateway.runtime);
  const open = (more: Partial<OutboxOptions> = {}) =>
    openOutbox({
      connection,
      storage,
      prefix: 'test.',
      conversationId: 'c',
      runtime: gateway.runtime,
      ...options,
      ...more,
    });
  return { gateway, storage, connection, open };
};

describe('an outbox', () => {
  it('sends every message once and in order whatever the network does', async () => {
    const fault = fc.constantFrom<Fault>('none', 'none', 'none', 'drop', 'duplicate', 'late', 'cut');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 40 }),
        fc.array(fc.nat(3_000), { minLength: 1, maxLength: 8 }),
        async (faults, pauses) => {
          const { gateway, connection, open } = setUp();
          gateway.inject(faults);
          const outbox = open();
          for (const [i, pause] of pauses.entries()) {
            outbox.send(`message ${i}`);
            await gateway.runtime.advance(pause);
          }
          await gateway.runtime.advance(1_500_000);
          connection.close();
          expect(gateway.texts('c')).toEqual(pauses.map((_, i) => `message ${i}`));
          expect(outbox.items()).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('goes on as the person whom the sender turned out to be', async () => {
    const { gateway, storage, connection, open } = setUp({ prefix: 'anonymous.' });
    await gateway.runtime.advance(100);
    gateway.inject(Array<Fault>(8).fill('cut'));
    const before = open();
    const [first] = [before.send('one'), before.send('two')];
    await gateway.runtime.advance(10);
    before.close();
    // The first one arrived, only nobody was told.
    gateway.append('c', first.messageId, 'one');
    moveOutbox(storage, 'anonymous.', 'known.', 'c');
    const after = open({ prefix: 'known.' });
    expect(after.items().map((item) => item.text)).toEqual(['one', 'two']);
    await gateway.runtime.advance(60_000);
    expect(gateway.texts('c')).toEqual(['one', 'two']);
    expect([storage.list('anonymous.'), after.items()]).toEqual([[], []]);
    connection.close();
  });

  it('takes along what was meant for a conversation that the other person is not in', async () => {
    const { gateway, storage, connection, open } = setUp({ prefix: 'anonymous.' });
    await gateway.runtime.advance(100);
    gateway.inject(['cut']);
    open().send('one');
    await gateway.runtime.advance(10);
    connection.close();
    moveOutbox(storage, 'anonymous.', 'known.', 'other');
    const later = connect({ url: 'ws://gateway/ws', token: async () => 'token' }, gateway.runtime);
    open({ prefix: 'known.', conversationId: 'other', connection: later });
    await gateway.runtime.advance(60_000);
    later.close();
    expect([gateway.texts('c'), gateway.texts('other')]).toEqual([[], ['one']]);
  });

  it('keeps what was typed offline over a reload and sends it on return', async () => {
    const { gateway, connection, open } = setUp();
    await gateway.runtime.advance(100);
    gateway.inject(Array<Fault>(8).fill('cut'));
    const before = open();
    before.send('one');
    before.send('two');
    await gateway.runtime.advance(10);
    before.close();
    const after = open();
    expect(after.items().map((item) => item.text)).toEqual(['one', 'two']);
    await gateway.runtime.advance(200_000);
    connection.close();
    expect(gateway.texts('c')).toEqual(['one', 'two']);
  });

  it('starts the conversation with the first message and sends the others after it', async () => {
    const started: string[] = [];
    const { gateway, connection, open } = setUp();
    const outbox = open({
      conversationId: undefined,
      start: async (first) => {
        started.push(first.text);
        if (started.length === 1) throw new TypeError('network');
        return { conversationId: 'new', created: false };
      },
    });
    outbox.send('one');
    outbox.send('two');
    await gateway.runtime.advance(60_000);
    connection.close();
    expect(started).toEqual(['one', 'one']);
    expect(outbox.conversationId).toBe('new');
    expect(gateway.texts('new')).toEqual(['one', 'two']);
  });

  it('counts on from what another tab sent', async () => {
    const { gateway, connection, open } = setUp();
    const one = open({ prefix: 'tab1.' });
    const other = open({ prefix: 'tab2.' });
    one.send('1');
    await gateway.runtime.advance(1_000);
    other.send('2');
    await gateway.runtime.advance(1_000);
    one.send('3');
    await gateway.runtime.advance(10_000);
    connection.close();
    expect(gateway.texts('c')).toEqual(['1', '2', '3']);
  });

  it('sets a message aside that is refused for good, and goes on with the next', async () => {
    const { gateway, connection, open } = setUp();
    gateway.refuse = (call) =>
      (call.request as { text?: string }).text === 'bad' ? { code: 3, message: 'text: too long' } : undefined;
    const outbox = open();
    outbox.send('bad');
    outbox.send('good');
    await gateway.runtime.advance(5_000);
    expect(gateway.texts('c')).toEqual(['good']);
    expect(outbox.items()).toMatchObject([{ text: 'bad', refused: 'text: too long', refusal: { code: 3 } }]);
    gateway.refuse = undefined;
    outbox.retry(outbox.items()[0]?.messageId ?? '');
    await gateway.runtime.advance(5_000);
    connection.close();
    expect(gateway.texts('c')).toEqual(['good', 'bad']);
  });

  it('forgets a message that another tab saw arrive', async () => {
    const { gateway, connection, open } = setUp();
    gateway.inject(Array<Fault>(100).fill('drop'));
    const outbox = open();
    const { messageId } = outbox.send('seen');
    outbox.confirm(messageId, 1);
    connection.close();
    expect(outbox.items()).toEqual([]);
  });
});
