import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agentLiveAll, queueLiveAll, queueLiveSubject, routing, staffLiveSubject } from '@parley/contracts';
import { connectBus, type Bus } from '@parley/messaging';
import { eventually, startNats, type TestNats } from '@parley/testkit';
import { Live } from './live.js';
import { accept, agent, end, enter, given, presence, queue, takeOver, team } from './testing/world.js';
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

const figures = {
  queue: (_tenant: string, state: routing.QueueState) => state,
  agent: (_tenant: string, state: routing.AgentState) => state,
};

/** What of an agent's row has come, by agent, when all that was committed is out. */
const rowsAfter = async (world: World, tenant: string, ...steps: Parameters<World['when']>[0][]) => {
  const free: Record<string, number> = {};
  const subscription = bus.subscribe(agentLiveAll(tenant), ({ data }) => {
    const { agent: config, freeCapacity } = routing.AgentState.decode(data);
    free[config?.agentId ?? ''] = freeCapacity;
  });
  await bus.flush();
  const live = new Live(bus, figures);
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

  it('come anew when a queue of theirs is removed', async () => {
    const world = given(
      queue('main', { isDefault: true }),
      queue('sales'),
      agent('anna', ['main', 'sales']),
      agent('bert', ['sales']),
    );
    const queues = new Map<string, readonly string[] | undefined>();
    const subscription = bus.subscribe(agentLiveAll('t4'), ({ data }) => {
      const { agent: config } = routing.AgentState.decode(data);
      queues.set(config?.agentId ?? '', config?.queueIds);
    });
    await rowsAfter(world, 't4', { kind: 'removeQueue', queueId: 'sales', expectedVersion: 0 });
    subscription.unsubscribe();
    expect(Object.fromEntries(queues)).toEqual({ anna: ['main'], bert: ['main'] });
  });

  it('come alone where the team has no limit', async () => {
    expect(await rowsAfter(staffed(0), 't3', enter('c1'))).toEqual({ anna: 1 });
  });
});

it('tells the figures of each queue and of the staff as one, what is new of them, and that a queue is gone', async () => {
  const world: World = given(
    queue('sales'),
    queue('care'),
    agent('both', ['sales', 'care'], { capacity: 1 }),
    agent('ann', ['sales'], { capacity: 3 }),
    presence('both'),
    presence('ann'),
  );
  const free = new Map<string, number | undefined>();
  const staff: number[] = [];
  bus.subscribe(queueLiveAll('acme'), ({ subject, data }) =>
    free.set(subject, data.length > 0 ? routing.QueueState.decode(data).freeAgents : undefined),
  );
  bus.subscribe(staffLiveSubject('acme'), ({ data }) =>
    staff.push(routing.StaffState.decode(data).freeAgents),
  );
  await bus.flush();
  const live = new Live(bus, figures);
  const tell = (): void => live.committed('acme', [], world.state);
  const [sales, care] = [queueLiveSubject('acme', 'sales'), queueLiveSubject('acme', 'care')];

  tell();
  await eventually(() => expect([free.get(sales), free.get(care), staff]).toEqual([2, 1, [2]]));
  world.when(takeOver('c1', 'both', 3));
  tell();
  await eventually(() => expect([free.get(sales), free.get(care), staff]).toEqual([1, 0, [2, 1]]));
  const { events } = world.when({ kind: 'removeQueue', queueId: 'care', expectedVersion: 0 });
  const gone = events.map((event) => routing.RoutingEvent.create({ event }));
  live.committed('acme', gone, world.state);
  await eventually(() => expect([free.has(care), free.get(care)]).toEqual([true, undefined]));
  live.stop();
  await bus.flush();
  expect(staff).toEqual([2, 1]);
});
