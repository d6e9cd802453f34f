import { expect, it } from '@jest/globals';
import { ManualClock } from '@parley/kernel';
import { createMetrics, type MetricKey } from '@parley/telemetry';
import { showGauges } from './gauges.js';
import { agent, enter, given, presence, queue, T0 } from './testing/world.js';

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
