import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import {
  ann,
  annAnswered,
  annJoined,
  bob,
  boss,
  by,
  given,
  HOUR,
  integration,
  joinWish,
  MINUTE,
  policy,
  sendWish,
  started,
  startWish,
  stateAfter,
  stranger,
  system,
  T0,
  visitor,
} from '../testing/story.js';
import { expiresAt, missedAt } from './ending.js';

const { CloseReason: Reason } = conversation;
const close = (reason: conversation.CloseReason = 0) => ({ type: 'close', reason }) as const;
const visitorClosed = by(visitor, close(), MINUTE);
const reopen = { type: 'reopen' } as const;

describe('closing', () => {
  it('by the visitor before an agent’s first message is abandoning', () => {
    expect(given(started, annJoined).when(by(visitor, close(), 5000)).facts).toEqual([
      {
        $case: 'closed',
        value: { reason: Reason.CLOSE_REASON_ABANDONED, effectiveAt: new Date(T0 + 5000) },
      },
    ]);
  });
  it('by the visitor after it is ending, whatever reason they give', () => {
    const decision = given(started, annJoined, annAnswered).when(
      by(visitor, close(Reason.CLOSE_REASON_SPAM), 5000),
    );
    expect(decision.facts[0]?.value).toMatchObject({ reason: Reason.CLOSE_REASON_VISITOR_ENDED });
  });
  it('by an agent in the chat has their reason; resolved when they give none', () => {
    const at = (reason: conversation.CloseReason) =>
      given(started, annJoined).when(by(ann, close(reason), 5000));
    expect(at(0).facts[0]?.value).toMatchObject({ reason: Reason.CLOSE_REASON_RESOLVED });
    expect(at(Reason.CLOSE_REASON_SPAM).facts[0]?.value).toMatchObject({ reason: Reason.CLOSE_REASON_SPAM });
    expect(at(Reason.CLOSE_REASON_ABANDONED).error?.details.reason).toBe('INVALID_ARGUMENT');
  });
  it('by other agents is refused, by supervisors not', () => {
    expect(given(started, annJoined).when(by(bob, close())).error?.details.reason).toBe('NOT_A_PARTICIPANT');
    expect(given(started, annJoined).when(by(boss, close())).facts).toHaveLength(1);
  });
  it('what is closed changes nothing; of strangers it is not found', () => {
    expect(given(started, visitorClosed).when(by(visitor, close()))).toEqual({ facts: [] });
    expect(given(started).when(by(stranger, close())).error?.details.reason).toBe('CONVERSATION_NOT_FOUND');
  });
});

describe('a visitor who left', () => {
  const left = (lastContactAt: number, at: number) =>
    by(system, { type: 'visitorLeft', lastContactAt: T0 + lastContactAt }, at);

  it('unanswered has abandoned, at the last contact', () => {
    expect(given(started).when(left(10_000, 70_000)).facts).toEqual([
      {
        $case: 'closed',
        value: { reason: Reason.CLOSE_REASON_ABANDONED, effectiveAt: new Date(T0 + 10_000) },
      },
    ]);
  });
  it('is dated within the conversation, however wrong the clocks', () => {
    expect(given(started).when(left(-HOUR, 70_000)).facts[0]?.value).toMatchObject({
      effectiveAt: new Date(T0),
    });
    expect(given(started).when(left(HOUR, 70_000)).facts[0]?.value).toMatchObject({
      effectiveAt: new Date(T0 + 70_000),
    });
  });
  it('answered keeps an open chat to come back to', () => {
    expect(given(started, annJoined, annAnswered).when(left(10_000, 70_000))).toEqual({ facts: [] });
  });
  it('and wrote again since is there', () => {
    const wrote = by(visitor, sendWish('m1'), 65_000);
    expect(given(started, wrote).when(left(10_000, 70_000))).toEqual({ facts: [] });
  });
  it('reopened it, and did not wait for an answer: ended, or abandoned when there was none before', () => {
    const again = by(visitor, reopen, HOUR);
    const answeredBefore = given(started, annJoined, annAnswered, by(ann, close(), MINUTE), again);
    const closed = (reason: conversation.CloseReason) => ({
      $case: 'closed',
      value: { reason, effectiveAt: new Date(T0 + HOUR + 5_000) },
    });
    const gone = left(HOUR + 5_000, HOUR + 65_000);
    expect(answeredBefore.when(gone).facts).toEqual([closed(Reason.CLOSE_REASON_VISITOR_ENDED)]);
    expect(given(started, visitorClosed, again).when(gone).facts).toEqual([
      closed(Reason.CLOSE_REASON_ABANDONED),
    ]);
  });
  it('before reopening it is back, and answered since keeps an open chat', () => {
    const before = [
      started,
      annJoined,
      annAnswered,
      by(ann, close(), MINUTE),
      by(visitor, reopen, HOUR),
    ] as const;
    expect(given(...before).when(left(50_000, HOUR + 1_000))).toEqual({ facts: [] });
    const rejoined = by(system, joinWish('ann'), HOUR + 2_000);
    const answered = by(ann, sendWish('a2', 2), HOUR + 3_000);
    expect(given(...before, rejoined, answered).when(left(HOUR + 4_000, HOUR + 64_000))).toEqual({
      facts: [],
    });
  });
  it('is not looked for where an agent reopened it', () => {
    const reopened = by(ann, reopen, HOUR);
    const before = [started, annJoined, annAnswered, by(ann, close(), MINUTE), reopened] as const;
    expect(given(...before).when(left(HOUR, 2 * HOUR))).toEqual({ facts: [] });
    expect(missedAt(stateAfter(...before))).toBeUndefined();
  });
  it('is looked for a minute after their last sign, while an answer is due', () => {
    const wrote = by(visitor, sendWish('m1'), 10_000);
    expect(missedAt(stateAfter(started))).toBe(T0 + MINUTE);
    expect(missedAt(stateAfter(started, wrote))).toBe(T0 + 10_000 + MINUTE);
    expect(missedAt(stateAfter(started, annJoined, annAnswered))).toBeUndefined();
    expect(missedAt(stateAfter(started, visitorClosed))).toBeUndefined();
    expect(missedAt(stateAfter(by(integration, startWish)))).toBeUndefined();
    expect(missedAt(stateAfter(by(visitor, { ...startWish, channel: 2 })))).toBeUndefined();
  });
  it('of a closed conversation changes nothing', () => {
    expect(given(started, visitorClosed).when(left(10_000, 70_000))).toEqual({ facts: [] });
  });
});

describe('silence', () => {
  const expire = (at: number) => by(system, { type: 'expire' }, at);
  it('closes after the idle time, counted from the last message', () => {
    const wrote = by(visitor, sendWish('m1'), 10 * MINUTE);
    expect(expiresAt(policy, stateAfter(started, wrote))).toBe(T0 + 40 * MINUTE);
    expect(given(started, wrote).when(expire(39 * MINUTE))).toEqual({ facts: [] });
    expect(given(started, wrote).when(expire(40 * MINUTE)).facts[0]?.value).toMatchObject({
      reason: Reason.CLOSE_REASON_EXPIRED,
    });
  });
  it('of a closed conversation means nothing', () => {
    expect(expiresAt(policy, stateAfter(started, visitorClosed))).toBeUndefined();
    expect(given(started, visitorClosed).when(expire(HOUR))).toEqual({ facts: [] });
  });
});

describe('reopening', () => {
  it('goes to the queue it came from, without its agents', () => {
    const closed = by(ann, close(), MINUTE);
    expect(given(started, annJoined, closed).when(by(visitor, reopen, HOUR)).facts).toEqual([
      { $case: 'reopened', value: { agentId: '' } },
      {
        $case: 'queueEntered',
        value: {
          queueId: 'default',
          reason: conversation.QueueEntered_Reason.REASON_REOPENED,
          preferredAgentId: '',
          transferredBy: '',
        },
      },
    ]);
    const state = stateAfter(started, annJoined, closed, by(visitor, reopen, HOUR));
    expect(state).toMatchObject({
      agentIds: [],
      closedAt: 0,
      status: conversation.ConversationState.CONVERSATION_STATE_QUEUED,
    });
  });
  it('is possible for 24 hours', () => {
    expect(given(started, visitorClosed).when(by(visitor, reopen, 24 * HOUR + MINUTE)).facts).toHaveLength(2);
    expect(
      given(started, visitorClosed).when(by(visitor, reopen, 24 * HOUR + MINUTE + 1)).error?.details.reason,
    ).toBe('REOPEN_WINDOW_OVER');
  });
  it('is for those who were in it and for supervisors', () => {
    const closed = by(ann, close(), MINUTE);
    expect(given(started, annJoined, closed).when(by(bob, reopen, HOUR)).error?.details.reason).toBe(
      'NOT_A_PARTICIPANT',
    );
    for (const who of [ann, boss])
      expect(given(started, annJoined, closed).when(by(who, reopen, HOUR)).facts).toHaveLength(2);
  });
  it('is not for spam, nor for what was erased', () => {
    const spam = by(ann, close(Reason.CLOSE_REASON_SPAM), MINUTE);
    expect(given(started, annJoined, spam).when(by(visitor, reopen, HOUR)).error?.details.reason).toBe(
      'REOPEN_NOT_ALLOWED',
    );
    const erased = by(boss, { type: 'erase', reason: '' }, 2 * MINUTE);
    expect(given(started, visitorClosed, erased).when(by(visitor, reopen, HOUR)).error?.details.reason).toBe(
      'CONTENT_ERASED',
    );
  });
  it('of an open conversation changes nothing', () => {
    expect(given(started).when(by(visitor, reopen))).toEqual({ facts: [] });
  });
  it('is joined like any other', () => {
    const facts = given(started, visitorClosed, by(visitor, reopen, HOUR)).when(
      by(system, joinWish('bob'), HOUR),
    );
    expect(facts.facts[0]?.$case).toBe('agentJoined');
  });
});
