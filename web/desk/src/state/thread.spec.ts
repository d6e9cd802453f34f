import { describe, expect, it } from '@jest/globals';
import { common, conversation, events } from '@parley/client';
import { threadRows } from './thread-rows.js';
import { emptyThread, isClosed, withEvents } from './thread.js';

const { Actor_Kind: Kind } = common;
const visitor = { kind: Kind.KIND_VISITOR, id: 'c1', name: 'Vera' };
const anna = { kind: Kind.KIND_AGENT, id: 'anna', name: 'Anna' };

const story = (...steps: [common.Actor, events.ConversationEvent, string?][]): events.RecordedEvent[] =>
  steps.map(([actor, event, time = '2026-03-01T10:00:00Z'], i) => ({ version: i + 1, time, actor, event }));
const said = (text: string): events.ConversationEvent => ({
  messageSent: { messageId: `m-${text}`, text: { text } },
});

const whole = story(
  [
    visitor,
    {
      started: { contactId: 'c1', topic: 'Tents', locale: 'de', page: { url: 'https://x/', title: 'Home' } },
    },
  ],
  [visitor, said('hello')],
  [visitor, { queueEntered: { queueId: 'default' } }],
  [anna, { agentJoined: { agentId: 'anna', agentName: 'Anna' } }],
  [anna, said('hi')],
  [anna, { noteAdded: { noteId: 'n1', text: 'regular customer' } }],
  [visitor, { readUpTo: { version: 5 } }],
  [anna, { readUpTo: { version: 2 } }],
  [visitor, { visitorIdentified: { name: 'Vera', email: 'vera@example.org', verified: true } }],
  [visitor, { pageChanged: { page: { url: 'https://x/cart' } } }],
  [anna, { closed: { reason: events.CloseReason.CLOSE_REASON_RESOLVED } }],
);

describe('a thread', () => {
  const thread = withEvents(emptyThread, whole);

  it('tells the facts of the conversation', () => {
    expect(thread).toMatchObject({
      version: 11,
      contactId: 'c1',
      name: 'Vera',
      email: 'vera@example.org',
      verified: true,
      topic: 'Tents',
      queueId: 'default',
      agentIds: ['anna'],
      visitorRead: 5,
      agentRead: 2,
      lastVisitorVersion: 2,
      page: { url: 'https://x/cart' },
    });
    expect(isClosed(thread)).toBe(true);
  });

  it('has messages, notes and lines in order, and no line for read marks', () => {
    expect(thread.items.map((item) => (item.type === 'system' ? item.happening.what : item.text))).toEqual([
      'started',
      'hello',
      'queued',
      'joined',
      'hi',
      'regular customer',
      'identified',
      'page',
      'closed',
    ]);
  });

  it('is the same whether events come at once, in parts or twice', () => {
    const parts = withEvents(withEvents(emptyThread, whole.slice(0, 4)), whole.slice(2));
    expect(parts).toEqual(thread);
  });

  it('goes back to the queue when reopened', () => {
    const reopened = withEvents(thread, [
      { version: 12, time: '', actor: visitor, event: { reopened: {} } },
      { version: 13, time: '', actor: visitor, event: { queueEntered: { queueId: 'default' } } },
    ]);
    expect(reopened.state).toBe(conversation.ConversationState.CONVERSATION_STATE_QUEUED);
    expect(reopened.agentIds).toEqual([]);
  });

  it('keeps its version dense over events that it does not know', () => {
    expect(withEvents(emptyThread, [{ version: 1 }]).version).toBe(1);
  });
});

describe('rows of a thread', () => {
  const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
  const rows = (...steps: Parameters<typeof story>) =>
    threadRows(withEvents(emptyThread, story(...steps)).items, dayOf);
  const shape = (list: ReturnType<typeof rows>) =>
    list.map((row) => (row.type === 'day' ? 'day' : `${row.first ? '[' : ''}${row.last ? ']' : ''}`));

  it('groups messages of one author that are close in time', () => {
    const list = rows(
      [visitor, said('a'), '2026-03-01T10:00:00Z'],
      [visitor, said('b'), '2026-03-01T10:04:00Z'],
      [visitor, said('c'), '2026-03-01T10:10:00Z'],
      [anna, said('d'), '2026-03-01T10:10:01Z'],
    );
    expect(shape(list)).toEqual(['day', '[', ']', '[]', '[]']);
  });

  it('starts a group anew on another day and after a line', () => {
    const list = rows(
      [visitor, said('a'), '2026-03-01T23:59:59Z'],
      [visitor, said('b'), '2026-03-02T00:00:01Z'],
      [visitor, { pageChanged: {} }, '2026-03-02T00:00:02Z'],
      [visitor, said('c'), '2026-03-02T00:00:03Z'],
    );
    expect(shape(list)).toEqual(['day', '[]', 'day', '[]', '[]', '[]']);
  });

  it('does not group a note with a message', () => {
    expect(shape(rows([anna, said('a')], [anna, { noteAdded: { noteId: 'n', text: 'x' } }]))).toEqual([
      'day',
      '[]',
      '[]',
    ]);
  });
});
