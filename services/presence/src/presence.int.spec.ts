import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type conversation, partitionOfTenant, routing } from '@parley/contracts';
import { newUlid, type Principal, type RequestContext, systemClock, unavailable } from '@parley/kernel';
import { connectBus } from '@parley/messaging';
import { openStore, type Store } from '@parley/store';
import { createLogger, createMetrics } from '@parley/telemetry';
import { eventually, startNats, TestGateway, type TestNats } from '@parley/testkit';
import { presenceApi } from './api.js';
import { Partitions } from './partitions.js';
import { openPresenceStore } from './store.js';

jest.setTimeout(60_000);

const { AGENT_STATUS_AVAILABLE, AGENT_STATUS_AWAY, AGENT_STATUS_BUSY, AGENT_STATUS_OFFLINE } =
  routing.AgentStatus;
/** Several renewals long: a pause of this process is not the death of a gateway. */
const LEASE_MS = 5_000;
const LIMITS = { agentGraceMs: 600, agentResetMs: 600_000, visitorLeftMs: 1_000 };
const PATIENT = { timeoutMs: 30_000 };

let nats: TestNats;
/** What routing and the conversations have been told. */
let heard: routing.AgentPresenceChanged[] = [];
let requests = 0;
let leavings: conversation.VisitorLeftRequest[] = [];
let down = false;
/** Agents of whom routing holds something. */
let atWork = new Set<string>();

let tenant: string;
let folder: string;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  nats = await startNats();
});
afterAll(async () => {
  await nats.stop();
});
beforeEach(async () => {
  tenant = `t-${newUlid(Date.now())}`;
  folder = await mkdtemp(join(tmpdir(), 'parley-presence-'));
  [heard, leavings, requests, down, atWork] = [[], [], 0, false, new Set()];
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await rm(folder, { recursive: true, force: true });
});

const others = {
  routing: {
    listAgentsAtWork: async ({ agentIds }: routing.ListAgentsAtWorkRequest) => {
      if (down) throw unavailable('DOWN', 'down');
      return { agentIds: agentIds.filter((id) => atWork.has(id)) };
    },
    setAgentPresence: async ({ agents }: routing.SetAgentPresenceRequest) => {
      if (down) throw unavailable('DOWN', 'down');
      requests++;
      heard.push(...agents);
      return {};
    },
  },
  conversations: {
    visitorLeft: async (request: conversation.VisitorLeftRequest) => {
      if (down) throw unavailable('DOWN', 'down');
      leavings.push(request);
      return { version: 1 };
    },
  },
};

const startPresence = async () => {
  const own = await connectBus({ url: nats.url, name: 'presence' });
  const documents: Store = await openStore({ name: 'presence', durability: 'projection', folder });
  const store = await openPresenceStore(documents);
  const logger = createLogger('presence', { level: 'fatal' });
  const deps = { bus: own, store, ...others, clock: systemClock, logger, limits: LIMITS, leaseMs: LEASE_MS };
  const partitions = new Partitions(deps);
  await partitions.start();
  await partitions.take(partitionOfTenant(tenant));
  const api = presenceApi({
    partition: (n) => partitions.get(n),
    visitors: store.visitors,
    clock: systemClock,
  });
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await partitions.stop();
    await own.drain();
    await documents.close();
  };
  stops.push(stop);
  return { api, partitions, stop };
};
const gateway = async (id: string): Promise<TestGateway> => {
  const name = `${id}-${tenant.slice(-8)}`;
  const made = await TestGateway.start(await connectBus({ url: nats.url, name }), name, tenant, LEASE_MS);
  stops.push(() => made.die());
  return made;
};
const as = (role: Principal['role'], id: string, of = tenant): RequestContext => ({
  tenant: of,
  principal: { role, id },
  deadline: Date.now() + 40_000,
});
const last = (agentId: string) => heard.findLast((report) => report.agentId === agentId);
const inOrder = (agentId: string): boolean => {
  const revisions = heard.filter((report) => report.agentId === agentId).map((report) => report.revision);
  return revisions.every((revision, i) => i === 0 || revision >= revisions[i - 1]!);
};

describe('agents', () => {
  it('go offline soon after their gateway died, and not those of another gateway', async () => {
    const { partitions } = await startPresence();
    const [one, two] = [await gateway('one'), await gateway('two')];
    one.open('AGENT', ['anna', 'both']);
    two.open('AGENT', ['bob', 'both']);
    await eventually(
      () => expect([last('anna'), last('bob')].map((r) => r?.online)).toEqual([true, true]),
      PATIENT,
    );
    await one.die();
    await eventually(() => expect(last('anna')?.online).toBe(false), PATIENT);
    expect([last('bob')?.online, last('both')?.online]).toEqual([true, true]);
    const metrics = createMetrics();
    await partitions.showGauges(metrics);
    const { body } = await metrics.exposition();
    expect(body).toContain('parley_presence_agents{status="offline",online="no"} 1');
    expect(body).toContain('parley_presence_sessions{kind="agent"} 2');
  });

  it('stay when the bucket of leases is lost', async () => {
    const { api } = await startPresence();
    (await gateway('one')).open('AGENT', ['anna']);
    await eventually(() => expect(last('anna')?.online).toBe(true), PATIENT);
    // It is kept in memory: a new server has none.
    await nats.kill();
    await nats.restart();
    // A gateway that dies after the loss is noticed: leases are followed in the new bucket.
    const late = await gateway('late');
    late.open('AGENT', ['bob']);
    await eventually(() => expect(last('bob')?.online).toBe(true), PATIENT);
    await late.die();
    await eventually(() => expect(last('bob')?.online).toBe(false), PATIENT);
    expect(heard.filter((report) => report.agentId === 'anna' && !report.online)).toEqual([]);
    const { agents } = await api.listAgentPresence({}, as('supervisor', 'boss'));
    expect(agents.find(({ agentId }) => agentId === 'anna')?.online).toBe(true);
  });

  it('are found by a snapshot in chunks when a delta is missing', async () => {
    const { api } = await startPresence();
    const one = await gateway('one');
    await eventually(() => expect(one.asked).toBeGreaterThan(0), PATIENT);
    const many = Array.from({ length: 1_200 }, (_, i) => `agent-${i}`);
    one.open('AGENT', many, '', true);
    one.open('AGENT', ['anna']);
    await eventually(async () => {
      const { agents } = await api.listAgentPresence({}, as('supervisor', 'boss'));
      expect(agents.filter(({ online }) => online)).toHaveLength(1_201);
    }, PATIENT);
  });

  it('keep their status over a restart; who did not come back is told of, in newer revisions', async () => {
    const first = await startPresence();
    const one = await gateway('one');
    one.open('AGENT', ['anna', 'gone']);
    await first.api.setStatus(
      { status: AGENT_STATUS_AVAILABLE, agentId: '', automatic: false, finishing: false },
      as('agent', 'anna'),
    );
    await first.api.setStatus(
      { status: AGENT_STATUS_AVAILABLE, agentId: '', automatic: false, finishing: false },
      as('agent', 'gone'),
    );
    await eventually(
      () => expect(last('gone')).toMatchObject({ online: true, status: AGENT_STATUS_AVAILABLE }),
      PATIENT,
    );
    await first.stop();
    one.close('gone');
    await startPresence();
    await eventually(() => expect(last('gone')?.online).toBe(false), PATIENT);
    expect(last('anna')).toMatchObject({ online: true, status: AGENT_STATUS_AVAILABLE });
    expect([inOrder('anna'), inOrder('gone')]).toEqual([true, true]);
  });

  it('who finish their chats go offline after the last one, whichever process has them then', async () => {
    const first = await startPresence();
    (await gateway('one')).open('AGENT', ['anna', 'bob']);
    atWork = new Set(['anna']);
    const finishing = { status: AGENT_STATUS_AWAY, agentId: '', automatic: false, finishing: true };
    await first.api.setStatus(finishing, as('agent', 'anna'));
    await first.stop();
    const { api } = await startPresence();
    await api.setStatus(finishing, as('agent', 'bob'));
    // Asked about both: bob has nothing left, anna has a chat.
    await eventually(() => expect(last('bob')?.status).toBe(AGENT_STATUS_OFFLINE), PATIENT);
    const { agents } = await api.listAgentPresence({}, as('supervisor', 'boss'));
    expect(agents.find(({ agentId }) => agentId === 'anna')).toMatchObject({
      status: AGENT_STATUS_AWAY,
      finishing: true,
    });
    atWork.clear();
    await eventually(() => expect(last('anna')?.status).toBe(AGENT_STATUS_OFFLINE), PATIENT);
    await expect(
      api.setStatus({ ...finishing, status: AGENT_STATUS_BUSY }, as('agent', 'anna')),
    ).rejects.toMatchObject({ details: { violations: [{ field: 'finishing' }] } });
  });

  it('have their own status; a supervisor may set it, another agent or tenant not', async () => {
    const { api } = await startPresence();
    const one = await gateway('one');
    one.open('AGENT', ['anna']);
    await eventually(() => expect(last('anna')?.online).toBe(true), PATIENT);
    const set = api.setStatus(
      { status: AGENT_STATUS_AWAY, agentId: 'anna', automatic: false, finishing: false },
      as('supervisor', 'boss'),
    );
    expect((await set).presence).toMatchObject({ agentId: 'anna', status: AGENT_STATUS_AWAY, online: true });
    const request = { status: AGENT_STATUS_BUSY, agentId: 'anna', automatic: false, finishing: false };
    await expect(api.setStatus(request, as('agent', 'bob'))).rejects.toThrow('own status');
    const notResponding = { ...request, status: routing.AgentStatus.AGENT_STATUS_NOT_RESPONDING };
    await expect(api.setStatus(notResponding, as('supervisor', 'boss'))).rejects.toThrow('by routing');
    const other = Array.from({ length: 50 }, (_, i) => `x${i}`).find(
      (name) => partitionOfTenant(name) === partitionOfTenant(tenant),
    );
    expect((await api.listAgentPresence({}, as('supervisor', 'boss', other))).agents).toEqual([]);
  });
});

describe('routing', () => {
  it('hears in order of what changed while it was down', async () => {
    const { api } = await startPresence();
    (await gateway('one')).open('AGENT', ['anna']);
    await eventually(() => expect(last('anna')?.online).toBe(true), PATIENT);
    down = true;
    for (const status of [AGENT_STATUS_AVAILABLE, AGENT_STATUS_BUSY, AGENT_STATUS_AWAY])
      await api.setStatus({ status, agentId: '', automatic: false, finishing: false }, as('agent', 'anna'));
    down = false;
    await eventually(() => expect(last('anna')?.status).toBe(AGENT_STATUS_AWAY), PATIENT);
    expect(inOrder('anna')).toBe(true);
  });

  it('gets ten thousand agents who come back at once in a few requests', async () => {
    await startPresence();
    const one = await gateway('one');
    for (let i = 0; i < 100; i++)
      one.open(
        'AGENT',
        Array.from({ length: 100 }, (_, n) => `a-${i}-${n}`),
      );
    await eventually(() => expect(new Set(heard.map((r) => r.agentId)).size).toBe(10_000), {
      timeoutMs: 30_000,
    });
    expect(requests).toBeLessThan(60);
  });
});

describe('visitors', () => {
  it('leave once, dated at their last contact, also when the conversation could not be told at first', async () => {
    const { api } = await startPresence();
    const one = await gateway('one');
    one.open('VISITOR', ['vera'], '0-chat');
    one.open('VISITOR', ['back'], '0-other');
    down = true;
    const at = Date.now();
    one.close('vera', 'back');
    one.open('VISITOR', ['back'], '0-other');
    const there = async () =>
      (await api.listVisitors({ page: undefined }, as('supervisor', 'boss'))).visitors.flatMap(
        ({ contactId, online }) => (online ? [contactId] : []),
      );
    await eventually(async () => expect(await there()).toEqual(['back']), PATIENT);
    const gone = Date.now();
    const told = eventually(() => expect(leavings).toHaveLength(1), PATIENT);
    // Not until it answers again.
    await eventually(() => Date.now() - gone > LIMITS.visitorLeftMs + 1_000);
    expect(leavings).toEqual([]);
    down = false;
    await told;
    expect(leavings[0]?.conversationId).toBe('0-chat');
    const lastContactAt = leavings[0]?.lastContactAt?.getTime() ?? 0;
    expect([at <= lastContactAt, lastContactAt <= gone]).toEqual([true, true]);
  });

  it('have a page trail, and are online only with a socket', async () => {
    const { api } = await startPresence();
    const view = (n: number) =>
      api.recordPageView(
        { page: { url: `https://shop.example/${n}`, title: `${n}` }, referrer: '' },
        as('visitor', 'vera'),
      );
    await Promise.all(Array.from({ length: 60 }, (_, n) => view(n)));
    const boss = as('supervisor', 'boss');
    const seen = async () => (await api.getVisitor({ contactId: 'vera' }, boss)).visitor;
    expect((await seen())?.trail.map(({ page }) => page?.title)).toEqual(
      Array.from({ length: 50 }, (_, n) => `${n + 10}`),
    );
    expect((await seen())?.online).toBe(false);
    (await gateway('one')).open('VISITOR', ['vera'], '0-chat');
    await eventually(async () => expect((await seen())?.online).toBe(true), PATIENT);
    const { visitors } = await api.listVisitors({ page: undefined }, boss);
    expect(visitors).toMatchObject([{ contactId: 'vera', conversationId: '0-chat', trail: [] }]);
    await expect(view(0).then(() => api.getVisitor({ contactId: 'who' }, boss))).rejects.toThrow(
      'not been seen',
    );
  });
});
