import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '@parley/telemetry';
import { emptyTally, type Tally } from './definitions/tally.js';
import { OutcomeCounters } from './outcome-counters.js';

const DAY = 1;
const tally = (counts: Partial<Tally>): Tally => ({ ...emptyTally(), ...counts });

const start = () => {
  const metrics = createMetrics();
  const counters = new OutcomeCounters(metrics);
  const labels = { tenant: 'acme', queue: 'care' };
  return {
    read: (counts: Partial<Tally>, day = DAY) => {
      counters.add({ tenant: 'acme', queue: 'care', labels }, day, tally(counts));
      counters.finish();
    },
    skip: () => counters.finish(),
    shown: async (outcome: string) => {
      const { values } = await metrics.counter('queueOutcomes').get();
      return values.find(({ labels: of }) => of.outcome === outcome)?.value;
    },
    offered: async () => (await metrics.counter('queueEntries').get()).values[0]?.value,
  };
};

describe('counters of outcomes', () => {
  it('begin at 0, and add what comes between two readings', async () => {
    const { read, shown, offered } = start();
    read({ offered: 5, answered: 3, withinServiceLevel: 2, abandoned: 1 });
    expect([await offered(), await shown('answered_in_time'), await shown('abandoned')]).toEqual([0, 0, 0]);
    read({ offered: 9, answered: 5, withinServiceLevel: 3, abandoned: 3, shortAbandoned: 1 });
    expect(await offered()).toBe(4);
    expect(await shown('answered_in_time')).toBe(1);
    expect(await shown('answered_late')).toBe(1);
    expect(await shown('abandoned')).toBe(1);
    expect(await shown('abandoned_short')).toBe(1);
  });

  it('count all of a new day', async () => {
    const { read, offered } = start();
    read({ offered: 100 });
    read({ offered: 3 }, DAY + 1);
    expect(await offered()).toBe(3);
  });

  it('count nothing twice that falls and rises again, such as an abandoned chat that is reopened', async () => {
    const { read, shown } = start();
    read({ abandoned: 1 });
    read({ abandoned: 2 });
    read({ abandoned: 1 });
    read({ abandoned: 2 });
    expect(await shown('abandoned')).toBe(1);
    read({ abandoned: 3 });
    expect(await shown('abandoned')).toBe(2);
  });

  it('begin anew after another instance had the tenant', async () => {
    const { read, skip, offered } = start();
    read({ offered: 1 });
    skip();
    read({ offered: 50 });
    read({ offered: 51 });
    expect(await offered()).toBe(1);
  });
});
