import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { analytics, type log } from '@parley/contracts';
import { deleteProgress, openEventLog, type EventLog } from '@parley/eventlog';
import { ManualClock, newAggregateId, newUlid } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { startNats, type TestNats } from '@parley/testkit';
import fc from 'fast-check';
import { emptyTally, figuresOf, tallyFact } from './definitions/tally.js';
import { HELD_MS } from './marks.js';
import { measure } from './measure.js';
import { everyDoc, openAnalyticsStore } from './store.js';
import * as h from './testing/history.js';
import {
  asBoss,
  type Instance,
  type InstanceOptions,
  PARTITIONS,
  startInstance,
} from './testing/instance.js';

const { GroupBy } = analytics;
const T0 = Date.UTC(2026, 0, 5, 9, 50);
const MINUTE = 60_000;
const DAY = { from: Date.UTC(2026, 0, 5), to: Date.UTC(2026, 0, 6) };

let nats: TestNats;
let bus: Bus;
let logs: Record<'conversation' | 'routing', EventLog>;
const folders: string[] = [];
const instances: Instance[] = [];

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'analytics-spec' });
  logs = {
    conversation: await openEventLog({ bus, name: 'conversation', partitions: PARTITIONS }),
    routing: await openEventLog({ bus, name: 'routing', partitions: 4 }),
  };
});
afterEach(async () => {
  await Promise.all(instances.splice(0).map((instance) => instance.stop()));
});
afterAll(async () => {
  await bus.drain();
  await nats.stop();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-analytics-'));
  folders.push(folder);
  return folder;
};
const start = async (more: Partial<InstanceOptions> = {}): Promise<Instance> => {
  const clock = new ManualClock(DAY.to);
  const instance = await startInstance({ logs, folder: await newFolder(), clock, ...more });
  instances.push(instance);
  return instance;
};
const readAll = async (instance: Instance): Promise<void> => {
  await instance.read('conversation');
  await instance.read('routing');
  await instance.caughtUp();
};
const newTenant = (): string => `t-${newUlid(Date.now())}`;
const chat = (tenant: string, partition = 0): h.Writer =>
  new h.Writer(logs.conversation, tenant, newAggregateId(partition, Date.now()));
const talk = async (
  writer: h.Writer,
  at: number,
  queue: string,
  agent: string,
  seconds: number,
): Promise<h.Writer> => {
  const anna = h.agentActor(agent);
  await writer.at(at, h.VISITOR, h.started, h.said, h.entered(queue));
  await writer.at(at + seconds * 500, anna, h.joined(agent));
  await writer.at(at + seconds * 1000, anna, h.said);
  await writer.at(at + seconds * 1000 + 20_000, h.VISITOR, h.said);
  await writer.at(at + seconds * 1000 + 25_000, anna, h.said);
  return writer.at(at + 20 * MINUTE, anna, h.closed());
};

/** A morning of one tenant in both logs: three chats, one given up, one open. */
const morning = async (tenant: string): Promise<void> => {
  const routing = new h.Writer(logs.routing, tenant, 'main');
  await routing.at(T0 - MINUTE, h.agentActor('boss'), h.configured('care', 10), h.configured('sales', 100));
  const first = await talk(chat(tenant, 0), T0, 'care', 'anna', 15);
  await routing.at(T0 + 5_000, h.agentActor('anna'), h.accepted(first.id, 'anna'));
  await first.at(T0 + 21 * MINUTE, h.VISITOR, h.rated(5), h.converted);
  const second = await talk(chat(tenant, 1), T0 + 12 * MINUTE, 'sales', 'bob', 40);
  await routing.at(T0 + 21 * MINUTE, h.agentActor('anna'), h.wrapUp(first.id, 'anna'));
  await routing.at(T0 + 22 * MINUTE, h.agentActor('bob'), h.wrapUp(first.id, 'bob'));
  await routing.at(T0 + 24 * MINUTE, h.agentActor('anna'), h.wrapUp(first.id, 'anna', true));
  await second.at(T0 + 60 * MINUTE, h.VISITOR, h.rated(2));
  const lost = await chat(tenant, 1).at(T0 + MINUTE, h.VISITOR, h.started, h.said, h.entered('care'));
  await lost.at(T0 + 2 * MINUTE, h.VISITOR, h.abandoned);
  await chat(tenant, 0).at(T0 + 30 * MINUTE, h.VISITOR, h.started, h.said, h.entered('care'));
};

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
    for (const collection of Object.values(await openAnalyticsStore(one.documents)))
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

  it('follow a chat that enters a queue in another quarter hour, and then another queue', async () => {
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
    expect(await settle()).toEqual(['sales']);
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
        expect({ ...total, concurrency: undefined }).toEqual(figuresOf(tally, { openMs: 0, busyMs: 0 }));
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
    // Nothing to divide by, or not defined for one queue: absent.
    expect(shown('parley_queue_csat_ratio', 'none')).toBeUndefined();
    expect(shown('parley_queue_concurrency', 'care')).toBeUndefined();
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
