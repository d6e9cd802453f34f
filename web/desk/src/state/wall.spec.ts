import { describe, expect, it } from '@jest/globals';
import { emptyInbox, resynced } from './inbox.js';
import {
  agentRows,
  alarmOf,
  mayMove,
  queueRows,
  roomOf,
  statusOf,
  statusSince,
  waitingRows,
  wallTotals,
} from './wall.js';

const agent = (name: string, status: string, rest: object = {}) =>
  ({ agent: { agentId: name, name }, status: `AGENT_STATUS_${status}`, online: true, ...rest }) as never;
const everybody = { teamId: '', withOffline: true };
const names = (rows: readonly { agent?: { name?: string } }[]) => rows.map((row) => row.agent?.name);

describe('agents on the wall', () => {
  const all = [
    agent('Zoe', 'AVAILABLE'),
    agent('Ben', 'AWAY'),
    agent('Cem', 'NOT_RESPONDING'),
    agent('Eva', 'AVAILABLE', { overdue: 1 }),
    agent('Dan', 'AVAILABLE', { online: false }),
  ];

  it('stand in the order in which they need a look', () => {
    expect(names(agentRows(all, everybody))).toEqual(['Cem', 'Eva', 'Zoe', 'Ben', 'Dan']);
  });

  it('are offline without a connection, whatever they set', () => {
    expect(statusOf(agent('Dan', 'AVAILABLE', { online: false }))).toBe('AGENT_STATUS_OFFLINE');
  });

  it('have room for what routing would give them, or, when they are not available, their capacity', () => {
    const of = (status: string, rest: object) =>
      roomOf(agent('Zoe', status, { capacity: 10, used: 1, ...rest }));
    expect(of('AVAILABLE', { freeCapacity: 9 })).toEqual({ used: 1, limit: 10, full: false });
    // As many chats as they may have; then two units left to their team.
    expect(of('AVAILABLE', {})).toEqual({ used: 1, limit: 1, full: true });
    expect(of('AVAILABLE', { freeCapacity: 2 })).toEqual({ used: 1, limit: 3, full: false });
    expect(of('AVAILABLE', { used: 12 })).toEqual({ used: 12, limit: 10, full: true });
    expect(of('AWAY', {})).toEqual({ used: 1, limit: 10, full: false });
  });

  it('have a status since a time, unless they never set one', () => {
    const at = '2026-11-22T10:00:00Z';
    expect(statusSince(agent('Dan', 'AWAY', { statusSince: at }))).toBe(Date.parse(at));
    expect(statusSince(agent('Dan', 'OFFLINE', { statusSince: '1970-01-01T00:00:00Z' }))).toBeUndefined();
    expect(statusSince(agent('Dan', 'OFFLINE'))).toBeUndefined();
  });

  it('who are offline are left out when asked, unless they still have chats', () => {
    const some = [...all, agent('Fay', 'OFFLINE', { online: false, conversationIds: ['c1'] })];
    expect(names(agentRows(some, { teamId: '', withOffline: false }))).toEqual([
      'Cem',
      'Eva',
      'Zoe',
      'Ben',
      'Fay',
    ]);
  });

  it('are those of a team when one is chosen', () => {
    const day = agent('Gil', 'AVAILABLE', { agent: { agentId: 'gil', name: 'Gil', teamId: 'day' } });
    expect(names(agentRows([...all, day], { teamId: 'day', withOffline: true }))).toEqual(['Gil']);
  });
});

describe('waits', () => {
  it('alarm by the queue’s service level', () => {
    expect([29_000, 31_000, 61_000].map((ms) => alarmOf(ms, 0))).toEqual([0, 1, 2]);
    expect(alarmOf(61_000, 60)).toBe(1);
  });

  it('are summed over all queues', () => {
    const queues = [
      { waiting: 2, oldestEnteredAt: '2026-11-22T10:00:00Z' },
      { waiting: 1, oldestEnteredAt: '2026-11-22T09:59:00Z' },
      { waiting: 0, oldestEnteredAt: '2026-11-22T08:00:00Z' },
    ];
    const totals = wallTotals(queues, [
      agent('A', 'AVAILABLE', { conversationIds: ['1', '2'], overdue: 1 }),
      agent('B', 'AWAY'),
    ]);
    expect(totals).toEqual({
      waiting: 3,
      oldest: Date.parse('2026-11-22T09:59:00Z'),
      active: 2,
      available: 1,
      online: 2,
      overdue: 1,
    });
    expect(wallTotals([], []).oldest).toBe(0);
  });

  it('list the chats that wait, longest first', () => {
    const row = (conversationId: string, queuedSince: string) => ({
      conversationId,
      queuedSince,
      version: 1,
      state: 'CONVERSATION_STATE_QUEUED' as const,
    });
    const sam = { userId: 'sam', supervises: true, administers: false };
    const inbox = resynced(
      emptyInbox,
      'INBOX_SCOPE_QUEUE',
      [row('b', '2026-11-22T10:00:05Z'), row('a', '2026-11-22T10:00:01Z')],
      sam,
    );
    expect(waitingRows(inbox).map(({ conversationId }) => conversationId)).toEqual(['a', 'b']);
  });
});

describe('queues on the wall', () => {
  it('begin with the default one', () => {
    const queue = (name: string, isDefault = false) => ({ queue: { queueId: name, name, isDefault } });
    const rows = queueRows([queue('b'), queue('a'), queue('z', true)]);
    expect(rows.map((state) => state.queue?.name)).toEqual(['z', 'a', 'b']);
  });
});

describe('moving a chat', () => {
  const waiting = { conversationId: 'c', name: '', agentId: '', queueId: 'care' };

  it('goes anywhere but where it is', () => {
    expect(mayMove(waiting, { kind: 'queue', id: 'care' })).toBe(false);
    expect(mayMove(waiting, { kind: 'agent', id: 'anna' })).toBe(true);
    const active = { ...waiting, agentId: 'anna' };
    expect(mayMove(active, { kind: 'agent', id: 'anna' })).toBe(false);
    expect(mayMove(active, { kind: 'queue', id: 'care' })).toBe(true);
  });
});
