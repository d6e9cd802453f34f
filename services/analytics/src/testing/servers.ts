import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { openEventLog, type EventLog } from '@parley/eventlog';
import { ManualClock, newAggregateId, newUlid } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { startNats, type TestNats } from '@parley/testkit';
import * as h from './history.js';
import { type Instance, type InstanceOptions, PARTITIONS, startInstance } from './instance.js';

/** Start of every test's chats, ms. */
export const T0 = Date.UTC(2026, 0, 5, 9, 50);
export const MINUTE = 60_000;
/** The day around them. */
export const DAY = { from: Date.UTC(2026, 0, 5), to: Date.UTC(2026, 0, 6) };

let nats: TestNats;
let bus: Bus;
let logs: Record<'conversation' | 'routing', EventLog>;
const folders: string[] = [];
const instances: Instance[] = [];

/** Starts the servers of a spec file, and stops them and what was started on them. */
export const useServers = (): void => {
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
};

/** An empty folder, removed at the end. */
export const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-analytics-'));
  folders.push(folder);
  return folder;
};
/** An instance over the run's logs; stopped after the test. */
export const start = async (more: Partial<InstanceOptions> = {}): Promise<Instance> => {
  const clock = new ManualClock(DAY.to);
  const instance = await startInstance({ logs, folder: await newFolder(), clock, ...more });
  instances.push(instance);
  return instance;
};
/** Takes both logs in to their ends. */
export const readAll = async (instance: Instance): Promise<void> => {
  await instance.read('conversation');
  await instance.read('routing');
  await instance.caughtUp();
};
export const newTenant = (): string => `t-${newUlid(Date.now())}`;
/** The log of routing, for writers. */
export const routingLog = () => logs.routing;
/** A conversation without commits yet. */
export const chat = (tenant: string, partition = 0): h.Writer =>
  new h.Writer(logs.conversation, tenant, newAggregateId(partition, Date.now()));
/** An answered chat of twenty minutes; the agent joins half-way to the first answer. */
export const talk = async (
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
export const morning = async (tenant: string): Promise<void> => {
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
