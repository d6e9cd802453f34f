import { describe, expect, it } from '@jest/globals';
import type { events, OutboxItem } from '@parley/client';
import { rowsOf } from './rows.js';
import { emptyThread, evolve, unreadIn, withReceipt } from './thread.js';
import type { Thread } from './thread-types.js';

const START = new Date(2026, 4, 4, 12).getTime();
const visitor = { kind: 'KIND_VISITOR' } as const;
const agent = { kind: 'KIND_AGENT', id: 'a', name: 'Mara' } as const;

type Step = [actor: events.RecordedEvent['actor'], event: events.ConversationEvent, minute?: number];
const play = (...steps: Step[]): Thread =>
  steps.reduce(
    (thread, [actor, event, minute = 0], i) =>
      evolve(thread, { version: i + 1, time: new Date(START + minute * 60_000).toISOString(), actor, event }),
    emptyThread,
  );
const said = (messageId: string): events.ConversationEvent => ({
  messageSent: { messageId, text: { text: messageId } },
});
const item = (messageId: string, more: Partial<OutboxItem> = {}): OutboxItem => ({
  messageId,
  text: messageId,
  conversationId: 'c',
  clientSeq: 1,
  typedAt: START,
  ...more,
});
const messages = (thread: Thread, outbox: OutboxItem[] = []) =>
  rowsOf(thread, outbox).flatMap((row) => (row.kind === 'message' ? [row] : []));

describe('a thread', () => {
  it('goes from waiting to an agent to the end, and counts a hidden event', () => {
    const thread = play(
      [visitor, { started: {} }],
      [agent, { agentJoined: { agentName: 'Mara' } }],
      [agent, {}],
    );
    expect(thread).toMatchObject({ status: 'active', agents: [{ name: 'Mara' }], version: 3 });
    expect(evolve(thread, { version: 4, event: { closed: {} } }).status).toBe('closed');
  });

  it('counts what the visitor has not read', () => {
    const thread = play([visitor, said('1')], [agent, said('2')], [agent, said('3')]);
    expect(unreadIn(thread)).toBe(2);
    expect(
      unreadIn(evolve(thread, { version: 4, actor: visitor, event: { readUpTo: { version: 2 } } })),
    ).toBe(1);
  });

  it('forgets messages whose content was erased', () => {
    const thread = play([visitor, said('1')], [agent, { contentErased: { upToVersion: 1 } }]);
    expect(thread.entries).toEqual([]);
  });
});

describe('the rows of a thread', () => {
  it('put messages of one author within minutes together', () => {
    const thread = play(
      [visitor, said('1'), 0],
      [visitor, said('2'), 1],
      [visitor, said('3'), 9],
      [agent, said('4'), 9],
    );
    expect(messages(thread).map(({ first, last }) => [first, last])).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  it('name every day once', () => {
    const thread = play([visitor, said('1'), 0], [visitor, said('2'), 1], [visitor, said('3'), 24 * 60]);
    expect(rowsOf(thread, []).filter((row) => row.kind === 'day')).toHaveLength(2);
  });

  it('show how far an own message has got', () => {
    const waiting = play([visitor, said('1')]);
    expect(messages(waiting, [item('2'), item('3', { refused: 'no' })]).map((row) => row.delivery)).toEqual([
      'sent',
      'pending',
      'refused',
    ]);
    const joined = evolve(waiting, {
      version: 2,
      actor: agent,
      event: { agentJoined: { agentName: 'Mara' } },
    });
    // In the chat, but nothing is known of their desk yet.
    expect(messages(joined)[0]?.delivery).toBe('sent');
    const there = withReceipt(joined, 2);
    expect(messages(there)[0]?.delivery).toBe('delivered');
    const read = evolve(there, { version: 3, actor: agent, event: { readUpTo: { version: 1 } } });
    expect(messages(read)[0]?.delivery).toBe('read');
  });

  it('show a message once that is in the log and still in the outbox', () => {
    expect(messages(play([visitor, said('1')]), [item('1')])).toHaveLength(1);
  });
});
