import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { annJoined, by, given, joinWish, started, stateAfter, system, visitor } from '../testing/story.js';

const released = (agentId: string) => by(system, { type: 'releaseAgent', agentId }, 5000);

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

  it('released, the last one gives the chat back to its queue', () => {
    expect(given(started, annJoined).when(released('ann')).facts).toEqual([
      {
        $case: 'agentLeft',
        value: { agentId: 'ann', reason: conversation.AgentLeft_Reason.REASON_DISCONNECTED },
      },
      {
        $case: 'queueEntered',
        value: { queueId: 'default', reason: conversation.QueueEntered_Reason.REASON_AGENT_LEFT },
      },
    ]);
  });

  it('released, one of two leaves the chat with the other', () => {
    const facts = given(started, annJoined, by(system, joinWish('bob'), 2000)).when(released('ann')).facts;
    expect(facts.map((fact) => fact.$case)).toEqual(['agentLeft']);
  });

  it('releasing who is not in it, or after it closed, changes nothing', () => {
    const closed = by(visitor, { type: 'close', reason: 0 }, 3000);
    expect(given(started).when(released('ann'))).toEqual({ facts: [] });
    expect(given(started, annJoined, closed).when(released('ann'))).toEqual({ facts: [] });
  });
});
