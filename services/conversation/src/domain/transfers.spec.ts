import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import {
  ann,
  annAnswered,
  annJoined,
  bob,
  bobJoinedToo,
  bobTook,
  boss,
  by,
  given,
  joinWish,
  started,
  stateAfter,
  system,
  transferWish,
  visitor,
} from '../testing/story.js';
import type { Command } from './commands.js';

const { TransferRequested_Mode: Mode, TransferRefused_Reason: Refused } = conversation;
const asked = by(ann, transferWish(), 3000);
const chat = [started, annJoined, annAnswered] as const;
const cases = (facts: ReturnType<ReturnType<typeof given>['when']>['facts']) => facts.map((f) => f.$case);
const refusal = (...commands: Command[]) =>
  given(...chat, ...commands.slice(0, -1)).when(commands.at(-1)!).error?.details;

describe('a transfer to an agent', () => {
  it('asks, and leaves the chat with who asked until the other has joined', () => {
    expect(given(...chat).when(asked).facts).toEqual([
      {
        $case: 'transferRequested',
        value: {
          transferId: 't1',
          fromAgentId: 'ann',
          toAgentId: 'bob',
          toQueueId: '',
          summary: 'Knows more about tea.',
          mode: Mode.MODE_COLD,
        },
      },
    ]);
    expect(stateAfter(...chat, asked)).toMatchObject({
      agentIds: ['ann'],
      status: conversation.ConversationState.CONVERSATION_STATE_ACTIVE,
    });
  });

  it('cold, changes hands in one commit', () => {
    const { facts } = given(...chat, asked).when(bobTook);
    expect(cases(facts)).toEqual(['agentJoined', 'agentLeft', 'transferred']);
    expect(facts[1]?.value).toMatchObject({
      agentId: 'ann',
      reason: conversation.AgentLeft_Reason.REASON_TRANSFERRED,
    });
    expect(stateAfter(...chat, asked, bobTook)).toMatchObject({ agentIds: ['bob'], transfer: undefined });
  });

  it('warm, keeps both in the chat', () => {
    expect(stateAfter(...chat, ...bobJoinedToo)).toMatchObject({
      agentIds: ['ann', 'bob'],
      transfer: undefined,
    });
  });

  it('refused, goes on with who asked; the same word again changes nothing', () => {
    const refused = by(
      system,
      { type: 'refuseTransfer', transferId: 't1', reason: Refused.REASON_DECLINED, note: 'at lunch' },
      4000,
    );
    expect(given(...chat, asked).when(refused).facts).toEqual([
      {
        $case: 'transferRefused',
        value: { transferId: 't1', reason: Refused.REASON_DECLINED, note: 'at lunch' },
      },
    ]);
    expect(stateAfter(...chat, asked, refused)).toMatchObject({ agentIds: ['ann'], transfer: undefined });
    expect(given(...chat, asked, refused).when(refused)).toEqual({ facts: [] });
    expect(given(...chat, asked, bobTook).when(refused)).toEqual({ facts: [] });
  });

  it('cancelled, is taken by nobody: the slot is free again', () => {
    const cancelled = by(ann, { type: 'cancelTransfer', transferId: 't1' }, 4000);
    expect(cases(given(...chat, asked).when(cancelled).facts)).toEqual(['transferRefused']);
    expect(given(...chat, asked, cancelled).when(cancelled)).toEqual({ facts: [] });
    expect(refusal(asked, cancelled, bobTook)?.reason).toBe('TRANSFER_OVER');
    expect(refusal(asked, bobTook, cancelled)?.reason).toBe('TRANSFER_OVER');
    expect(refusal(by(ann, { type: 'cancelTransfer', transferId: 't7' }))?.reason).toBe('TRANSFER_NOT_FOUND');
    expect(refusal(asked, by(bob, { type: 'cancelTransfer', transferId: 't1' }))?.reason).toBe(
      'NOT_A_PARTICIPANT',
    );
  });

  it('is answered by who was asked only', () => {
    const cora = by(system, { ...joinWish('cora'), transferId: 't1' }, 4000);
    expect(refusal(asked, cora)?.reason).toBe('TRANSFER_OVER');
  });

  it('is asked once at a time, and the same wish again changes nothing', () => {
    expect(given(...chat, asked).when(asked)).toEqual({ facts: [] });
    expect(refusal(asked, by(ann, transferWish({ transferId: 't2' })))?.reason).toBe('TRANSFER_UNDER_WAY');
    expect(refusal(asked, bobTook, by(bob, transferWish({ toAgentId: 'ann' })))?.reason).toBe(
      'TRANSFER_ID_TAKEN',
    );
  });

  it('ends with the chat, and with the last agent’s leaving', () => {
    const ended = (command: Command) => cases(given(...chat, asked).when(command).facts);
    expect(ended(by(visitor, { type: 'close', reason: 0 }, 5000))).toEqual(['transferRefused', 'closed']);
    expect(ended(by(ann, { type: 'close', reason: 0 }, 5000))).toEqual(['transferRefused', 'closed']);
    expect(ended(by(ann, { type: 'leave' }, 5000))).toEqual(['transferRefused', 'agentLeft', 'queueEntered']);
    expect(ended(by(ann, { type: 'park' }, 5000))).toEqual(['transferRefused', 'parked']);
  });
});

describe('a transfer to a queue', () => {
  const toSales = transferWish({ toAgentId: '', toQueueId: 'sales' });

  it('cold, is done at once: everybody leaves, the chat waits there', () => {
    const { facts } = given(...chat).when(by(ann, toSales, 3000));
    expect(cases(facts)).toEqual(['transferRequested', 'agentLeft', 'queueEntered', 'transferred']);
    expect(facts[2]?.value).toEqual({
      queueId: 'sales',
      reason: conversation.QueueEntered_Reason.REASON_TRANSFERRED,
      preferredAgentId: '',
      transferredBy: 'ann',
    });
    expect(stateAfter(...chat, by(ann, toSales, 3000))).toMatchObject({
      agentIds: [],
      queueId: 'sales',
      transfer: undefined,
    });
  });

  it('warm, waits for its best agent while the first stays', () => {
    const warm = by(ann, { ...toSales, mode: Mode.MODE_WARM }, 3000);
    expect(cases(given(...chat).when(warm).facts)).toEqual(['transferRequested']);
    expect(stateAfter(...chat, warm, bobTook).agentIds).toEqual(['ann', 'bob']);
  });
});

describe('a wish to transfer', () => {
  it('names one target, a summary, and nobody who is there already', () => {
    const wrong = (more: Parameters<typeof transferWish>[0]) => refusal(by(ann, transferWish(more)));
    expect(wrong({ toQueueId: 'sales' })?.violations?.[0]?.field).toBe('toAgentId');
    expect(wrong({ toAgentId: '' })?.violations?.[0]?.field).toBe('toAgentId');
    expect(wrong({ summary: '  ' })?.violations?.[0]?.field).toBe('summary');
    expect(wrong({ toAgentId: 'ann' })?.violations?.[0]?.field).toBe('toAgentId');
    expect(refusal(...bobJoinedToo, by(ann, transferWish({ transferId: 't2' })))?.reason).toBe(
      'ALREADY_IN_CHAT',
    );
  });

  it('is for agents of the chat, and supervisors for them', () => {
    expect(refusal(by(bob, transferWish({ toAgentId: 'cora' })))?.reason).toBe('NOT_A_PARTICIPANT');
    expect(given(...chat).when(by(boss, transferWish())).facts[0]?.value).toMatchObject({
      fromAgentId: 'ann',
    });
  });

  it('needs an agent who hands it on', () => {
    expect(given(started).when(by(boss, transferWish())).error?.details.reason).toBe('NO_AGENT_IN_CHAT');
  });

  it('masks card numbers in its summary', () => {
    const { facts } = given(...chat).when(by(ann, transferWish({ summary: 'card 4111111111111111' })));
    expect(facts[0]?.value).toMatchObject({ summary: 'card ************1111' });
  });
});
