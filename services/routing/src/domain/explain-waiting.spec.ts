import { describe, expect, it } from '@jest/globals';
import { agent, enter, given, presence, publish, queue, skill, workflow } from '../testing/world.js';
import { explainWaiting } from './explain-waiting.js';

const germanBilling = workflow({
  targets: [{ queue: 'sales' }],
  requirements: { skills: { billing: 3 }, language: 'de' },
});
const fit = { skills: { billing: 3 }, languages: ['de-AT'] };

describe('why a chat waits', () => {
  it('is told of everybody who serves the queue: who is nearest to it first, with the first rule against each', () => {
    const world = given(
      queue('sales'),
      queue('other'),
      skill('billing'),
      germanBilling,
      publish(1),
      agent('eve', ['sales'], { skills: { billing: 3 }, languages: ['en'] }),
      agent('dan', ['sales'], { skills: { billing: 2 }, languages: ['de'] }),
      agent('cleo', ['sales'], fit),
      agent('bob', ['other'], fit),
      agent('ann', ['sales'], { ...fit, capacity: 1 }),
      ...['ann', 'bob', 'dan', 'eve'].map((id) => presence(id)),
      enter('c1'),
    );
    world.when(enter('c2'));
    const found = explainWaiting(world.state, 'c2', world.now());
    expect(found.agents.map(({ agentId, rule }) => [agentId, rule])).toEqual([
      ['ann', 'free_capacity'],
      ['cleo', 'available'],
      ['eve', 'language'],
      ['dan', 'skill'],
    ]);
    expect(found.considered).toBe(5);
    expect(found.excluded).toEqual([
      { rule: 'serves_queue', agents: 1 },
      { rule: 'skill', agents: 1 },
      { rule: 'language', agents: 1 },
      { rule: 'available', agents: 1 },
      { rule: 'free_capacity', agents: 1 },
    ]);
  });

  it('lists who could take chats now before those who are away, however many these are', () => {
    const away = Array.from({ length: 60 }, (_, n) => agent(`a${n}`, ['sales']));
    const world = given(queue('sales'), ...away, agent('zoe', ['sales'], { capacity: 1 }), presence('zoe'));
    for (const id of ['c1', 'c2']) world.when(enter(id));
    const { agents, considered } = explainWaiting(world.state, 'c2', world.now());
    expect(agents).toHaveLength(50);
    expect(agents[0]).toEqual({ agentId: 'zoe', name: 'zoe', rule: 'free_capacity' });
    expect(considered).toBe(61);
  });
});
