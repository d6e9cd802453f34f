import { describe, expect, it } from '@jest/globals';
import { conversation } from '@parley/contracts';
import { accept, agent, end, enter, given, presence, queue, short, transfer } from '../testing/world.js';

const { REASON_AGENT_LEFT } = conversation.QueueEntered_Reason;

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

  it('are so, too, when each chat is offered to one, and the other of them is the more free', () => {
    const world = given(
      queue('sales'),
      agent('ann', ['sales'], { capacity: 2 }),
      presence('ann'),
      agent('bob', ['sales'], { capacity: 1 }),
      enter('held'),
    );
    world.when(accept(world.offerOf('held'), 'ann'));
    world.when(enter('c1'));
    world.when(accept(world.offerOf('c1'), 'ann'));
    world.when(end('c1', 'AGENT_LEFT', 3, 'ann'));
    world.when(enter('c0'));
    world.when(accept(world.offerOf('c0'), 'ann'));
    world.when(presence('bob'));
    world.when(transfer('c0', 'ann', 'bob', { warm: true }));
    world.when(accept(world.offerOf('c0'), 'bob'));
    world.when(enter('c1', { reason: REASON_AGENT_LEFT, sourceVersion: 4 }));
    world.when(enter('c2'));
    expect(short(world.when(end('c0'))).filter((event) => event.startsWith('offerMade'))).toEqual([
      'offerMade c1 bob',
      'offerMade c2 ann',
    ]);
  });
});
