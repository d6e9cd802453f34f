import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/client';
import {
  emptyInbox,
  type Inbox,
  neighbour,
  noFilter,
  resynced,
  rowChanged,
  rowsOf,
  unreadOf,
} from './inbox.js';

const { InboxScope, ConversationState: State } = conversation;
const anna = { userId: 'anna', supervises: false, administers: false };
const sam = { userId: 'sam', supervises: true, administers: false };

const row = (id: string, version: number, more: conversation.InboxRow = {}): conversation.InboxRow => ({
  conversationId: id,
  version,
  state: State.CONVERSATION_STATE_ACTIVE,
  agentIds: ['anna'],
  ...more,
});

const loaded = (viewer = anna, ...rows: conversation.InboxRow[]): Inbox =>
  [InboxScope.INBOX_SCOPE_QUEUE, InboxScope.INBOX_SCOPE_CLOSED, InboxScope.INBOX_SCOPE_ALL].reduce(
    (inbox, scope) => resynced(inbox, scope, [], viewer),
    resynced(emptyInbox, InboxScope.INBOX_SCOPE_MINE, rows, viewer),
  );
const ids = (inbox: Inbox, list: 'mine' | 'queue' | 'closed' | 'all') =>
  rowsOf(inbox, list)?.map((entry) => entry.conversationId);

describe('an inbox', () => {
  it('is not loaded before its first resync', () => {
    expect(ids(emptyInbox, 'mine')).toBeUndefined();
    expect(ids(loaded(), 'mine')).toEqual([]);
  });

  it('keeps the newer version, whatever comes later', () => {
    const inbox = rowChanged(
      loaded(anna, row('a', 5, { lastText: 'new' })),
      row('a', 4, { lastText: 'old' }),
      anna,
    );
    expect(inbox.rows.get('a')?.lastText).toBe('new');
    const again = resynced(inbox, InboxScope.INBOX_SCOPE_MINE, [row('a', 3)], anna);
    expect(again.rows.get('a')?.version).toBe(5);
  });

  it('moves a row between lists when its state changes', () => {
    const queued = rowChanged(
      loaded(),
      row('a', 1, { state: State.CONVERSATION_STATE_QUEUED, agentIds: [] }),
      anna,
    );
    expect([ids(queued, 'queue'), ids(queued, 'mine')]).toEqual([['a'], []]);
    const joined = rowChanged(queued, row('a', 2), anna);
    expect([ids(joined, 'queue'), ids(joined, 'mine')]).toEqual([[], ['a']]);
    const closed = rowChanged(joined, row('a', 3, { state: State.CONVERSATION_STATE_CLOSED }), anna);
    expect([ids(closed, 'mine'), ids(closed, 'closed')]).toEqual([[], ['a']]);
  });

  it('drops what a resync lacks, and keeps a row that has left its list since', () => {
    const inbox = loaded(anna, row('a', 1), row('b', 1));
    expect(ids(resynced(inbox, InboxScope.INBOX_SCOPE_MINE, [row('b', 2)], anna), 'mine')).toEqual(['b']);
    const left = rowChanged(inbox, row('a', 9, { state: State.CONVERSATION_STATE_CLOSED }), anna);
    expect(
      ids(resynced(left, InboxScope.INBOX_SCOPE_MINE, [row('a', 1), row('b', 1)], anna), 'mine'),
    ).toEqual(['b']);
  });

  it('keeps what lies beyond a full resync', () => {
    const many = Array.from({ length: 200 }, (_, i) => row(`c${i}`, 1));
    const inbox = rowChanged(loaded(anna, ...many), row('extra', 1), anna);
    expect(ids(resynced(inbox, InboxScope.INBOX_SCOPE_MINE, many, anna), 'mine')).toHaveLength(201);
  });

  it('shows all open chats to supervisors only', () => {
    const other = row('x', 1, { agentIds: ['ben'] });
    expect(ids(rowChanged(loaded(sam), other, sam), 'all')).toEqual(['x']);
    expect(ids(rowChanged(loaded(anna), other, anna), 'all')).toEqual([]);
    const over = row('x', 2, { agentIds: ['ben'], state: State.CONVERSATION_STATE_CLOSED });
    expect(ids(rowChanged(loaded(sam), over, sam), 'closed')).toEqual(['x']);
    expect(ids(rowChanged(loaded(anna), over, anna), 'closed')).toEqual([]);
  });

  it('puts who waits longest first, then the latest talk', () => {
    const inbox = loaded(
      anna,
      row('calm-old', 1, { lastMessageAt: '2026-01-01T10:00:00Z' }),
      row('calm-new', 1, { lastMessageAt: '2026-01-01T11:00:00Z' }),
      row('waits', 1, { unansweredSince: '2026-01-01T10:30:00Z' }),
      row('waits-longer', 1, { unansweredSince: '2026-01-01T10:20:00Z' }),
    );
    expect(ids(inbox, 'mine')).toEqual(['waits-longer', 'waits', 'calm-new', 'calm-old']);
  });

  it('filters by queue and by unread, and counts unread', () => {
    const inbox = loaded(
      anna,
      row('a', 1, { unread: 2, queueId: 'q' }),
      row('b', 1, { queueId: 'q' }),
      row('c', 1),
    );
    const list = (filter: object) =>
      rowsOf(inbox, 'mine', { ...noFilter, ...filter })?.map((r) => r.conversationId);
    expect(list({ queueId: 'q' })).toEqual(['a', 'b']);
    expect(list({ unreadOnly: true })).toEqual(['a']);
    expect(unreadOf(inbox)).toBe(2);
  });

  it('knows the next and the previous chat', () => {
    const rows = rowsOf(loaded(anna, row('a', 1), row('b', 1)), 'mine') ?? [];
    expect(neighbour(rows, 'a', 1)).toBe('b');
    expect(neighbour(rows, 'b', 1)).toBe('b');
    expect(neighbour(rows, undefined, 1)).toBe('a');
    expect(neighbour([], 'a', -1)).toBeUndefined();
  });
});
