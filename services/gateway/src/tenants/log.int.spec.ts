import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TENANT_PARTITIONS } from '@parley/contracts';
import { openEventLog } from '@parley/eventlog';
import { systemClock } from '@parley/kernel';
import { connectBus, natsConnection, type Bus } from '@parley/messaging';
import { startNats, type TestNats } from '@parley/testkit';
import { systemContext } from '../edge/call.js';
import { openTenantLog, type TenantLog } from './log.js';

const ENTRIES = 800;
/** So many are written one after the other, each of them synced. */
const BEGUN_WITHIN_MS = 180_000;
const PAGE = 20;
/** A page, what is read beside it to find its place, and what asks for it. */
const MOST_MESSAGES = 150;

let nats: TestNats;
let bus: Bus;
let log: TenantLog;

const open = async (): Promise<TenantLog> =>
  openTenantLog(await openEventLog({ bus, name: 'tenant', partitions: TENANT_PARTITIONS }), systemClock);

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'tenant-log-spec' });
  const writer = await open();
  const by = systemContext('acme', Date.now() + BEGUN_WITHIN_MS);
  await writer.record('acme', { $case: 'tenantCreated', value: { tenant: 'acme' } }, by);
  for (let i = 1; i < ENTRIES; i++)
    await writer.record('acme', { $case: 'loggedIn', value: { userId: `u${i}` } }, by);
  // As another gateway opens it, which has read nothing yet.
  log = await open();
}, BEGUN_WITHIN_MS);
afterAll(async () => {
  await bus.drain();
  await nats.stop();
});

/** What came of it, and how many messages of the server it took. */
const counted = async <T>(work: () => Promise<T>): Promise<{ result: T; messages: number }> => {
  const connection = natsConnection(bus);
  const before = connection.stats().inMsgs;
  const result = await work();
  return { result, messages: connection.stats().inMsgs - before };
};

it('reads a page of a long log without the rest of it, with its chain checked', async () => {
  for (const after of [0, 1, 40, 400, ENTRIES - PAGE, ENTRIES - 1]) {
    const { result, messages } = await counted(() => log.list('acme', after, PAGE));
    const length = Math.min(PAGE, ENTRIES - after);
    expect(result.entries.map(({ version }) => version)).toEqual(
      Array.from({ length }, (_, i) => after + 1 + i),
    );
    expect(result.intact).toBe(true);
    expect([after, messages < MOST_MESSAGES]).toEqual([after, true]);
  }
  expect(await log.list('acme', ENTRIES, PAGE)).toEqual({ entries: [], intact: true });
});

it('reads the latest ones, and those before them, the same way', async () => {
  for (const before of [0, 400, 10, 1]) {
    const { result, messages } = await counted(() => log.latest('acme', before, PAGE));
    const last = before === 0 ? ENTRIES : before - 1;
    const length = Math.min(PAGE, last);
    expect(result.entries.map(({ version }) => version)).toEqual(Array.from({ length }, (_, i) => last - i));
    expect(result.intact).toBe(true);
    expect([before, messages < MOST_MESSAGES]).toEqual([before, true]);
  }
  expect(await log.latest('nobody', 0, PAGE)).toEqual({ entries: [], intact: true });
});
