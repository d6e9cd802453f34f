import { describe, expect, it } from '@jest/globals';
import { analytics, routing } from '@parley/contracts';
import { ManualClock } from '@parley/kernel';
import { HELD_MS } from './marks.js';
import * as h from './testing/history.js';
import { asBoss } from './testing/instance.js';
import {
  chat,
  DAY,
  MINUTE,
  newFolder,
  newTenant,
  readAll,
  routingLog,
  start,
  T0,
  talk,
  useServers,
} from './testing/servers.js';

const { GroupBy } = analytics;
const DAY_MS = 24 * 60 * MINUTE;

useServers();

describe('the figures of a queue', () => {
  it('are the same live, in a report by queue, and in a report of the queue; the total counts each chat once', async () => {
    const tenant = newTenant();
    await talk(chat(tenant, 0), T0, 'care', 'anna', 15);
    const flowing = await chat(tenant, 1).at(T0, h.VISITOR, h.started, h.said, h.entered('care'));
    await flowing.at(T0 + MINUTE, h.VISITOR, h.entered('sales'));
    await flowing.at(T0 + 2 * MINUTE, h.agentActor('bob'), h.joined('bob'), h.said);
    const clock = new ManualClock(T0 + 40 * MINUTE);
    const instance = await start({ clock });
    await readAll(instance);
    const check = async () => {
      const { rows, total } = await instance.figures(
        tenant,
        DAY.from,
        clock.now() + 1,
        GroupBy.GROUP_BY_QUEUE,
      );
      expect(total).toMatchObject({ offered: 2, answered: 2, flowedOut: 0 });
      const figures = Object.fromEntries(rows.map((row) => [row.key, row.figures]));
      expect(figures.care).toMatchObject({ offered: 2, answered: 1, flowedOut: 1 });
      expect(figures.sales).toMatchObject({ offered: 1, answered: 1, flowedOut: 0 });
      for (const queueId of ['care', 'sales']) {
        const live = await instance.api.getLiveFigures({ queueId }, asBoss(tenant));
        expect(live.today).toEqual(figures[queueId]);
      }
      const all = await instance.api.getLiveFigures({ queueId: '' }, asBoss(tenant));
      expect(all.today).toEqual(total);
    };
    await check();
    clock.advance(HELD_MS + 1);
    await instance.parts.rollups.refresh();
    await check();
  });
});

describe('resolution at the first contact', () => {
  it('is taken back when the contact returns with the topic within a week, also from what was rolled up', async () => {
    const tenant = newTenant();
    const clock = new ManualClock(DAY.to);
    const instance = await start({ clock });
    await instance.read('conversation');
    const settle = async () => {
      await instance.caughtUp();
      clock.advance(HELD_MS + 1);
      await instance.parts.rollups.refresh();
      const { total } = await instance.figures(tenant, DAY.from, DAY.to);
      return [total?.handled, total?.firstContactResolved, total?.firstContactResolution];
    };
    const resolved = async (contactId: string, topic: string, at: number) => {
      const writer = await chat(tenant).at(at, h.VISITOR, h.startedBy(contactId, topic), h.entered('care'));
      await writer.at(at + MINUTE, h.agentActor('anna'), h.joined('anna'), h.said);
      return writer.at(at + 2 * MINUTE, h.agentActor('anna'), h.closed());
    };
    await resolved('mia', 'Delivery', T0);
    await resolved('ben', 'delivery', T0);
    const again = await resolved('zoe', 'delivery', T0);
    expect(await settle()).toEqual([3, 3, 1]);
    await again.at(T0 + 5 * MINUTE, h.VISITOR, h.reopened, h.entered('care'));
    expect(await settle()).toEqual([2, 2, 1]);
    // Another topic, and too late.
    await chat(tenant).at(T0 + DAY_MS, h.VISITOR, h.startedBy('mia', 'invoice'));
    await chat(tenant).at(T0 + 8 * DAY_MS, h.VISITOR, h.startedBy('mia', 'delivery'));
    expect(await settle()).toEqual([2, 2, 1]);
    const back = await chat(tenant).at(T0 + 6 * DAY_MS, h.VISITOR, h.startedBy('mia', ' delivery '));
    expect(await settle()).toEqual([2, 1, 0.5]);
    // What it was about is gone: it is not known to be the same.
    await back.at(T0 + 7 * DAY_MS, h.VISITOR, h.erased);
    expect(await settle()).toEqual([2, 2, 1]);
  });
});

describe('occupancy', () => {
  const { AGENT_STATUS_AVAILABLE: AVAILABLE, AGENT_STATUS_AWAY: AWAY } = routing.AgentStatus;
  const worked = async (tenant: string) => {
    const log = new h.Writer(routingLog(), tenant, 'main');
    const system = h.agentActor('presence');
    await log.at(T0, system, h.capacityOf('anna', 2), h.presenceOf('anna', AVAILABLE));
    const first = await chat(tenant, 0).at(
      T0,
      h.VISITOR,
      h.started,
      h.entered('care'),
      h.joined('anna'),
      h.said,
    );
    await first.at(T0 + 20 * MINUTE, h.agentActor('anna'), h.closed());
    return { log, system };
  };

  it('is the chats’ time in the slots of the time in which agents were available', async () => {
    const tenant = newTenant();
    const { log, system } = await worked(tenant);
    await log.at(T0 + 30 * MINUTE, system, h.presenceOf('anna', AWAY));
    await log.at(T0 + 50 * MINUTE, system, h.presenceOf('anna', AWAY, false));
    const folder = await newFolder();
    const clock = new ManualClock(DAY.to);
    const instance = await start({ folder, clock, version: 998 });
    await readAll(instance);
    const occupancy = async (of = instance) =>
      (await of.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_AGENT)).rows.map((row) => [
        row.key,
        row.figures?.occupancy,
      ]);
    expect(await occupancy()).toEqual([['anna', 20 / 60]]);
    clock.advance(HELD_MS + 1);
    await instance.parts.rollups.refresh();
    expect(await occupancy()).toEqual([['anna', 20 / 60]]);
    expect((await instance.figures(tenant, T0, T0 + 10 * MINUTE)).total?.occupancy).toBe(0.5);

    // Read anew, when routing's log does not hold all of it any more.
    await instance.release('conversation');
    await instance.release('routing');
    await log.purge();
    const again = await start({ folder, clock, version: 999 });
    await readAll(again);
    expect(await occupancy(again)).toEqual([['anna', 20 / 60]]);
    await again.parts.rollups.refresh();
    clock.advance(HELD_MS + 1);
    await again.parts.rollups.refresh();
    expect(await occupancy(again)).toEqual([['anna', 20 / 60]]);
  });

  it('counts who is available now until now, and is absent where nobody was', async () => {
    const tenant = newTenant();
    await worked(tenant);
    const instance = await start({ clock: new ManualClock(T0 + 40 * MINUTE) });
    await readAll(instance);
    const live = await instance.api.getLiveFigures({ queueId: '' }, asBoss(tenant));
    expect(live.today?.occupancy).toBe(20 / 80);
    expect((await instance.figures(tenant, DAY.from, T0 + 40 * MINUTE + 1)).total).toEqual(live.today);
    expect((await instance.figures(newTenant(), DAY.from, DAY.to)).total?.occupancy).toBeUndefined();
  });
});
