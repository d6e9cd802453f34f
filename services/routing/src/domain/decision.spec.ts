import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { accept, agent, end, enter, given, presence, queue, short } from '../testing/world.js';

describe('agents who become free at once', () => {
  it('are offered chats in their turn, although the first of them may not have the first chat', () => {
    const world = given(
      queue('sales', { offerTo: 2 }),
      agent('ann', ['sales'], { capacity: 1 }),
      presence('ann'),
      agent('bob', ['sales'], { capacity: 1 }),
      presence('bob'),
      enter('c1'),
    );
    const toAnn = world.state.chats.get('c1')?.offers.find(({ agentId }) => agentId === 'ann');
    world.when(accept(toAnn?.id ?? '', 'ann'));
    world.when(end('c1', 'AGENT_LEFT', 3, 'ann'));
    expect(short(world.when(enter('c0')))).toEqual([
      'conversationEnqueued c0',
      'offerMade c0 ann',
      'offerMade c0 bob',
    ]);
    // It goes on where it was, before the chats that came after its first entry, and not to ann for a while.
    const { REASON_AGENT_LEFT } = conversation.QueueEntered_Reason;
    world.when(enter('c1', { reason: REASON_AGENT_LEFT, sourceVersion: 4 }));
    world.when(enter('c2'));
    expect(short(world.when(end('c0')))).toEqual([
      'offerRescinded c0 ann',
      'offerRescinded c0 bob',
      'conversationDequeued c0',
      'offerMade c1 bob',
      'offerMade c2 ann',
    ]);
  });
});
