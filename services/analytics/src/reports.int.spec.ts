import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@parley/kernel';
import { everyDoc } from '@parley/store';
import fc from 'fast-check';
import { emptyLoad, emptyTally, figuresOf, tallyFact } from './definitions/tally.js';
import { HELD_MS } from './marks.js';
import { measure } from './measure.js';
import { openAnalyticsStore } from './store.js';
import * as h from './testing/history.js';
import { asBoss } from './testing/instance.js';
import { chat, DAY, MINUTE, morning, newTenant, readAll, start, T0, useServers } from './testing/servers.js';

useServers();

describe('a report of any length', () => {
  it('equals what the raw facts give, partial quarter hours included', async () => {
    const tenant = newTenant();
    await morning(tenant);
    const clock = new ManualClock(DAY.to);
    const instance = await start({ clock });
    await readAll(instance);
    clock.advance(HELD_MS + 1);
    await instance.parts.rollups.refresh();
    const store = await openAnalyticsStore(instance.documents);
    const docs = await Array.fromAsync(everyDoc(store.facts, { tenant, enteredAt: { gte: 1 } }));
    const facts = await measure(store, tenant, docs);
    const second = fc.integer({ min: -300, max: 4_000 }).map((s) => T0 + s * 1000);
    await fc.assert(
      fc.asyncProperty(second, second, async (a, b) => {
        fc.pre(a !== b);
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const tally = emptyTally();
        for (const { doc, measured } of facts)
          if (doc.enteredAt >= from && doc.enteredAt < to) tallyFact(tally, measured);
        const { total } = await instance.figures(tenant, from, to);
        // Load is told of agents' time within the report, whenever the chats entered.
        expect({ ...total, concurrency: undefined, occupancy: undefined }).toEqual(
          figuresOf(tally, emptyLoad()),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('the interface', () => {
  it('gives live figures that history gives as well, and the same on /metrics', async () => {
    const tenant = newTenant();
    await morning(tenant);
    const now = T0 + 35 * MINUTE;
    const instance = await start({ clock: new ManualClock(now) });
    await readAll(instance);
    const live = await instance.api.getLiveFigures({ queueId: '' }, asBoss(tenant));
    expect(live).toMatchObject({ waiting: 1, longestWait: 5 * 60, active: 0 });
    const history = await instance.figures(tenant, DAY.from, now + 1);
    expect(live.today).toEqual(history.total);
    expect(live.today?.concurrency).toBeGreaterThan(0);

    await instance.parts.board.refresh();
    const { body } = await instance.metrics.exposition();
    const shown = (name: string, queue: string): number | undefined => {
      const found = new RegExp(`^${name}\\{tenant="${tenant}",queue="${queue}"\\} (\\S+)$`, 'm').exec(body);
      return found ? Number(found[1]) : undefined;
    };
    expect(shown('parley_queue_waiting', '\\*')).toBe(1);
    expect(shown('parley_queue_longest_wait_seconds', 'care')).toBe(300);
    expect(shown('parley_queue_offered_today', '\\*')).toBe(live.today?.offered);
    expect(shown('parley_queue_service_level_ratio', '\\*')).toBe(live.today?.serviceLevel);
    expect(shown('parley_queue_first_response_p50_seconds', '\\*')).toBe(
      live.today?.firstResponseFromEntry?.p50,
    );
    expect(shown('parley_queue_concurrency', '\\*')).toBe(live.today?.concurrency);
    expect(shown('parley_queue_csat_ratio', 'sales')).toBe(0);
    expect(shown('parley_queue_occupancy_ratio', '\\*')).toBe(live.today?.occupancy);
    expect(shown('parley_queue_first_contact_resolution_ratio', '\\*')).toBe(
      live.today?.firstContactResolution,
    );
    expect(shown('parley_queue_handle_mean_seconds', '\\*')).toBe(live.today?.handleTime?.mean);
    expect(shown('parley_queue_response_p90_seconds', '\\*')).toBe(live.today?.responseInChat?.p90);
    expect(shown('parley_queue_flowed_out_today', '\\*')).toBe(live.today?.flowedOut);
    // Nothing to divide by, or not defined for one queue: absent.
    expect(shown('parley_queue_csat_ratio', 'none')).toBeUndefined();
    expect(shown('parley_queue_concurrency', 'care')).toBeUndefined();
  });

  it('gives tenants and queues beyond the limits no series of their own, and loses none of their chats', async () => {
    const names = [newTenant(), newTenant()];
    for (const tenant of names) await morning(tenant);
    const now = T0 + 35 * MINUTE;
    const instance = await start({
      clock: new ManualClock(now),
      limits: { tenants: 1, queues: 1 },
    });
    await readAll(instance);
    await instance.parts.board.refresh();
    const { values } = await instance.metrics.gauge('queueOffered').get();
    const own = values.filter(({ labels }) => labels.tenant !== 'other');
    expect(new Set(own.map(({ labels }) => labels.tenant)).size).toBe(1);
    expect(own.map(({ labels }) => labels.queue).sort()).toEqual(['*', 'care', 'other']);
    const beyond = values.filter(({ labels }) => labels.tenant === 'other');
    expect(beyond.map(({ labels }) => labels.queue)).toEqual(['*']);
    const store = await openAnalyticsStore(instance.documents);
    let expected = 0;
    for await (const { id } of everyDoc(store.tenants, {}))
      expected += (await instance.figures(id, DAY.from, now + 1)).total?.offered ?? NaN;
    const offered = [...own, ...beyond].filter(({ labels }) => labels.queue === '*');
    expect(offered.reduce((sum, { value }) => sum + value, 0)).toBe(expected);
    const { values: counted } = await instance.metrics.counter('queueEntries').get();
    expect(new Set(counted.map(({ labels }) => labels.tenant)).size).toBe(2);
  });

  it('counts a chat that goes on in the concurrency of now', async () => {
    const tenant = newTenant();
    const clock = new ManualClock(T0 + 10 * MINUTE);
    const instance = await start({ clock });
    await instance.read('conversation');
    for (const from of [T0, T0 + 5 * MINUTE])
      await chat(tenant).at(from, h.VISITOR, h.started, h.entered('care'), h.joined('anna'));
    await instance.caughtUp();
    expect((await instance.figures(tenant, DAY.from, clock.now())).total?.concurrency).toBe(1.5);
  });

  it('pages facts, refuses wrong ranges and tells one tenant nothing of another', async () => {
    const tenant = newTenant();
    await morning(tenant);
    const instance = await start();
    await readAll(instance);
    const ids: string[] = [];
    let cursor = '';
    do {
      const { facts, nextCursor } = await instance.api.listFacts(
        { from: undefined, to: undefined, conversationId: '', page: { limit: 3, cursor } },
        asBoss(tenant),
      );
      ids.push(...facts.map((fact) => fact.conversationId));
      cursor = nextCursor;
    } while (cursor);
    expect(new Set(ids).size).toBe(4);
    expect(ids).toHaveLength(4);
    const other = newTenant();
    const one = { from: undefined, to: undefined, conversationId: ids[0] ?? '', page: undefined };
    expect((await instance.api.listFacts(one, asBoss(tenant))).facts).toHaveLength(1);
    expect((await instance.api.listFacts(one, asBoss(other))).facts).toEqual([]);
    expect((await instance.figures(other, DAY.from, DAY.to)).total?.offered).toBe(0);
    await expect(instance.figures(tenant, DAY.to, DAY.from)).rejects.toThrow('later than from');
    await expect(instance.figures(tenant, 1, DAY.to)).rejects.toThrow('92 days');
    const backwards = { ...one, conversationId: '', from: new Date(DAY.to), to: new Date(DAY.from) };
    await expect(instance.api.listFacts(backwards, asBoss(tenant))).rejects.toThrow('later than from');
  });
});
