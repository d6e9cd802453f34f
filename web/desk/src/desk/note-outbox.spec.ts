import { describe, expect, it } from '@jest/globals';
import { ApiError, type Connection, ErrorCode, memoryStorage } from '@parley/client';
import type { PendingNote } from '../state/conversation.js';
import { Conversations } from './conversations.js';
import { NoteOutbox } from './note-outbox.js';

/** Lets all promises settle. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

interface Call {
  readonly method: string;
  readonly request: { readonly conversationId: string; readonly text: string } & Record<string, string>;
  readonly answer: PromiseWithResolvers<object>;
}

/** A connection whose calls the test answers, and whose welcomes and events it tells. */
const connected = () => {
  const calls: Call[] = [];
  const listeners = new Map<string, (value: unknown) => void>();
  const watches = new Map<string, (events: readonly object[]) => void>();
  const connection = {
    call: (method: string, request: Call['request']) => {
      const answer = Promise.withResolvers<object>();
      calls.push({ method: method.split('/')[1] ?? '', request, answer });
      return answer.promise;
    },
    on: (event: string, listener: (value: unknown) => void) => {
      listeners.set(event, listener);
      return () => void listeners.delete(event);
    },
    watch: (id: string, { onEvents }: { onEvents: (events: readonly object[]) => void }) => {
      watches.set(id, onEvents);
      return { stop: () => void watches.delete(id) };
    },
  } as unknown as Connection;
  return {
    connection,
    calls,
    texts: () => calls.map(({ request }) => request.text),
    answer: async () => {
      calls.at(-1)?.answer.resolve({});
      await settled();
    },
    refuse: async (code: ErrorCode, reason: string) => {
      calls.at(-1)?.answer.reject(new ApiError(code, 'Said.', { reason }));
      await settled();
    },
    welcome: async () => {
      listeners.get('welcome')?.({});
      await settled();
    },
    arrive: (id: string, ...events: readonly object[]) => watches.get(id)?.(events),
  };
};

const page = (storage = memoryStorage()) => {
  const net = connected();
  const pending: PendingNote[] = [];
  const timers: (() => void)[] = [];
  const outbox = new NoteOutbox({
    ...{ connection: net.connection, storage, prefix: 'anna.' },
    onPending: (_id, note) => pending.push(note),
    runtime: { random: () => 0, setTimer: (run) => timers.push(run), clearTimer: () => undefined },
  });
  return { ...net, storage, outbox, pending, timers };
};

describe('notes and whispers on their way', () => {
  it('are kept over a reload and sent on return: in order, with the ids that they were given', async () => {
    const before = page();
    before.outbox.add('c', 'one', 'note');
    before.outbox.add('c', 'two', 'whisper');
    before.outbox.add('d', 'three', 'note');
    expect(before.texts()).toEqual(['one', 'three']);
    before.outbox.close();
    const after = page(before.storage);
    expect([...after.outbox.conversations()]).toEqual(['c', 'd']);
    expect(after.outbox.notes('c').map(({ text }) => text)).toEqual(['one', 'two']);
    expect(after.calls[0]?.request).toEqual(before.calls[0]?.request);
    for (const { answer } of after.calls) answer.resolve({});
    await settled();
    expect(after.calls.map(({ method, request }) => [method, request.text])).toEqual([
      ['AddNote', 'one'],
      ['AddNote', 'three'],
      ['WhisperToAgent', 'two'],
    ]);
    expect(after.calls[2]?.request['whisperId']).toBe(before.pending[1]?.noteId);
    await after.answer();
    expect([...after.outbox.conversations()]).toEqual([]);
  });

  it('are sent again after what may pass, by the clock or when the connection is back', async () => {
    const { outbox, calls, pending, timers, refuse, welcome, answer } = page();
    outbox.add('c', 'one', 'note');
    await refuse(ErrorCode.deadlineExceeded, 'NO_REPLY');
    expect(calls).toHaveLength(1);
    await welcome();
    expect(calls).toHaveLength(2);
    await refuse(ErrorCode.unavailable, 'NO_OWNER');
    timers.at(-1)?.();
    await settled();
    await answer();
    expect(calls.map(({ request }) => request)).toEqual(Array(3).fill(calls[0]?.request));
    expect(pending.map(({ failed }) => failed)).toEqual([undefined]);
    expect(outbox.notes('c')).toEqual([]);
  });

  it('wait for their writer when they are refused, over a reload too, and keep no others up', async () => {
    const before = page();
    before.outbox.add('c', 'one', 'note');
    before.outbox.add('c', 'two', 'note');
    await before.refuse(ErrorCode.permissionDenied, 'NOT_A_PARTICIPANT');
    expect(before.pending.at(-1)).toMatchObject({ text: 'one', failed: { reason: 'NOT_A_PARTICIPANT' } });
    await before.answer();
    expect(before.texts()).toEqual(['one', 'two']);
    before.outbox.close();
    const after = page(before.storage);
    expect([after.calls, after.outbox.notes('c')]).toMatchObject([
      [],
      [{ text: 'one', failed: { code: 7 } }],
    ]);
    after.outbox.retry(before.pending[0]?.noteId ?? '');
    expect(after.pending.at(-1)?.failed).toBeUndefined();
    await after.answer();
    expect([after.texts(), after.outbox.notes('c')]).toEqual([['one'], []]);
  });

  it('stay away when they are discarded under way', async () => {
    const { outbox, pending, refuse } = page();
    outbox.add('c', 'one', 'note');
    outbox.forget(pending[0]?.noteId ?? '');
    await refuse(ErrorCode.permissionDenied, 'NOT_A_PARTICIPANT');
    expect([outbox.notes('c'), pending.length]).toEqual([[], 1]);
  });

  it('are shown after a reload until their event comes, whoever got the reply', async () => {
    const storage = memoryStorage();
    const shared = { storage, userId: 'anna', prefix: 'anna.', onNews: () => undefined };
    const before = new Conversations({ ...shared, connection: connected().connection });
    before.note('c', 'one', 'note');
    before.close();
    const net = connected();
    const after = new Conversations({ ...shared, connection: net.connection });
    const notes = () => after.open('c').get().notes;
    expect(notes()).toMatchObject([{ kind: 'note', text: 'one' }]);
    const noteAdded = { noteId: notes()[0]?.noteId, text: 'one' };
    net.arrive('c', { version: 1, actor: { id: 'anna' }, event: { noteAdded } });
    expect([notes(), storage.list('anna.')]).toEqual([[], []]);
    after.close();
  });
});
