import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gateway, TENANT_PARTITIONS } from '@parley/contracts';
import { openEventLog, type EventLog } from '@parley/eventlog';
import { connectBus, type Bus } from '@parley/messaging';
import { startNats, type TestNats } from '@parley/testkit';
import { addErasures } from './erasures.js';

const SERVICE = 'parley.conversation.v1.ConversationService';

describe('the list of erasures', () => {
  let nats: TestNats;
  let bus: Bus;
  let log: EventLog;
  let folder: string;
  beforeEach(async () => {
    nats = await startNats();
    bus = await connectBus({ url: nats.url, name: 'test' });
    log = await openEventLog({ bus, name: 'tenant', partitions: TENANT_PARTITIONS });
    folder = mkdtempSync(join(tmpdir(), 'parley-erasures-'));
  });
  afterEach(async () => {
    await bus.drain();
    await nats.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What an edge writes when somebody erases a conversation; each tenant of its own, so that times may be equal. */
  const erase = async (tenant: string, targetId: string, at: number): Promise<void> => {
    const method = `${SERVICE}/EraseConversation`;
    const event = { $case: 'actPerformed' as const, value: { method, targetId } };
    await log.append(
      {
        ...{ tenant, aggregateId: 'tenant', firstVersion: 1, time: new Date(at), commandId: targetId },
        events: [
          Buffer.from(gateway.TenantEvent.encode(gateway.TenantEvent.fromPartial({ event })).finish()),
        ],
        ...{ actor: undefined, traceparent: '', engineVersion: 0, commandIds: [] },
      },
      0,
    );
  };

  it('goes on where it ended, with nothing twice, and nothing left out that a slow clock wrote late', async () => {
    const file = join(folder, 'erasures.jsonl');
    const listed = (): string[] =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(await addErasures(bus, file)).toBe(0);
    await erase('acme', 'c1', 1_000);
    await erase('umbra', 'c2', 2_000);
    expect(await addErasures(bus, file)).toBe(2);
    await erase('initech', 'c3', 1_500);
    await erase('globex', 'c4', 3_000);
    expect(await addErasures(bus, file)).toBe(2);
    expect(await addErasures(bus, file)).toBe(0);
    expect(listed()).toEqual(['c1', 'c2', 'c3', 'c4']);
    expect(await addErasures(bus, file, 3_000)).toBe(1);
  });
});
