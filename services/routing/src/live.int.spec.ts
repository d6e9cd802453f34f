import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agentLiveAll, routing } from '@parley/contracts';
import { connectBus, type Bus } from '@parley/messaging';
import { startNats, type TestNats } from '@parley/testkit';
import { Live } from './live.js';
import { accept, agent, end, enter, given, presence, queue, team } from './testing/world.js';
import type { World } from './testing/world.js';

let nats: TestNats;
let bus: Bus;
beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'live-spec' });
});
afterAll(async () => {
  await bus.drain();
  await nats.stop();
});

/** What of an agent's row has come, by agent, when all that was committed is out. */
const rowsAfter = async (world: World, tenant: string, ...steps: Parameters<World['when']>[0][]) => {
  const free: Record<string, number> = {};
  const subscription = bus.subscribe(agentLiveAll(tenant), ({ data }) => {
    const { agent: config, freeCapacity } = routing.AgentState.decode(data);
    free[config?.agentId ?? ''] = freeCapacity;
  });
  await bus.flush();
  const live = new Live(bus, { queue: (_tenant, state) => state, agent: (_tenant, state) => state });
  for (const step of steps) {
    const { events, error } = world.when(step);
    expect(error).toBeUndefined();
    live.committed(
      tenant,
      events.map((event) => ({ event })),
      world.state,
    );
  }
  live.stop();
  await bus.flush();
  subscription.unsubscribe();
  return free;
};

describe('rows of agents', () => {
  const staffed = (maxUsed: number) =>
    given(
      queue('sales'),
      queue('support'),
      team('first', { maxUsed }),
      agent('anna', ['sales'], { teamId: 'first' }),
      agent('bert', ['support'], { teamId: 'first' }),
      agent('cleo', ['support']),
      presence('anna'),
      presence('bert'),
      presence('cleo', 'AWAY'),
    );

  it('come anew when a colleague takes what the team has left, and gives it back', async () => {
    const world = staffed(2);
    expect(await rowsAfter(world, 't1', enter('c1'))).toEqual({ anna: 1, bert: 1 });
    world.when(accept(world.offerOf('c1'), 'anna'));
    expect(await rowsAfter(world, 't1', end('c1'))).toEqual({ anna: 2, bert: 2 });
  });

  it('come anew when a colleague who holds something leaves the team', async () => {
    const world = staffed(1);
    expect(await rowsAfter(world, 't2', enter('c1'))).toEqual({ anna: 0, bert: 0 });
    expect(await rowsAfter(world, 't2', agent('anna', ['sales']))).toEqual({ anna: 1, bert: 1 });
  });

  it('come alone where the team has no limit', async () => {
    expect(await rowsAfter(staffed(0), 't3', enter('c1'))).toEqual({ anna: 1 });
  });
});
