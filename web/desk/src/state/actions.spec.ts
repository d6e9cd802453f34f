import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/client';
import { actionsOf, isUnseen } from './actions.js';
import { emptyThread, type Thread } from './thread.js';

const { ConversationState: State } = conversation;
const anna = { userId: 'anna', supervises: false, administers: false };
const ben = { userId: 'ben', supervises: false, administers: false };
const sam = { userId: 'sam', supervises: true, administers: false };

const thread = (change: Partial<Thread> = {}): Thread => ({
  ...emptyThread,
  version: 4,
  state: State.CONVERSATION_STATE_ACTIVE,
  agentIds: ['anna'],
  ...change,
});
const later = { takenAt: 1, dueAt: 2, ownerId: '', answeredAt: 0 };
const closed = (change: Partial<Thread> = {}) =>
  thread({ state: State.CONVERSATION_STATE_CLOSED, ...change });
const sorted = (of: Thread, viewer: typeof anna) => [...actionsOf(of, viewer)].sort();

describe('what can be done with a chat', () => {
  it('by its agent', () => {
    expect(sorted(thread(), anna)).toEqual(['close', 'hold', 'leave', 'note', 'park', 'reply', 'transfer']);
  });

  it('by an agent who is not in it: nothing', () => {
    expect(sorted(thread(), ben)).toEqual([]);
  });

  it('by a supervisor who looks on', () => {
    const actions = sorted(thread(), sam);
    expect(actions).toEqual(['close', 'hold', 'join', 'note', 'park', 'takeOver', 'transfer', 'whisper']);
  });

  it('by a supervisor who has joined: replies, and leaves again', () => {
    const actions = actionsOf(thread({ supervisorIds: ['sam'] }), sam);
    expect([actions.has('reply'), actions.has('leave'), actions.has('join')]).toEqual([true, true, false]);
  });

  it('on hold it is resumed, parked it is taken back by whoever parked it', () => {
    const held = actionsOf(thread({ state: State.CONVERSATION_STATE_ON_HOLD }), anna);
    expect([held.has('hold'), held.has('resume')]).toEqual([false, true]);
    const parked = thread({ state: State.CONVERSATION_STATE_PARKED, agentIds: [], parkedBy: 'anna' });
    expect(sorted(parked, anna)).toEqual(['close', 'note', 'unpark']);
    expect(sorted(parked, ben)).toEqual([]);
  });

  it('one transfer at a time, and no parking while two are in it', () => {
    const transfer = {
      id: 't',
      fromId: 'anna',
      to: { agentId: 'ben', queueId: '' },
      warm: false,
      summary: '',
      askedAt: 1,
    };
    const asking = actionsOf(thread({ transfer }), anna);
    expect([asking.has('transfer'), asking.has('cancelTransfer')]).toEqual([false, true]);
    expect(actionsOf(thread({ agentIds: ['anna', 'ben'] }), anna).has('park')).toBe(false);
  });

  it('closed with a message to answer it is answered, by nobody but its owner once it has one', () => {
    expect(sorted(closed({ later }), ben)).toEqual(['answer']);
    const owned = closed({ later: { ...later, ownerId: 'anna' } });
    expect([sorted(owned, ben), sorted(owned, anna), sorted(owned, sam)]).toEqual([
      [],
      ['answer'],
      ['answer'],
    ]);
    expect(sorted(closed({ later: { ...later, answeredAt: 3 } }), anna)).toEqual(['reopen']);
  });

  it('nobody takes over a chat in which the visitor leaves a message', () => {
    const state = State.CONVERSATION_STATE_TAKING_MESSAGE;
    expect(actionsOf(thread({ state, agentIds: [] }), sam).has('takeOver')).toBe(false);
  });
});

describe('looking on unseen', () => {
  it('is what supervisors do in live chats that are not theirs', () => {
    expect(isUnseen(thread(), sam)).toBe(true);
    expect(isUnseen(thread(), ben)).toBe(false);
    expect(isUnseen(thread({ supervisorIds: ['sam'] }), sam)).toBe(false);
    expect(isUnseen(closed(), sam)).toBe(false);
  });
});
