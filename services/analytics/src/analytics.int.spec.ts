import { describe, expect, it } from '@jest/globals';
import { analytics, type log } from '@parley/contracts';
import { deleteProgress } from '@parley/eventlog';
import { ManualClock } from '@parley/kernel';
import type { Collection, Doc } from '@parley/store';
import { HELD_MS } from './marks.js';
import { openAnalyticsStore } from './store.js';
import * as h from './testing/history.js';
import { asBoss } from './testing/instance.js';
import {
  chat,
  DAY,
  MINUTE,
  morning,
  newFolder,
  newTenant,
  readAll,
  start,
  T0,
  talk,
  useServers,
} from './testing/servers.js';

const { GroupBy } = analytics;

useServers();

describe('figures from both logs', () => {
  it('are those of the definitions', async () => {
    const tenant = newTenant();
    await morning(tenant);
    const instance = await start();
    await readAll(instance);
    const { total, rows } = await instance.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_QUEUE);
    expect(total).toMatchObject({
      offered: 4,
      answered: 2,
      abandoned: 1,
      waiting: 1,
      closed: 3,
      converted: 1,
    });
    expect(rows.map((row) => [row.key, row.figures?.offered, row.figures?.serviceLevel])).toEqual([
      ['care', 3, 0],
      ['sales', 1, 1],
    ]);
    // Accepted 5 s after entering by routing's log, answered after 15 s; 20 minutes of chat and 3 of wrap-up.
    const { facts } = await instance.api.listFacts(
      { from: new Date(T0), to: new Date(T0 + 1), conversationId: '', page: undefined },
      asBoss(tenant),
    );
    expect(facts).toHaveLength(1);
    expect(facts[0]?.acceptedAt?.getTime()).toBe(T0 + 5_000);
    expect(facts[0]?.handleSeconds).toBe(20 * 60 - 7.5 + 180);
    expect(total?.firstResponseFromAcceptance?.sum).toBe(10 + 20);
    const agents = await instance.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_AGENT);
    expect(agents.rows.map((row) => [row.key, row.figures?.answered])).toEqual([
      ['anna', 1],
      ['bob', 1],
    ]);
    const quarters = await instance.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_QUARTER_HOUR);
    const offered = quarters.rows
      .filter((row) => row.figures?.offered)
      .map((row) => [row.key, row.figures?.offered]);
    expect(offered).toEqual([
      ['2026-01-05T09:45:00.000Z', 2],
      ['2026-01-05T10:00:00.000Z', 1],
      ['2026-01-05T10:15:00.000Z', 1],
    ]);
    const days = await instance.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_DAY);
    expect(days.rows).toEqual([{ key: '2026-01-05T00:00:00.000Z', figures: total }]);
  });

  it('are the same in whatever order the logs are read, rolled up or not, and after a rebuild', async () => {
    const tenant = newTenant();
    await morning(tenant);
    const folder = await newFolder();
    const clock = new ManualClock(DAY.to);
    const one = await start({ folder, clock });
    await readAll(one);
    const expected = await one.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_QUEUE);

    const two = await start();
    await two.read('routing');
    await two.caughtUp();
    await two.read('conversation');
    await two.caughtUp();
    expect(await two.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_QUEUE)).toEqual(expected);

    // Routing's log comes long after the facts were rolled up without it.
    const late = new ManualClock(DAY.to);
    const three = await start({ clock: late });
    await three.read('conversation');
    await three.caughtUp();
    late.advance(HELD_MS + 1);
    await three.parts.rollups.refresh();
    expect(await three.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_QUEUE)).not.toEqual(expected);
    await three.read('routing');
    await three.caughtUp();
    expect(await three.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_QUEUE)).toEqual(expected);
    late.advance(HELD_MS + 1);
    await three.parts.rollups.refresh();
    const { marks } = await openAnalyticsStore(three.documents);
    expect(await marks.count({ tenant })).toBe(0);
    expect(await three.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_QUEUE)).toEqual(expected);

    await one.release('conversation');
    await one.release('routing');
    for (const name of ['analytics', 'analytics-routing']) await deleteProgress(one.documents, name);
    const collections = await openAnalyticsStore(one.documents);
    for (const collection of Object.values(collections) as Pick<Collection<Doc>, 'deleteWhere'>[])
      while ((await collection.deleteWhere({})) > 0);
    const again = await start({ folder, clock });
    await readAll(again);
    expect(await again.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_QUEUE)).toEqual(expected);
  });

  it('are not counted twice by a second instance, a restart in the middle of a chat, or what is read again', async () => {
    const tenant = newTenant();
    const folder = await newFolder();
    const one = await start({ folder });
    const two = await start({ folder });
    await one.read('conversation', [0]);
    await two.read('conversation', [1]);
    const writer = chat(tenant, 0);
    await writer.at(T0, h.VISITOR, h.started, h.said, h.entered('care'));
    await one.caughtUp();
    await one.release('conversation');
    // The other one has none of it at hand, and reads the partition from the beginning.
    await deleteProgress(two.documents, 'analytics', 0);
    await writer.at(T0 + 5_000, h.agentActor('anna'), h.joined('anna'), h.said);
    await two.read('conversation', [0]);
    await two.caughtUp();
    await two.release('conversation');
    await writer.at(T0 + 9_000, h.VISITOR, h.said);
    await one.read('conversation', [0]);
    await one.caughtUp();
    const { total } = await one.figures(tenant, DAY.from, DAY.to);
    expect(total).toMatchObject({ offered: 1, answered: 1, messagesByVisitors: 2, messagesByAgents: 1 });
  });

  it('follow a chat that enters a queue in another quarter hour, and then flows into another queue', async () => {
    const tenant = newTenant();
    const clock = new ManualClock(DAY.to);
    const instance = await start({ clock });
    await instance.read('conversation');
    const settle = async (): Promise<unknown> => {
      await instance.caughtUp();
      clock.advance(HELD_MS + 1);
      await instance.parts.rollups.refresh();
      const { rows } = await instance.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_QUEUE);
      return rows.filter((row) => row.figures?.offered).map((row) => row.key);
    };
    const others = chat(tenant);
    await others.at(T0, h.VISITOR, h.started, h.said, h.said, h.said);
    const writer = await chat(tenant).at(T0, h.VISITOR, h.started, h.said);
    expect(await settle()).toEqual([]);
    await writer.at(T0 + 20 * MINUTE, h.VISITOR, h.entered('care'));
    expect(await settle()).toEqual(['care']);
    const { total } = await instance.figures(tenant, DAY.from, DAY.to);
    expect(total).toMatchObject({ offered: 1, messagesByVisitors: 4 });
    await writer.at(T0 + 21 * MINUTE, h.VISITOR, h.entered('sales'));
    expect(await settle()).toEqual(['care', 'sales']);
    const again = await instance.figures(tenant, DAY.from, DAY.to, GroupBy.GROUP_BY_QUEUE);
    expect(again.total).toMatchObject({ offered: 1, waiting: 1, flowedOut: 0 });
    expect(again.rows.find((row) => row.key === 'care')?.figures).toMatchObject({ offered: 1, flowedOut: 1 });
  });

  it('do not let the time count in which a chat was closed', async () => {
    const tenant = newTenant();
    const instance = await start();
    await instance.read('conversation');
    const writer = await chat(tenant).at(T0, h.VISITOR, h.started, h.said, h.entered('care'));
    await writer.at(T0 + 10_000, h.VISITOR, h.abandoned);
    await writer.at(T0 + 5 * 60 * MINUTE, h.VISITOR, h.reopened, h.entered('care'));
    await writer.at(T0 + 5 * 60 * MINUTE + 7_000, h.agentActor('anna'), h.joined('anna'), h.said);
    await instance.caughtUp();
    const { total } = await instance.figures(tenant, DAY.from, DAY.to);
    expect(total).toMatchObject({ offered: 1, answered: 1, abandoned: 0, closed: 0 });
    expect(total?.waitOfAnswered?.sum).toBe(17);
  });
});

describe('another version of the definitions', () => {
  it('starts from scratch, with what the log no longer holds from transcript', async () => {
    const tenant = newTenant();
    const folder = await newFolder();
    const kept = new Map<string, readonly log.Commit[]>();
    const before = await start({ folder, kept, version: 998 });
    await readAll(before);
    const gone = await talk(chat(tenant), T0, 'care', 'anna', 15);
    await chat(tenant).at(T0, h.VISITOR, h.started, h.entered('care'));
    await before.caughtUp();
    const expected = await before.figures(tenant, DAY.from, DAY.to);
    expect(expected.total).toMatchObject({ offered: 2, answered: 1 });
    await before.release('conversation');
    kept.set(gone.id, gone.commits);
    await gone.purge();
    const after = await start({ folder, kept, version: 999 });
    expect((await after.figures(tenant, DAY.from, DAY.to)).total?.offered).toBe(0);
    await readAll(after);
    expect(await after.figures(tenant, DAY.from, DAY.to)).toEqual(expected);
    // A second start with the same version keeps what is there.
    await after.release('conversation');
    kept.clear();
    const same = await start({ folder, kept, version: 999 });
    await readAll(same);
    expect(await same.figures(tenant, DAY.from, DAY.to)).toEqual(expected);
  });
});
