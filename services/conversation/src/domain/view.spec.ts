import { describe, expect, it } from '@jest/globals';
import { common, conversation } from '@parley/contracts';
import {
  after,
  ann,
  annAnswered,
  annJoined,
  boss,
  by,
  sendWish,
  started,
  startWish,
  system,
  T0,
  visitor,
} from '../testing/story.js';
import type { Command } from './commands.js';
import { rowOf, showsDifference } from './rows.js';
import { emptyView, evolveView } from './view.js';

const rowAfter = (...commands: readonly Command[]): conversation.InboxRow =>
  rowOf('0-x', after(...commands).reduce(evolveView, emptyView));
const asked = by(visitor, sendWish('m1', 1, 'Is it black tea?'), 500);

describe('the line of an inbox', () => {
  it('of a waiting chat tells since when it waits, and for whom', () => {
    expect(rowAfter(by(visitor, { ...startWish, name: 'Mia' }), asked)).toMatchObject({
      contactName: 'Mia',
      state: conversation.ConversationState.CONVERSATION_STATE_QUEUED,
      queuedSince: new Date(T0),
      unansweredSince: new Date(T0 + 500),
      unread: 1,
      lastText: 'Is it black tea?',
      page: { url: 'https://shop.example/tea', title: 'Tea' },
    });
  });

  it('is marked once the failsafe has escalated it, until somebody takes it', () => {
    const informed = { next: conversation.VisitorInformed_Next.NEXT_ESCALATED, times: 1, queueId: '' };
    const escalated = by(system, { type: 'inform', informed }, 60_000);
    expect(rowAfter(started).escalated).toBe(false);
    expect(rowAfter(started, escalated).escalated).toBe(true);
    expect(rowAfter(started, escalated, annJoined).escalated).toBe(false);
    const [before, later] = [after(started), after(started, escalated)].map((facts) =>
      facts.reduce(evolveView, emptyView),
    );
    expect(showsDifference(before!, later!, after(started, escalated).slice(-1))).toBe(true);
  });

  it('is answered by the agent’s message and read by their mark', () => {
    const row = rowAfter(started, asked, annJoined, by(ann, { type: 'read', version: 4 }, 1500), annAnswered);
    expect(row).toMatchObject({
      unread: 0,
      unansweredSince: undefined,
      queuedSince: undefined,
      agentIds: ['ann'],
      lastAuthor: common.Actor_Kind.KIND_AGENT,
    });
  });

  it('counts the wait from the first message of a run', () => {
    const again = by(visitor, sendWish('m2', 2), 9000);
    expect(rowAfter(started, asked, again)).toMatchObject({ unread: 2, unansweredSince: new Date(T0 + 500) });
  });

  it('shows an excerpt of a long message', () => {
    expect(rowAfter(started, by(visitor, sendWish('m1', 1, 'x'.repeat(5000)))).lastText).toHaveLength(200);
  });

  it('once erased shows nothing personal', () => {
    const row = rowAfter(
      by(visitor, { ...startWish, name: 'Mia' }),
      asked,
      annJoined,
      by(boss, { type: 'erase', reason: '' }, 5000),
    );
    expect(row).toMatchObject({ contactName: '', lastText: '', topic: '', page: undefined });
    expect(JSON.stringify(row)).not.toMatch(/Mia|black tea/);
  });

  it('does not change by the visitor’s reading or a note', () => {
    const [read] = after(started, by(visitor, { type: 'read', version: 1 })).slice(-1);
    const view = after(started).reduce(evolveView, emptyView);
    if (!read) throw new Error('no event');
    expect(showsDifference(view, evolveView(view, read), [read])).toBe(false);
    const [message] = after(started, asked).slice(-1);
    if (!message) throw new Error('no event');
    expect(showsDifference(view, evolveView(view, message), [message])).toBe(true);
  });
});
