import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import type { By } from './given.js';
import { botSilentAt } from './waiting.js';
import {
  ann,
  annJoined,
  by,
  given,
  HOUR,
  integration,
  MINUTE,
  policy,
  sendWish,
  started,
  stateAfter,
  system,
  T0,
  visitor,
} from '../testing/story.js';

const { ConversationState: Status, VisitorInformed_Next: Next } = conversation;
const shown = { position: 3, lowSeconds: 60, highSeconds: 180, queueId: 'default' };
const estimate = by(system, { type: 'showEstimate', shown }, 500);
const informed = (next: conversation.VisitorInformed_Next, queueId = '') =>
  by(system, { type: 'inform', informed: { next, times: 1, queueId } }, 500);
const toBot = by(system, { type: 'handToBot', queueVersion: 0 }, 500);
const toPeople = { type: 'handToPeople', queueId: '' } as const;

describe('what a visitor is told while they wait', () => {
  it('stands in the log; of those who do not wait nothing does', () => {
    expect(given(started).when(estimate).facts).toEqual([{ $case: 'waitEstimateShown', value: shown }]);
    expect(given(started, annJoined).when(estimate)).toEqual({ facts: [] });
    expect(given(started).when(informed(Next.NEXT_STILL_WAITING)).facts).toHaveLength(1);
    expect(given(started, annJoined).when(informed(Next.NEXT_STILL_WAITING))).toEqual({ facts: [] });
  });
  it('moves the chat to another queue', () => {
    expect(stateAfter(started, informed(Next.NEXT_MOVED, 'sales')).queueId).toBe('sales');
  });
  it('follows the workflow, which may place it elsewhere than was asked', () => {
    expect(stateAfter(started, informed(Next.NEXT_PLACED, 'sales')).queueId).toBe('sales');
  });
  it('says nothing of a move within the queue', () => {
    for (const next of [Next.NEXT_MOVED, Next.NEXT_PLACED])
      expect(given(started).when(informed(next, 'default'))).toEqual({ facts: [] });
  });
  it('of their agent’s lost connection is told while there is an agent', () => {
    expect(given(started, annJoined).when(informed(Next.NEXT_AGENT_HELD)).facts).toHaveLength(1);
    expect(given(started).when(informed(Next.NEXT_AGENT_HELD))).toEqual({ facts: [] });
  });
});

describe('a bot', () => {
  it('gets a chat that waits, once', () => {
    expect(given(started).when(toBot).facts).toEqual([{ $case: 'handedToBot', value: { botId: '' } }]);
    expect(given(started, toBot).when(toBot)).toEqual({ facts: [] });
    expect(given(started, annJoined).when(toBot)).toEqual({ facts: [] });
    expect(stateAfter(started, toBot).status).toBe(Status.CONVERSATION_STATE_BOT);
  });
  it('hands it to people, in its queue or another', () => {
    const handed = given(started, toBot).when(by(integration, toPeople, 1000)).facts;
    expect(handed[0]?.value).toMatchObject({
      queueId: 'default',
      reason: conversation.QueueEntered_Reason.REASON_BOT_HANDOVER,
    });
    const elsewhere = by(integration, { ...toPeople, queueId: 'sales' }, 1000);
    expect(given(started, toBot).when(elsewhere).facts[0]?.value).toMatchObject({ queueId: 'sales' });
    expect(given(started).when(by(integration, toPeople))).toEqual({ facts: [] });
    expect(given(started, annJoined).when(by(integration, toPeople, 2000)).error?.details.reason).toBe(
      'NOT_WITH_BOT',
    );
  });
  it('that does not answer in time has the chat no more: the visitor is asked for a message', () => {
    const silent = (at: number) => by(system, { type: 'botIsSilent', replyBy: T0 + HOUR }, at);
    expect(given(started, toBot).when(silent(MINUTE)).facts).toEqual([]);
    expect(given(started, toBot).when(silent(MINUTE + 500)).facts).toEqual([
      {
        $case: 'messageRequested',
        value: {
          reason: conversation.MessageRequested_Reason.REASON_FAILSAFE,
          replyBy: new Date(T0 + HOUR),
          opensAt: undefined,
        },
      },
    ]);
    expect(given(started, toBot, by(integration, toPeople, 1000)).when(silent(HOUR)).facts).toEqual([]);
  });
  it('owes an answer from the first message after its last', () => {
    const said = (who: By, id: string, at: number) => by(who, sendWish(id), at);
    const answered = [started, toBot, said(integration, 'b1', 2_000)];
    expect(botSilentAt(policy, stateAfter(...answered))).toBeUndefined();
    const asked = [...answered, said(visitor, 'v1', 10_000), said(visitor, 'v2', 20_000)];
    expect(botSilentAt(policy, stateAfter(...asked))).toBe(T0 + 10_000 + MINUTE);
  });
  it('is left, not abandoned', () => {
    const closed = given(started, toBot).when(by(visitor, { type: 'close', reason: 0 }, 1000)).facts;
    expect(closed[0]?.value).toMatchObject({
      reason: conversation.CloseReason.CLOSE_REASON_VISITOR_ENDED,
    });
  });
  it('keeps agents out until it hands over', () => {
    const sent = by(ann, { type: 'send', messageId: 'a1', text: 'hi', clientSeq: 0 }, 1000);
    expect(given(started, toBot).when(sent).error?.details.reason).toBe('NOT_A_PARTICIPANT');
  });
});
