import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conversation, type HandlerTable } from '@parley/contracts';
import { joinMembership, openEventLog } from '@parley/eventlog';
import { ErrorCode, type RequestContext } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { startNats, type TestNats } from '@parley/testkit';
import { createCaller, type ClosableCaller } from './caller.js';
import { defineConfig } from './config.js';
import { startService, type RunningService } from './start.js';

const NAME = 'parley.conversation.v1.ConversationService';
let nats: TestNats;
let bus: Bus;
let caller: ClosableCaller;
const running: RunningService[] = [];

/** A conversation service that answers a message with the number it was set to. */
const start = async (partitions: number): Promise<void> => {
  const handlers = {
    [NAME]: new Proxy({}, { get: () => async () => ({ version: partitions, time: undefined }) }),
  } as HandlerTable;
  running.push(
    await startService({
      name: 'conversation',
      config: defineConfig({}),
      env: { NATS_URL: nats.url, PARLEY_PARTITIONS: String(partitions), PARLEY_LOG_LEVEL: 'silent' },
      build: async ({ config }) => {
        const log = await openEventLog({
          bus,
          name: 'conversation',
          partitions: config.PARLEY_PARTITIONS,
        });
        const membership = await joinMembership({
          bus,
          group: 'conversation',
          partitions: () => log.refresh(),
        });
        return { handlers, membership };
      },
    }),
  );
};
const send = (partition: number): Promise<conversation.SendMessageResponse> => {
  const context: RequestContext = {
    tenant: 'acme',
    principal: { role: 'agent', id: 'ann' },
    deadline: Date.now() + 20_000,
  };
  const request = { conversationId: `${partition}-abc`, messageId: 'm', text: 'x' };
  return caller.client(NAME).sendMessage(conversation.SendMessageRequest.fromPartial(request), context);
};

beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'spec' });
  caller = createCaller({ bus, addresses: {} });
});
afterAll(async () => {
  caller.close();
  for (const service of running) await service.stop();
  await bus.drain();
  await nats.stop();
});

describe('partitions of the conversation log', () => {
  it('are those that it has, whatever each process was set to, also when raised meanwhile', async () => {
    await start(2);
    expect(await send(1)).toMatchObject({ version: 2 });
    await expect(send(2)).rejects.toMatchObject({ code: ErrorCode.notFound });
    // The first one goes on with its setting of 2 and shares all six, as the caller finds each of them.
    await start(6);
    const answers = await Promise.all([0, 1, 2, 3, 4, 5].map(send));
    expect(answers.map(({ version }) => version).every((version) => [2, 6].includes(version))).toBe(true);
    await expect(send(6)).rejects.toMatchObject({ code: ErrorCode.notFound });
    // One more that is set lower than the log: nothing is lost.
    await start(1);
    expect(await Promise.all([0, 1, 2, 3, 4, 5].map(send))).toHaveLength(6);
  });
});
