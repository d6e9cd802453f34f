import { describe, expect, it } from '@jest/globals';
import type { events } from '@parley/client';
import { agentNameOf, awaitsAnswer, emptyThread, evolve, isOpen, unreadIn } from './thread.js';
import type { Thread } from './thread-types.js';

type Event = events.ConversationEvent;
const VISITOR = { kind: 'KIND_VISITOR' } as const;
const AGENT = { kind: 'KIND_AGENT', id: 'anna', name: 'Anna' } as const;

const add = (thread: Thread, event: Event, actor: events.RecordedEvent['actor'] = AGENT): Thread =>
  evolve(thread, { version: thread.version + 1, time: '2026-03-02T10:00:00Z', actor, event });
const play = (...all: Event[]): Thread => all.reduce((thread, event) => add(thread, event), emptyThread);
/** What is said between the messages: `what name other`. */
const said = ({ entries }: Thread): string[] =>
  entries.flatMap((entry) =>
    entry.kind === 'notice' ? [[entry.what, entry.name, entry.other].join(' ').trim()] : [],
  );

const started: Event = { started: {} };
const anna: Event = { agentJoined: { agentId: 'anna', agentName: 'Anna' } };
const ben: Event = { agentJoined: { agentId: 'ben', agentName: 'Ben', transferId: 't' } };
const leaves = (agentId: string, reason: events.AgentLeft['reason']): Event => ({
  agentLeft: { agentId, reason },
});

describe('a transfer as its visitor sees it', () => {
  it('to an agent, cold, is one line, and the other one is in charge', () => {
    const thread = play(started, anna, { transferRequested: {} }, ben, leaves('anna', 'REASON_TRANSFERRED'), {
      transferred: {},
    });
    expect(said(thread)).toEqual(['agentJoined Anna', 'handedTo Anna Ben']);
    expect([thread.status, agentNameOf(thread)]).toEqual(['active', 'Ben']);
  });

  it('to an agent, warm, has both in the chat, the first one in charge', () => {
    const thread = play(started, anna, ben);
    expect(said(thread)).toEqual(['agentJoined Anna', 'alsoJoined Ben']);
    expect(thread.agents.map(({ name }) => name)).toEqual(['Anna', 'Ben']);
    const later = add(thread, leaves('anna', 'REASON_LEFT'));
    expect(said(later).at(-1)).toBe('agentLeft Anna');
    expect([later.status, agentNameOf(later)]).toEqual(['active', 'Ben']);
  });

  it('to a queue is said, and the visitor waits', () => {
    const thread = play(started, anna, leaves('anna', 'REASON_TRANSFERRED'), {
      queueEntered: { reason: 'REASON_TRANSFERRED' },
    });
    expect(said(thread).at(-1)).toBe('handedOn Anna');
    expect([thread.status, agentNameOf(thread)]).toEqual(['queued', '']);
  });

  it('keeps the line of an arrival that came long before', () => {
    const message: Event = { messageSent: { messageId: 'm', text: { text: 'hello' } } };
    const thread = play(started, anna, ben, message, leaves('anna', 'REASON_TRANSFERRED'));
    expect(said(thread)).toEqual(['agentJoined Anna', 'alsoJoined Ben', 'handedTo Anna Ben']);
  });
});

describe('others in the chat', () => {
  it('a take-over is one line', () => {
    const thread = play(
      started,
      anna,
      leaves('anna', 'REASON_TAKEN_OVER'),
      { takenOver: { supervisorId: 'sue', supervisorName: 'Sue' } },
      { agentJoined: { agentId: 'sue', agentName: 'Sue' } },
    );
    expect(said(thread)).toEqual(['agentJoined Anna', 'takenOver Sue']);
    expect(agentNameOf(thread)).toBe('Sue');
  });

  it('a supervisor comes and goes, and the agent stays in charge', () => {
    const joined = play(started, anna, { supervisorJoined: { supervisorId: 'sue', supervisorName: 'Sue' } });
    expect(agentNameOf(joined)).toBe('Anna');
    const thread = add(joined, { supervisorLeft: { supervisorId: 'sue' } });
    expect(said(thread).slice(1)).toEqual(['supervisorJoined Sue', 'agentLeft Sue']);
  });

  it('a lost connection, a slow agent and a pause are said', () => {
    const held = play(started, anna, { held: { agentId: 'anna' } });
    expect([held.held, said(held).at(-1)]).toEqual([true, 'held Anna']);
    expect(add(held, { resumed: { agentId: 'anna' } }).held).toBe(false);
    const waits = add(held, { visitorInformed: { next: 'NEXT_AGENT_HELD' } });
    expect(said(waits).at(-1)).toBe('agentHeld Anna');
    const lost = add(waits, leaves('anna', 'REASON_DISCONNECTED'));
    expect([lost.held, said(lost).at(-1)]).toEqual([false, 'agentLost Anna']);
    expect(said(play(started, anna, leaves('anna', 'REASON_NO_REPLY'))).at(-1)).toBe('agentSlow Anna');
  });
});

describe('waiting', () => {
  it('knows the place and the range it was told, until somebody comes', () => {
    const told: Event = { waitEstimateShown: { position: 3, lowSeconds: 60, highSeconds: 300 } };
    const thread = play(started, told);
    expect(thread.wait).toEqual({ position: 3, low: 60, high: 300 });
    expect(add(thread, { waitEstimateShown: { position: 2 } }).wait).toEqual({
      position: 2,
      low: undefined,
      high: undefined,
    });
    expect(add(thread, anna).wait).toBeUndefined();
  });

  it('is not told the same twice in a row', () => {
    const still: Event = { visitorInformed: { next: 'NEXT_STILL_WAITING', times: 1 } };
    const moved: Event = { visitorInformed: { next: 'NEXT_MOVED' } };
    expect(said(play(started, still, still, moved, still))).toEqual([
      'stillWaiting',
      'moved',
      'stillWaiting',
    ]);
  });
});

describe('a message that is left', () => {
  const asked: Event = {
    messageRequested: { reason: 'REASON_WAITED_TOO_LONG', replyBy: '2026-03-03T09:00:00Z' },
  };
  const taken: Event = { messageTaken: { replyBy: '2026-03-03T09:00:00Z' } };
  const closed: Event = { closed: { reason: 'CLOSE_REASON_MESSAGE_TAKEN' } };
  const replyBy = Date.parse('2026-03-03T09:00:00Z');

  it('is asked for, confirmed once, and awaits its answer until that was read', () => {
    const requested = play(started, asked);
    expect(requested).toMatchObject({ status: 'taking', request: { replyBy, opensAt: 0 } });
    expect([isOpen(requested), awaitsAnswer(requested)]).toEqual([true, false]);
    const own: Event = { messageSent: { messageId: 'm', text: { text: 'call me' } } };
    const left = [taken, closed].reduce((thread, event) => add(thread, event), add(requested, own, VISITOR));
    expect(said(left)).toEqual(['messageTaken']);
    expect(left).toMatchObject({ status: 'closed', followUp: { replyBy, answered: false } });
    expect(awaitsAnswer(left)).toBe(true);
    const answer: Event = { messageSent: { messageId: 'a', text: { text: 'here I am' } } };
    const answered = add(add(left, answer), { followUpAnswered: { agentId: 'anna' } });
    expect([awaitsAnswer(answered), unreadIn(answered)]).toEqual([true, 1]);
    const read = add(answered, { readUpTo: { version: answered.version } }, VISITOR);
    expect([awaitsAnswer(read), unreadIn(read)]).toEqual([false, 0]);
  });

  it('is not awaited any more once the chat goes on', () => {
    const thread = play(started, taken, closed, { reopened: {} });
    expect([thread.followUp, thread.status]).toEqual([undefined, 'queued']);
  });
});
