import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import {
  ann,
  annJoined,
  bob,
  bobJoinedToo,
  boss,
  by,
  given,
  joinWish,
  started,
  stateAfter,
  system,
  visitor,
} from '../testing/story.js';
import type { Command } from './commands.js';
import type { By } from './given.js';

const released = (agentId: string) => by(system, { type: 'releaseAgent', agentId, reason: 0 }, 5000);

describe('agents come and go', () => {
  it('joins once and makes the chat active', () => {
    expect(stateAfter(started, annJoined)).toMatchObject({
      agentIds: ['ann'],
      status: conversation.ConversationState.CONVERSATION_STATE_ACTIVE,
    });
    expect(given(started, annJoined).when(annJoined)).toEqual({ facts: [] });
  });

  it('cannot join what the visitor has closed: routing frees the slot', () => {
    const closed = by(visitor, { type: 'close', reason: 0 });
    expect(given(started, closed).when(annJoined).error?.details.reason).toBe('CONVERSATION_CLOSED');
    expect(given().when(annJoined).error?.details.reason).toBe('CONVERSATION_NOT_FOUND');
  });

  it('answers the entry into a queue that it was meant for, and no later one', () => {
    const forEntry = (queueVersion: number) => by(system, { ...joinWish('bob'), queueVersion }, 9000);
    const { queueVersion } = stateAfter(started);
    expect(stateAfter(started, forEntry(queueVersion)).agentIds).toEqual(['bob']);
    const again = [started, annJoined, released('ann')].flat();
    expect(given(...again).when(forEntry(queueVersion)).error?.details.reason).toBe('NOT_WAITING');
    expect(stateAfter(...again, forEntry(stateAfter(...again).queueVersion)).agentIds).toEqual(['bob']);
  });

  it('released, the last one gives the chat back to its queue', () => {
    expect(given(started, annJoined).when(released('ann')).facts).toEqual([
      {
        $case: 'agentLeft',
        value: { agentId: 'ann', reason: conversation.AgentLeft_Reason.REASON_DISCONNECTED },
      },
      {
        $case: 'queueEntered',
        value: {
          queueId: 'default',
          reason: conversation.QueueEntered_Reason.REASON_AGENT_LEFT,
          preferredAgentId: '',
          transferredBy: '',
        },
      },
    ]);
  });

  it('released, one of two leaves the chat with the other', () => {
    const facts = given(started, annJoined, ...bobJoinedToo).when(released('ann')).facts;
    expect(facts.map((fact) => fact.$case)).toEqual(['agentLeft']);
  });

  it('does not get a chat that somebody else has taken meanwhile', () => {
    const late = by(system, joinWish('bob'), 2000);
    expect(given(started, annJoined).when(late).error?.details.reason).toBe('NOT_WAITING');
  });

  it('who did not reply gives it back for that reason', () => {
    const reason = conversation.AgentLeft_Reason.REASON_NO_REPLY;
    const requeued = by(system, { type: 'releaseAgent', agentId: 'ann', reason }, 5000);
    expect(
      given(started, annJoined)
        .when(requeued)
        .facts.map(({ value }) => value),
    ).toMatchObject([
      { agentId: 'ann', reason },
      { reason: conversation.QueueEntered_Reason.REASON_NO_REPLY },
    ]);
  });

  it('leaves by themselves, the last one to the queue, supervisors without a trace in it', () => {
    const left = (who: By) => by(who, { type: 'leave' }, 5000);
    const cases = (...commands: Command[]) =>
      given(started, annJoined, ...commands.slice(0, -1))
        .when(commands.at(-1)!)
        .facts.map((fact) => fact.$case);
    expect(cases(left(ann))).toEqual(['agentLeft', 'queueEntered']);
    expect(cases(...bobJoinedToo, left(ann))).toEqual(['agentLeft']);
    expect(cases(by(boss, { type: 'joinAsSupervisor' }, 3000), left(boss))).toEqual(['supervisorLeft']);
    expect(given(started, annJoined).when(left(bob)).error?.details.reason).toBe('NOT_A_PARTICIPANT');
  });

  it('releasing who is not in it, or after it closed, changes nothing', () => {
    const closed = by(visitor, { type: 'close', reason: 0 }, 3000);
    expect(given(started).when(released('ann'))).toEqual({ facts: [] });
    expect(given(started, annJoined, closed).when(released('ann'))).toEqual({ facts: [] });
  });
});
