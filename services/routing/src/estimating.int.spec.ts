import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@parley/kernel';
import { openStore, type Store } from '@parley/store';
import { createLogger, createMetrics } from '@parley/telemetry';
import { WaitEstimates } from './estimates/wait-estimates.js';
import { Estimating } from './estimating.js';
import { showEstimateGauges } from './gauges.js';
import { createRoutingStore } from './store.js';
import { simulateQueue } from './testing/queue-simulation.js';
import { given, queue, T0 } from './testing/world.js';

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-estimating-'));
  store = await openStore({ name: 'routing', durability: 'record', folder });
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a queue `q` of this many agents taught, one chat coming every 33 s and taking 300 s. */
const learned = (seed: number, agents: number): ReturnType<WaitEstimates['toJSON']> => {
  const estimates = new WaitEstimates();
  simulateQueue(
    {
      seed,
      chats: 3_000,
      agents,
      interarrival: (_, random) => random.exponential(300 / 9),
      talk: (_, random) => random.exponential(300),
    },
    { committed: (...commit) => estimates.committed(...commit), waited: () => undefined },
  );
  return estimates.toJSON();
};

it('the coverage of the 80 % range is exported over all queues that have enough waits, and their number', async () => {
  const { estimates: records } = await createRoutingStore(store);
  const [one, two] = [learned(7, 10), learned(8, 10)];
  await records.upsertNewer([
    { id: 'one', version: 5, record: one },
    { id: 'two', version: 5, record: two },
  ]);
  const clock = new ManualClock(T0);
  const estimating = new Estimating({
    records,
    clock,
    logger: createLogger('spec'),
  });
  estimating.takeOver('one', given(queue('q')).state);
  estimating.takeOver('two', given(queue('q'), queue('new')).state);
  // What was learned is read behind takeOver; this waits for the same readings.
  await estimating.save(['one', 'two']);
  const metrics = createMetrics();
  showEstimateGauges(estimating.quality(), metrics);

  const valuesOf = async (key: 'routingEstimateCoverage' | 'routingEstimateQueues'): Promise<unknown> =>
    Object.fromEntries(
      (await metrics.gauge(key).get()).values.map(({ labels, value }) => [Object.values(labels)[0], value]),
    );
  const each = [one, two].map((record) => new WaitEstimates(record).coverage('q') ?? NaN);
  expect(each[0]).not.toBe(each[1]);
  expect(await valuesOf('routingEstimateCoverage')).toEqual({
    mean: (each[0]! + each[1]!) / 2,
    worst: Math.min(...each),
  });
  expect(await valuesOf('routingEstimateQueues')).toEqual({ yes: 2, no: 1 });
});
