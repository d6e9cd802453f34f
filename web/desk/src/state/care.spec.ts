import { describe, expect, it } from '@jest/globals';
import type { presence, routing } from '@parley/client';
import { conversation, events, routingEvents } from '@parley/client';
import { followUpsOf, localInput, noFollowUps, urgencyOf } from './follow-ups.js';
import { emptyInbox, keptOf, noFilter, resynced, rowsOf } from './inbox.js';
import { arrivedChats, escalatedChats, transferNews } from './news.js';
import { declineReasonOf, reasonOf } from './reasons.js';
import { summaryDraft } from './summary.js';
import { agentTargets, isChosen, nobody, queueTargets } from './targets.js';
import { emptyThread, type Thread, withEvents } from './thread.js';

const { AgentStatus } = routingEvents;
const { InboxScope, ConversationState: State } = conversation;
const anna = { userId: 'anna', supervises: false, administers: false };
const WORDS = { topic: 'Topic', visitor: 'Visitor', note: 'Note' };

describe('a draft of a summary', () => {
  const written = (type: 'message' | 'note', text: string, author: 'visitor' | 'agent' = 'visitor') => ({
    ...{ type, text, author, id: text, version: 1, time: 1, authorId: author, name: '' },
  });
  it('has the topic, the notes and the last three messages of the visitor', () => {
    const items = [
      written('message', 'one'),
      written('message', 'two'),
      written('note', 'regular\n customer', 'agent'),
      written('message', 'answer', 'agent'),
      written('message', 'three'),
      written('message', 'x'.repeat(300)),
    ];
    expect(summaryDraft({ ...emptyThread, topic: 'Zips', items }, WORDS).split('\n')).toEqual([
      'Topic: Zips',
      'Note: regular customer',
      'Visitor: two',
      'Visitor: three',
      `Visitor: ${'x'.repeat(239)}…`,
    ]);
    expect(summaryDraft(emptyThread, WORDS)).toBe('');
  });
});

describe('whom a chat may be given to', () => {
  const agent = (agentId: string, change: Partial<routing.AgentState> = {}): routing.AgentState => ({
    agent: { agentId, name: agentId },
    status: AgentStatus.AGENT_STATUS_AVAILABLE,
    online: true,
    capacity: 4,
    freeCapacity: 4,
    ...change,
  });
  it('names who can take it now first: available, with a free slot, not in it', () => {
    const agents = [
      agent('away', { status: AgentStatus.AGENT_STATUS_AWAY }),
      agent('full', { used: 1, freeCapacity: 0 }),
      agent('free', { freeCapacity: 3 }),
      agent('freer'),
      agent('here'),
      agent('gone', { online: false }),
    ];
    const targets = agentTargets(agents, new Map(), ['here']);
    expect(targets.filter(({ ready }) => ready).map(({ id }) => id)).toEqual(['freer', 'free']);
    expect(targets.map(({ id }) => id).slice(2)).toEqual(['here', 'full', 'away', 'gone']);
    expect(targets.find(({ id }) => id === 'free')?.free).toBe(3);
  });
  it('goes by the latest presence', () => {
    const live = new Map<string, presence.AgentPresence>([
      ['free', { agentId: 'free', online: true, status: AgentStatus.AGENT_STATUS_AWAY }],
    ]);
    expect(agentTargets([agent('free')], live, [])[0]?.ready).toBe(false);
  });
  it('names queues with somebody free first, and knows closed ones', () => {
    const queue = (queueId: string, change: Partial<routing.QueueState> = {}): routing.QueueState => ({
      queue: { queueId, name: queueId },
      open: true,
      freeAgents: 1,
      ...change,
    });
    const targets = queueTargets([
      // As it comes from the gateway: a false is left out.
      queue('closed', { open: undefined }),
      // Somebody is there, and has no room.
      queue('busy', { agentsAvailable: 1, freeCapacity: 4, freeAgents: 0 }),
      queue('z'),
    ]);
    expect(targets.map(({ id, ready, closed }) => [id, ready, closed])).toEqual([
      ['z', true, false],
      ['busy', false, false],
      ['closed', false, true],
    ]);
  });
  it('is one agent or one queue', () => {
    expect([nobody, { agentId: 'a', queueId: '' }, { agentId: 'a', queueId: 'q' }].map(isChosen)).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('news', () => {
  const asked = withEvents(emptyThread, [
    { version: 1, event: { started: {} } },
    {
      version: 2,
      event: { transferRequested: { transferId: 't', fromAgentId: 'anna', toAgentId: 'ben' } },
    },
  ]);
  const then = (event: events.ConversationEvent): Thread => withEvents(asked, [{ version: 3, event }]);
  it('tell how an own transfer ended, and nobody else’s', () => {
    const reason = events.TransferRefused_Reason.REASON_DECLINED;
    const refused = then({ transferRefused: { transferId: 't', reason, note: 'busy' } });
    expect(transferNews(asked, refused, 'anna')).toMatchObject({ kind: 'refused', reason, note: 'busy' });
    expect(transferNews(asked, refused, 'ben')).toBeUndefined();
    const taken = then({ transferred: { transferId: 't', fromAgentId: 'anna', toAgentId: 'ben' } });
    expect(transferNews(asked, taken, 'anna')).toMatchObject({ kind: 'taken', to: { agentId: 'ben' } });
  });
  it('are none while it is under way, or when it was cancelled', () => {
    expect(transferNews(asked, then({ noteAdded: { text: 'hm' } }), 'anna')).toBeUndefined();
    const reason = events.TransferRefused_Reason.REASON_CANCELLED;
    expect(
      transferNews(asked, then({ transferRefused: { transferId: 't', reason } }), 'anna'),
    ).toBeUndefined();
  });
  it('name chats that came by themselves, not those that were taken, nor the first load', () => {
    const inbox = (...ids: string[]) =>
      resynced(
        emptyInbox,
        InboxScope.INBOX_SCOPE_MINE,
        ids.map((conversationId) => ({
          conversationId,
          version: 1,
          state: State.CONVERSATION_STATE_ACTIVE,
          agentIds: ['anna'],
        })),
        anna,
      );
    const viewer = (...expected: string[]) => ({ userId: 'anna', expected: new Set(expected) });
    expect(arrivedChats(inbox('a'), inbox('a', 'b', 'c'), viewer('c'))).toEqual(['b']);
    expect(arrivedChats(emptyInbox, inbox('a'), viewer())).toEqual([]);
    const joined = { conversationId: 'b', version: 1, agentIds: ['ben'], supervisorIds: ['anna'] };
    const mine = InboxScope.INBOX_SCOPE_MINE;
    expect(arrivedChats(inbox('a'), resynced(inbox('a'), mine, [joined], anna), viewer())).toEqual([]);
  });

  it('is told of those that are escalated, once, and not of what was so before it came', () => {
    const row = (version: number, escalated: boolean) => [
      { conversationId: 'a', version, state: State.CONVERSATION_STATE_QUEUED, escalated },
    ];
    const boss = { userId: 'sam', supervises: true, administers: false };
    const all = InboxScope.INBOX_SCOPE_ALL;
    const waiting = resynced(emptyInbox, all, row(1, false), boss);
    const escalated = resynced(waiting, all, row(2, true), boss);
    expect(escalatedChats(waiting, escalated)).toEqual(['a']);
    expect(escalatedChats(escalated, resynced(escalated, all, row(3, true), boss))).toEqual([]);
    expect(escalatedChats(emptyInbox, escalated)).toEqual([]);
  });
});

describe('chats that are kept', () => {
  const inbox = resynced(
    emptyInbox,
    InboxScope.INBOX_SCOPE_MINE,
    [
      { conversationId: 'p', version: 1, state: State.CONVERSATION_STATE_PARKED, parkedBy: 'anna' },
      { conversationId: 'h', version: 1, state: State.CONVERSATION_STATE_ON_HOLD, agentIds: ['anna'] },
      { conversationId: 'other', version: 1, state: State.CONVERSATION_STATE_PARKED, parkedBy: 'ben' },
    ],
    anna,
  );
  it('stay in the list of whoever keeps them, parked ones last, and can be shown alone', () => {
    const ids = (kept: 'held' | 'parked' | '') =>
      rowsOf(inbox, 'mine', { ...noFilter, kept })?.map(({ conversationId }) => conversationId);
    expect(ids('')).toEqual(['h', 'p']);
    expect([ids('held'), ids('parked')]).toEqual([['h'], ['p']]);
    expect([keptOf(inbox, 'mine', 'held'), keptOf(inbox, 'mine', 'parked')]).toEqual([1, 1]);
  });
});

describe('follow-ups', () => {
  const open = [
    { conversationId: 'a', ownerId: 'anna' },
    { conversationId: 'b', ownerId: '' },
  ];
  const all = { ...noFollowUps, open, answered: [] };
  it('are shown open, own, or answered', () => {
    expect(followUpsOf(all, 'open', 'anna')).toBe(open);
    expect(followUpsOf(all, 'mine', 'anna')).toEqual([open[0]]);
    expect(followUpsOf(all, 'answered', 'anna')).toEqual([]);
    expect(followUpsOf(noFollowUps, 'mine', 'anna')).toBeUndefined();
  });
  it('are late from their due time on, and soon within the hour before', () => {
    const due = 10_000_000;
    expect([due, due - 1, due - 3_600_000, due - 3_600_001].map((now) => urgencyOf(due, now))).toEqual([
      'late',
      'soon',
      'soon',
      'calm',
    ]);
    expect(urgencyOf(0, due)).toBe('calm');
  });
  it('give their due time to a form in the viewer’s zone', () => {
    const at = new Date(2026, 2, 9, 7, 5).getTime();
    expect(localInput(at)).toBe('2026-03-09T07:05');
    expect(localInput(0)).toBe('');
  });
});

describe('reasons', () => {
  it('are taken apart, and those of the list are known', () => {
    expect(reasonOf('skill:billing:3')).toEqual({ kind: 'skill', id: 'billing', level: '3' });
    expect(reasonOf('most_free')).toEqual({ kind: 'most_free', id: '', level: '' });
    expect([declineReasonOf('busy'), declineReasonOf('my dog barks')]).toEqual(['busy', undefined]);
  });
});
