import { describe, expect, it } from '@jest/globals';
import {
  accept,
  after,
  agent,
  enter,
  given,
  presence,
  queue,
  T0,
  takeOver,
  team,
  type World,
} from '../testing/world.js';
import { restoreSnapshot, takeSnapshot } from './snapshot.js';
import type { Snapshot } from './snapshot-records.js';
import { agentState, listQueues, staffState } from './views.js';

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

const free = ({ state }: World) => [
  ...listQueues(state).map(({ freeAgents }) => freeAgents),
  staffState(state).freeAgents,
];

describe('the free agents', () => {
  it('are those of each queue, and all together, each once', () => {
    const staff = { sales: ['a', 'b'], care: ['c', 'd', 'e'] };
    const world = given(
      queue('sales'),
      queue('care'),
      ...Object.entries(staff).flatMap(([id, people]) => people.map((who) => agent(who, [id]))),
      agent('both', ['sales', 'care']),
      ...['a', 'b', 'c', 'd', 'e'].map((who) => presence(who)),
    );
    expect(free(world)).toEqual([2, 3, 5]);
    world.when(presence('both'));
    expect(free(world)).toEqual([3, 4, 6]);
    world.when(presence('a', 'AWAY'));
    world.when(presence('c', 'AVAILABLE', { online: false }));
    expect(free(world)).toEqual([2, 3, 4]);
  });

  it('are not as many as there is free capacity: who is full is not free, whatever others have left', () => {
    const world = given(
      queue('sales'),
      ...['a', 'b', 'c'].map((who) => agent(who, ['sales'], { capacity: 1 })),
      agent('d', ['sales'], { capacity: 4 }),
      ...['a', 'b', 'c', 'd'].map((who) => presence(who)),
    );
    for (const [i, who] of ['a', 'b', 'c'].entries()) world.when(takeOver(`c${i}`, who, 3));
    expect(listQueues(world.state)).toMatchObject([{ agentsAvailable: 4, freeCapacity: 4 }]);
    expect(free(world)).toEqual([1, 1]);
  });

  it('are not those of a team that is full, nor those who owe a reply for too long', () => {
    const world = given(
      queue('sales'),
      team('small', { maxUsed: 1 }),
      team('prompt', { latencyLimitSeconds: 60 }),
      agent('a', ['sales'], { teamId: 'small' }),
      agent('b', ['sales'], { teamId: 'small' }),
      agent('c', ['sales'], { teamId: 'prompt' }),
      ...['a', 'b', 'c'].map((who) => presence(who)),
    );
    expect(free(world)).toEqual([3, 3]);
    world.when(takeOver('c1', 'a', 3));
    expect(free(world)).toEqual([1, 1]);
    world.when(takeOver('c2', 'c', 3));
    expect(free(world)).toEqual([1, 1]);
    world.when({ kind: 'replyOverdue', conversationId: 'c2', agentId: 'c', since: world.now() });
    expect(free(world)).toEqual([0, 0]);
  });
});

describe('since when an agent is seen as they are', () => {
  const gone = { online: false };
  const seen = (...steps: Parameters<World['when']>[0][]): number => {
    const { state } = given(agent('anna', []), ...steps);
    return ((agentState(state.agents.get('anna')!).statusSince?.getTime() ?? NaN) - T0) / 1000;
  };

  it('is since they lost their connection, also when they are set offline for it later', () => {
    const lost = [presence('anna'), after(100), presence('anna', 'AVAILABLE', gone), after(600)];
    expect(seen(...lost)).toBe(100);
    expect(seen(...lost, presence('anna', 'OFFLINE', gone), after(5))).toBe(100);
  });

  it('is since they came back, or since they set the status after that', () => {
    const back = [
      presence('anna'),
      after(100),
      presence('anna', 'AVAILABLE', gone),
      after(20),
      presence('anna'),
      after(10),
    ];
    expect(seen(...back)).toBe(120);
    expect(seen(...back, presence('anna', 'AWAY'), after(5))).toBe(130);
  });

  it('is since they went offline by themselves, whatever their connection did then', () => {
    const home = [presence('anna'), after(50), presence('anna', 'OFFLINE'), after(10)];
    expect(seen(...home)).toBe(50);
    expect(seen(...home, presence('anna', 'OFFLINE', gone), after(10))).toBe(50);
  });

  it('is since they set the status in a snapshot that does not say when their connection changed', () => {
    const { state } = given(
      agent('anna', []),
      presence('anna'),
      after(100),
      presence('anna', 'AVAILABLE', gone),
    );
    const { agents, ...rest } = JSON.parse(JSON.stringify(takeSnapshot(state))) as Snapshot;
    const older = { ...rest, agents: agents.map(({ onlineSince: _, ...record }) => record) };
    const since = (snapshot: Snapshot) =>
      agentState(restoreSnapshot(snapshot).agents.get('anna')!).statusSince;
    expect(since({ ...rest, agents })).toEqual(new Date(T0 + 100_000));
    expect(since(older)).toEqual(new Date(T0));
  });
});
