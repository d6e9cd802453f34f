import { describe, expect, it } from '@jest/globals';
import { common, ErrorCode, type events } from '@parley/client';
import {
  eventsArrived,
  noteGone,
  notePending,
  shownItems,
  typingArrived,
  typingExpired,
  unopened,
} from './conversation.js';

const anna = { userId: 'anna', name: 'Anna' };
const agent = { kind: common.Actor_Kind.KIND_AGENT, id: 'anna', name: 'Anna' };
const visitor = { kind: common.Actor_Kind.KIND_VISITOR, id: 'v', name: '' };
const sent = (version: number, messageId: string, actor: common.Actor = agent): events.RecordedEvent => ({
  version,
  time: '2026-01-01T00:00:00Z',
  actor,
  event: { messageSent: { messageId, text: { text: messageId } } },
});
const item = (messageId: string, typedAt: number, refused?: string) => ({
  messageId,
  text: messageId,
  conversationId: 'c',
  clientSeq: 0,
  typedAt,
  ...(refused ? { refused } : {}),
});
const states = (open: typeof unopened) =>
  shownItems(open, anna).map(({ item: { id }, delivery }) => [id, delivery]);

describe('an open conversation', () => {
  it('shows own messages from sending to read, each once', () => {
    const sending = { ...unopened, outbox: [item('a', 1), item('b', 2, 'Too long.')] };
    expect(states(sending)).toEqual([
      ['a', 'sending'],
      ['b', 'failed'],
    ]);
    const arrived = eventsArrived(sending, [sent(1, 'a')]);
    expect(states(arrived)).toEqual([
      ['a', 'sent'],
      ['b', 'failed'],
    ]);
    const receipt = { authorId: 'v', byVisitor: true, receivedVersion: 1 };
    expect(states(typingArrived(arrived, receipt, 'anna', 0))).toEqual([
      ['a', 'delivered'],
      ['b', 'failed'],
    ]);
    // A colleague's desk says nothing about the visitor, and a receipt ends nobody's typing.
    const typing = typingArrived(arrived, { authorId: 'v', byVisitor: true, typing: true }, 'anna', 0);
    const colleague = { authorId: 'ben', receivedVersion: 1 };
    expect(states(typingArrived(typing, colleague, 'anna', 0))[0]).toEqual(['a', 'sent']);
    expect(typingArrived(typing, receipt, 'anna', 0).typists).toHaveLength(1);
    const read = eventsArrived(arrived, [
      { version: 2, actor: visitor, event: { readUpTo: { version: 1 } } },
    ]);
    expect(states(read)).toEqual([
      ['a', 'read'],
      ['b', 'failed'],
    ]);
    expect(states({ ...read, outbox: [item('a', 1)] })).toEqual([['a', 'read']]);
  });

  it('says why a message was refused, also one that an older desk has stored', () => {
    const refusal = { code: ErrorCode.failedPrecondition, reason: 'CONVERSATION_CLOSED' };
    const outbox = [{ ...item('a', 1, 'It is closed.'), refusal }, item('b', 2, 'Too long.')];
    expect(shownItems({ ...unopened, outbox }, anna).map(({ reason }) => reason)).toEqual([
      { ...refusal, said: 'It is closed.' },
      { code: ErrorCode.unknown, reason: '', said: 'Too long.' },
    ]);
  });

  it('marks nothing at messages of the visitor', () => {
    expect(states(eventsArrived(unopened, [sent(1, 'x', visitor)]))).toEqual([['x', undefined]]);
  });

  it('keeps a note until its event comes, also when that overtakes the reply', () => {
    const note = { kind: 'note', noteId: 'n', text: 'hm', time: 5 } as const;
    const failed = { code: ErrorCode.permissionDenied, reason: 'NOT_A_PARTICIPANT', said: 'No.' };
    const pending = notePending(unopened, note);
    expect(states(pending)).toEqual([['n', 'sending']]);
    expect(states(notePending(pending, { ...note, failed }))).toEqual([['n', 'failed']]);
    expect(states(noteGone(pending, 'n'))).toEqual([]);
    const event = { version: 1, actor: agent, event: { noteAdded: { noteId: 'n', text: 'hm' } } };
    const arrived = eventsArrived(pending, [event]);
    expect(states(arrived)).toEqual([['n', undefined]]);
    expect(notePending(arrived, note)).toBe(arrived);
  });

  it('knows who types, until they write, stop or fall silent', () => {
    const typing = typingArrived(
      unopened,
      { authorId: 'v', typing: true, preview: 'he', byVisitor: true },
      'anna',
      0,
    );
    expect(typing.typists).toMatchObject([{ authorId: 'v', preview: 'he', byVisitor: true }]);
    expect(typingArrived(typing, { authorId: 'anna', typing: true }, 'anna', 0)).toBe(typing);
    expect(typingArrived(typing, { authorId: 'v', typing: false }, 'anna', 0).typists).toEqual([]);
    expect(eventsArrived(typing, [sent(1, 'x', visitor)]).typists).toEqual([]);
    expect(typingExpired(typing, 5_999)).toBe(typing);
    expect(typingExpired(typing, 6_000).typists).toEqual([]);
  });
});
