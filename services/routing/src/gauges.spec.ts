import { expect, it } from '@jest/globals';
import { ManualClock } from '@parley/kernel';
import { createMetrics, type MetricKey } from '@parley/telemetry';
import { countDecisions, showEstimateGauges, showGauges } from './gauges.js';
import { accept, after, agent, enter, given, presence, queue, T0, tick, transfer } from './testing/world.js';

const shown = async (world: ReturnType<typeof given>, seconds: number, key: MetricKey): Promise<number> => {
  const metrics = createMetrics();
  showGauges([world.state], metrics, new ManualClock(T0 + seconds * 1000));
  const { values } = await metrics.gauge(key as 'routingWaiting').get();
  return values[0]?.value ?? NaN;
};

it('counts chats that wait where no agent is available, not those whose agents are merely busy', async () => {
  const world = given(
    queue('sales'),
    queue('care'),
    agent('ann', ['sales'], { capacity: 1 }),
    agent('bob', ['care']),
    presence('ann', 'AVAILABLE'),
    presence('bob', 'AWAY'),
    enter('0-a', { queueId: 'sales' }),
    enter('0-b', { queueId: 'sales' }),
    enter('0-c', { queueId: 'care' }),
  );
  expect(await shown(world, 1, 'routingUnstaffed')).toBe(1);
  world.when(presence('bob', 'AVAILABLE'));
  expect(await shown(world, 1, 'routingUnstaffed')).toBe(0);
});

it('counts chats as unacknowledged after 60 s', async () => {
  const world = given(queue('sales'), enter('0-a', { queueId: 'sales' }));
  expect(await shown(world, 60, 'routingUnacknowledged')).toBe(0);
  expect(await shown(world, 61, 'routingUnacknowledged')).toBe(1);
});

it('counts decisions by their event, what the failsafe did and how transfers ended', async () => {
  const metrics = createMetrics();
  const world = given(
    queue('sales'),
    queue('care'),
    agent('ann', ['sales']),
    agent('bob', ['care']),
    presence('ann'),
    presence('bob'),
    enter('0-a', { queueId: 'sales' }),
  );
  world.when(accept(world.offerOf('0-a'), 'ann'));
  const asked = transfer('0-a', 'ann', 'bob');
  for (const step of [enter('0-b', { queueId: 'sales' }), after(60), tick, asked, after(3600), tick])
    world.when(step);
  countDecisions(
    world.history.map(({ event }) => event),
    metrics,
  );
  const counted = async (
    key: 'routingDecisions' | 'routingFailsafeActs' | 'routingTransfers',
  ): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await metrics.counter(key).get()).values.map(({ labels, value }) => [
        String(Object.values(labels)[0]),
        value,
      ]),
    );
  const decisions = await counted('routingDecisions');
  expect(decisions['conversationEnqueued']).toBe(2);
  expect(Object.values(decisions).reduce((sum, each) => sum + each, 0)).toBe(world.history.length);
  expect(await counted('routingFailsafeActs')).toEqual({ tell: decisions['failsafeActed'] });
  expect(decisions['failsafeActed']).toBeGreaterThan(0);
  expect(await counted('routingTransfers')).toEqual({ timed_out: 1 });
});

it('tells no coverage of estimates while no queue has enough waits', async () => {
  const metrics = createMetrics();
  showEstimateGauges({ shown: 1, hidden: 0, mean: 0.8, worst: 0.7 }, metrics);
  showEstimateGauges({ shown: 0, hidden: 2 }, metrics);
  expect((await metrics.gauge('routingEstimateCoverage').get()).values).toEqual([]);
});
