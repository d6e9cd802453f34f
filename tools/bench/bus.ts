/**
 * What a command costs on the bus: client and server in one process, a real nats-server. Bundle it with esbuild
 * (packages but @parley/* external) and give it: URL, number of requests, requests in flight.
 */
import { commandSubject, conversation, type HandlerTable } from '@parley/contracts';
import { createLogger } from '@parley/telemetry';
import { NatsTransport, connectBus } from '@parley/messaging';

const [url = 'nats://127.0.0.1:4222', count = '100000', inFlight = '64'] = process.argv.slice(2);
const answer = { version: 1, time: undefined };
const service = new Proxy({}, { get: () => async () => answer });
const handlers = { 'parley.conversation.v1.ConversationService': service } as HandlerTable;

const bus = await connectBus({ url, name: 'bench' });
const logger = createLogger('bench', { level: 'error' });
const transport = new NatsTransport({ bus, service: 'conversation', handlers, logger });
await transport.own(0);

const path = 'parley.conversation.v1.ConversationService/SendMessage';
const body = conversation.SendMessageRequest.encode(
  conversation.SendMessageRequest.fromPartial({
    conversationId: '0-a',
    messageId: 'm',
    text: 'x'.repeat(80),
  }),
).finish();

const run = async (requests: number): Promise<void> => {
  let left = requests;
  const worker = async (): Promise<void> => {
    while (left-- > 0)
      await bus.request(commandSubject('conversation', 0), path, body, {
        tenant: 'acme',
        principal: { role: 'visitor', id: 'c1', name: 'Ada' },
        deadline: Date.now() + 5_000,
      });
  };
  await Promise.all(Array.from({ length: Number(inFlight) }, worker));
};

await run(Number(count) / 5);
const startedAt = performance.now();
const before = process.cpuUsage();
await run(Number(count));
const used = process.cpuUsage(before);
console.log(
  JSON.stringify({
    requestsPerSecond: Math.round((Number(count) / (performance.now() - startedAt)) * 1000),
    cpuMicrosPerRequestBothSides: Number(((used.user + used.system) / Number(count)).toFixed(1)),
  }),
);
await transport.drain();
await bus.drain();
