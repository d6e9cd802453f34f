import { describe, expect, it } from '@jest/globals';
import { accept, agent, enter, given, presence, queue, team, type World } from '../testing/world.js';
import { agentState } from './views.js';

const freeOf = (world: World, agentId: string): number =>
  agentState(world.state.agents.get(agentId)!).freeCapacity;

describe('what may be offered to an agent now', () => {
  const world = () =>
    given(
      queue('sales'),
      team('first', { maxUsed: 3, latencyLimitSeconds: 60 }),
      agent('anna', ['sales'], { capacity: 10, teamId: 'first' }),
      agent('bert', ['sales'], { capacity: 10, maxChats: 1 }),
      presence('anna'),
    );

  it('is nothing while they are not available', () => {
    const away = world();
    expect(freeOf(away, 'bert')).toBe(0);
    away.when(presence('bert'));
    expect(freeOf(away, 'bert')).toBe(10);
    away.when(presence('bert', 'AVAILABLE', { online: false }));
    expect(freeOf(away, 'bert')).toBe(0);
  });

  it('is nothing with as many chats as they may have, whatever capacity is left', () => {
    const busy = world();
    busy.when(presence('anna', 'BUSY'));
    busy.when(presence('bert'));
    busy.when(enter('c1'));
    expect(freeOf(busy, 'bert')).toBe(0);
  });

  it('is no more than what is left to their team, and nothing while a reply is overdue', () => {
    const late = world();
    expect(freeOf(late, 'anna')).toBe(3);
    late.when(enter('c1'));
    late.when(accept(late.offerOf('c1'), 'anna'));
    expect(freeOf(late, 'anna')).toBe(2);
    late.when({ kind: 'replyOverdue', conversationId: 'c1', agentId: 'anna', since: late.now() });
    expect(freeOf(late, 'anna')).toBe(0);
  });
});
