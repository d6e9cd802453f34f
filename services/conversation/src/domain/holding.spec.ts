import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import {
  ann,
  annAnswered,
  annJoined,
  bob,
  bobJoinedToo,
  boss,
  by,
  given,
  HOUR,
  joinWish,
  policy,
  sendWish,
  started,
  stateAfter,
  system,
  T0,
  visitor,
} from '../testing/story.js';
import { expiresAt } from './ending.js';

const { ConversationState: Status, QueueEntered_Reason: Entered } = conversation;
const chat = [started, annJoined, annAnswered] as const;
const held = by(ann, { type: 'hold' }, 3000);
const resumed = by(ann, { type: 'resume' }, 4000);
const parked = by(ann, { type: 'park' }, 3000);
const unparked = by(ann, { type: 'unpark' }, HOUR);
const reason = (command: Parameters<ReturnType<typeof given>['when']>[0], ...more: (typeof command)[]) =>
  given(...chat, ...more).when(command).error?.details.reason;

describe('on hold', () => {
  it('is said once and taken back once; the agent keeps the chat', () => {
    expect(given(...chat).when(held).facts).toEqual([{ $case: 'held', value: { agentId: 'ann' } }]);
    expect(stateAfter(...chat, held)).toMatchObject({
      status: Status.CONVERSATION_STATE_ON_HOLD,
      agentIds: ['ann'],
    });
    expect(given(...chat, held).when(held)).toEqual({ facts: [] });
    expect(given(...chat, held).when(resumed).facts).toEqual([
      { $case: 'resumed', value: { agentId: 'ann' } },
    ]);
    expect(given(...chat).when(resumed)).toEqual({ facts: [] });
    expect(stateAfter(...chat, held, resumed).status).toBe(Status.CONVERSATION_STATE_ACTIVE);
  });

  it('is for the chat’s agents and for supervisors, of chats that have an agent', () => {
    expect(reason(by(bob, { type: 'hold' }))).toBe('NOT_A_PARTICIPANT');
    expect(given(...chat).when(by(boss, { type: 'hold' })).facts[0]?.value).toEqual({ agentId: 'ann' });
    expect(given(started).when(by(boss, { type: 'hold' })).error?.details.reason).toBe('NO_AGENT_IN_CHAT');
  });

  it('both sides go on writing', () => {
    expect(given(...chat, held).when(by(visitor, sendWish('m1'), 5000)).facts).toHaveLength(1);
    expect(given(...chat, held).when(by(ann, sendWish('a2', 2), 5000)).facts).toHaveLength(1);
  });
});

describe('a parked chat', () => {
  it('has no agent, and remembers whose it is', () => {
    expect(given(...chat).when(parked).facts).toEqual([{ $case: 'parked', value: { agentId: 'ann' } }]);
    expect(stateAfter(...chat, parked)).toMatchObject({
      status: Status.CONVERSATION_STATE_PARKED,
      agentIds: [],
      parkedBy: 'ann',
    });
    expect(given(...chat, parked).when(parked)).toEqual({ facts: [] });
  });

  const entered = {
    $case: 'queueEntered',
    value: {
      queueId: 'default',
      reason: Entered.REASON_UNPARKED,
      preferredAgentId: 'ann',
      transferredBy: '',
    },
  };

  it('goes on through its queue when the visitor writes, its agent being asked first', () => {
    const { facts } = given(...chat, parked).when(by(visitor, sendWish('m1'), HOUR));
    expect(facts.map((fact) => fact.$case)).toEqual(['messageSent', 'queueEntered']);
    expect(facts[1]).toEqual(entered);
    const back = stateAfter(...chat, parked, by(visitor, sendWish('m1'), HOUR));
    expect(back).toMatchObject({ status: Status.CONVERSATION_STATE_QUEUED, parkedBy: '' });
  });

  it('goes on when its agent takes it back, once', () => {
    expect(given(...chat, parked).when(unparked).facts).toEqual([entered]);
    expect(given(...chat, parked).when(by(boss, { type: 'unpark' }, HOUR)).facts).toEqual([entered]);
    expect(reason(unparked, parked, unparked)).toBe('NOT_A_PARTICIPANT');
    expect(reason(by(boss, { type: 'unpark' }, HOUR), parked, unparked)).toBe('NOT_PARKED');
    expect(reason(by(bob, { type: 'unpark' }, HOUR), parked)).toBe('NOT_A_PARTICIPANT');
  });

  it('is answered after taking it back only, and closed by its agent all the same', () => {
    expect(reason(by(ann, sendWish('a2', 2), HOUR), parked)).toBe('CONVERSATION_PARKED');
    expect(given(...chat, parked).when(by(ann, { type: 'close', reason: 0 }, HOUR)).facts).toHaveLength(1);
  });

  it('is given to nobody while it is parked', () => {
    expect(reason(by(system, joinWish('bob'), HOUR), parked)).toBe('NOT_WAITING');
  });

  it('waits longer for its visitor than an idle one', () => {
    expect(expiresAt(policy, stateAfter(...chat, parked))).toBe(T0 + 3000 + policy.parkedCloseMs);
  });

  it('has had one agent: of two, one leaves instead', () => {
    expect(reason(by(ann, { type: 'park' }, 5000), ...bobJoinedToo)).toBe('SEVERAL_AGENTS');
    expect(given(started).when(by(boss, { type: 'park' })).error?.details.reason).toBe('NO_AGENT_IN_CHAT');
  });
});
