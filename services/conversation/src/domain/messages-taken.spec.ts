import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import {
  after,
  ann,
  annJoined,
  bob,
  boss,
  by,
  given,
  HOUR,
  leaveMessageWish,
  messageLeft,
  messageRequested,
  MINUTE,
  sendWish,
  started,
  startWish,
  stateAfter,
  stranger,
  system,
  T0,
  visitor,
} from '../testing/story.js';
import type { Command } from './commands.js';
import { emptyView, evolveView } from './view.js';

const { CloseReason: Reason, ConversationState: Status } = conversation;
const left = by(visitor, leaveMessageWish, 2 * MINUTE);
const cases = (command: Command, ...before: Command[]) =>
  given(...before)
    .when(command)
    .facts.map((fact) => fact.$case);
const details = (command: Command, ...before: Command[]) => given(...before).when(command).error?.details;
const wrote = by(visitor, sendWish('m1', 1), 30_000);
const address = { name: 'Mia', email: 'mia@example.org', recorded: false };

describe('a visitor who is asked for a message', () => {
  it('is told by when it is answered', () => {
    expect(stateAfter(started, messageRequested)).toMatchObject({
      status: Status.CONVERSATION_STATE_TAKING_MESSAGE,
      messageReason: conversation.MessageRequested_Reason.REASON_WAITED_TOO_LONG,
      replyBy: T0 + 24 * HOUR,
    });
    expect(given(started, messageRequested).when(messageRequested)).toEqual({ facts: [] });
    expect(given(started, annJoined).when(messageRequested)).toEqual({ facts: [] });
  });

  it('leaves it in one commit, with what was promised', () => {
    const { facts } = given(started, messageRequested).when(left);
    expect(facts.map((fact) => fact.$case)).toEqual([
      'visitorIdentified',
      'messageSent',
      'messageTaken',
      'closed',
    ]);
    expect(facts[2]?.value).toEqual({ queueId: 'default', replyBy: new Date(T0 + 24 * HOUR) });
    expect(facts[3]?.value).toMatchObject({ reason: Reason.CLOSE_REASON_MESSAGE_TAKEN });
    expect(given(started, messageRequested, left).when(left)).toEqual({ facts: [] });
  });

  it('may leave what they wrote while they waited', () => {
    const nothingMore = by(visitor, { ...leaveMessageWish, text: '', email: '', name: '' }, 2 * MINUTE);
    expect(cases(nothingMore, started, wrote, messageRequested)).toEqual(['messageTaken', 'closed']);
    expect(details(nothingMore, started, messageRequested)?.violations?.[0]?.field).toBe('text');
    const erased = by(boss, { type: 'erase', reason: '' }, 45_000);
    expect(details(nothingMore, started, wrote, erased, messageRequested)?.violations?.[0]?.field).toBe(
      'text',
    );
  });

  it('may write more before, and goes: that is the message, when it can be answered', () => {
    const gone = (more: object) =>
      by(system, { type: 'visitorLeft', lastContactAt: T0 + MINUTE, ...more }, 3 * MINUTE);
    expect(cases(gone({ address }), started, wrote, messageRequested)).toEqual([
      'visitorIdentified',
      'messageTaken',
      'closed',
    ]);
    expect(
      cases(gone({ address: { ...address, recorded: true } }), started, wrote, messageRequested),
    ).toEqual(['messageTaken', 'closed']);
    for (const [more, ...before] of [
      [{}, started, wrote, messageRequested],
      [{ address }, started, messageRequested],
    ] as const)
      expect(given(...before).when(gone(more)).facts).toEqual([
        {
          $case: 'closed',
          value: { reason: Reason.CLOSE_REASON_ABANDONED, effectiveAt: new Date(T0 + MINUTE) },
        },
      ]);
  });

  it('is not waited for beyond the idle time, nor when they close the window', () => {
    const expired = by(system, { type: 'expire', address }, 2 * HOUR);
    const closed = by(visitor, { type: 'close', reason: 0, address }, 2 * MINUTE);
    for (const end of [expired, closed]) {
      expect(cases(end, started, wrote, messageRequested)).toContain('messageTaken');
      expect(given(started, messageRequested).when(end).facts[0]?.value).toMatchObject({
        reason: Reason.CLOSE_REASON_ABANDONED,
      });
    }
  });
});

describe('a message instead of waiting', () => {
  it('is the visitor’s own choice, with the promise that routing gives', () => {
    const { facts } = given(started).when(left);
    expect(facts[0]).toEqual({
      $case: 'messageRequested',
      value: {
        reason: conversation.MessageRequested_Reason.REASON_VISITOR,
        replyBy: new Date(T0 + 48 * HOUR),
        opensAt: undefined,
      },
    });
    expect(facts.at(-2)?.value).toMatchObject({ replyBy: new Date(T0 + 48 * HOUR) });
  });

  it('is not for a chat with an agent, nor for others', () => {
    expect(details(left, started, annJoined)?.reason).toBe('AGENT_IN_CHAT');
    expect(details(by(stranger, leaveMessageWish), started)?.reason).toBe('CONVERSATION_NOT_FOUND');
    expect(details(by(visitor, { ...leaveMessageWish, clientSeq: 4 }), started)?.reason).toBe('OUT_OF_ORDER');
  });

  it('begins a conversation that is over at once, and asks nobody', () => {
    const start = { ...startWish, messageId: 'm1', text: 'Call me back', replyBy: T0 + HOUR };
    expect(cases(by(visitor, start))).toEqual(['started', 'messageSent', 'messageTaken', 'closed']);
    expect(stateAfter(by(visitor, start))).toMatchObject({
      status: Status.CONVERSATION_STATE_CLOSED,
      closeReason: Reason.CLOSE_REASON_MESSAGE_TAKEN,
      followUp: { dueAt: T0 + HOUR, ownerId: '', answeredAt: 0 },
    });
    expect(details(by(visitor, { ...start, text: '' }))?.violations?.[0]?.field).toBe('text');
  });
});

describe('a follow-up', () => {
  const assign = (agentId: string, dueAt = 0) => ({ type: 'assignFollowUp', agentId, dueAt }) as const;
  const answer = { type: 'answerFollowUp', messageId: 'a1', text: 'It is green.' } as const;

  it('is taken by agents for themselves, and given by supervisors', () => {
    expect(given(...messageLeft).when(by(ann, assign('ann'), HOUR)).facts).toEqual([
      { $case: 'followUpAssigned', value: { agentId: 'ann', dueAt: undefined } },
    ]);
    const anns = [...messageLeft, by(ann, assign('ann'), HOUR)];
    expect(given(...anns).when(by(ann, assign('ann'), HOUR))).toEqual({ facts: [] });
    expect(details(by(bob, assign('bob'), HOUR), ...anns)?.reason).toBe('NOT_YOURS');
    expect(details(by(ann, assign('bob'), HOUR), ...anns)?.reason).toBe('NOT_YOURS');
    expect(cases(by(ann, assign(''), HOUR), ...anns)).toEqual(['followUpAssigned']);
    expect(stateAfter(...anns, by(boss, assign('bob', T0 + 30 * HOUR), HOUR)).followUp).toMatchObject({
      ownerId: 'bob',
      dueAt: T0 + 30 * HOUR,
    });
    expect(details(by(boss, assign('', T0), HOUR), ...messageLeft)?.violations?.[0]?.field).toBe('dueAt');
  });

  it('is answered once, by mail when there is an address; the conversation stays closed', () => {
    const { facts } = given(...messageLeft).when(by(ann, { ...answer, address }, HOUR));
    expect(facts.map((fact) => fact.$case)).toEqual(['visitorIdentified', 'messageSent', 'followUpAnswered']);
    expect(facts[2]?.value).toEqual({ agentId: 'ann', byMail: true });
    const answered = [...messageLeft, by(ann, answer, HOUR)];
    expect(stateAfter(...answered)).toMatchObject({
      status: Status.CONVERSATION_STATE_CLOSED,
      followUp: { ownerId: 'ann', answeredAt: T0 + HOUR },
    });
    expect(given(...answered).when(by(ann, answer, HOUR))).toEqual({ facts: [] });
    expect(details(by(bob, { ...answer, messageId: 'b1' }, HOUR), ...answered)?.reason).toBe(
      'FOLLOW_UP_ANSWERED',
    );
    expect(details(by(ann, answer, HOUR), started)?.reason).toBe('NO_FOLLOW_UP');
  });

  it('of a colleague is theirs to answer, or a supervisor’s', () => {
    const bobs = [...messageLeft, by(boss, assign('bob'), HOUR)];
    expect(details(by(ann, answer, HOUR), ...bobs)?.reason).toBe('NOT_YOURS');
    expect(cases(by(boss, answer, HOUR), ...bobs)).toEqual(['messageSent', 'followUpAnswered']);
  });

  it('is answered too by an agent’s message when the visitor comes back', () => {
    const back = [
      ...messageLeft,
      by(visitor, { type: 'reopen' }, HOUR),
      by(
        system,
        {
          type: 'join',
          agentId: 'ann',
          agentName: 'Ann',
          queueId: '',
          offerId: 'o',
          transferId: '',
          queueVersion: 0,
        },
        HOUR,
      ),
    ];
    expect(stateAfter(...back).followUp?.answeredAt).toBe(0);
    expect(cases(by(ann, sendWish('a1', 1), HOUR + MINUTE), ...back)).toEqual([
      'messageSent',
      'followUpAnswered',
    ]);
  });

  it('left again before it was answered, is one, of the same owner', () => {
    const twice = [
      ...messageLeft,
      by(ann, assign('ann'), HOUR),
      by(visitor, { type: 'reopen' }, 2 * HOUR),
      by(visitor, { ...leaveMessageWish, messageId: 'm10', text: 'And green?' }, 2 * HOUR + MINUTE),
    ];
    expect(stateAfter(...twice).followUp).toMatchObject({ ownerId: 'ann', answeredAt: 0 });
    const view = after(...twice).reduce(evolveView, emptyView);
    expect(view.followUp).toMatchObject({
      ownerId: 'ann',
      text: 'Please tell me about oolong.\nAnd green?',
    });
  });

  it('ends with the erasure of what was asked', () => {
    const erased = [...messageLeft, by(boss, { type: 'erase', reason: '' }, HOUR)];
    expect(details(by(ann, answer, HOUR), ...erased)?.reason).toBe('NO_FOLLOW_UP');
  });
});
