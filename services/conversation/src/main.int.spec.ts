import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { build } from 'esbuild';
import { conversation } from '@parley/contracts';
import { newUlid } from '@parley/kernel';
import { connectBus, type Bus } from '@parley/messaging';
import { createCaller, type ClosableCaller } from '@parley/service';
import { eventually, freePort, startNats, type TestNats } from '@parley/testkit';
import {
  asAgent,
  asBoss,
  asSystem,
  asVisitor,
  joinRequest,
  startRequest,
  temporaryFolder,
} from './testing/service.js';

jest.setTimeout(60_000);

const root = join(import.meta.dirname, '..', '..', '..');
const outfile = join(root, '.cache', 'specs', 'conversation', 'main.js');

let nats: TestNats;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let bus: Bus;
let caller: ClosableCaller;
const processes: ChildProcess[] = [];
const ports: number[] = [];

const launch = async (port: number, env: Record<string, string> = {}): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [outfile], {
    env: {
      ...process.env,
      NATS_URL: nats.url,
      PARLEY_DATA: folder.path,
      PARLEY_SERVICE_GRPC_PORT: String(port),
      PARLEY_LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  processes.push(child);
  return child;
};
const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
  return child.exitCode;
};

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [
      {
        name: 'external-packages',
        setup: (bundle) =>
          bundle.onResolve({ filter: /^[^./]/ }, ({ path }) =>
            path.startsWith('@parley/') ? undefined : { path, external: true },
          ),
      },
    ],
  });
  nats = await startNats();
  folder = await temporaryFolder();
  bus = await connectBus({ url: nats.url, name: 'spec' });
  for (let i = 0; i < 2; i++) ports.push(await freePort());
  const addresses = { conversation: `127.0.0.1:${ports[0] ?? 0}` };
  caller = createCaller({ bus, addresses });
  for (const port of ports) await launch(port);
});
afterAll(async () => {
  await Promise.all(
    processes
      .filter((child) => child.exitCode === null && child.signalCode === null)
      .map((child) => end(child, 'SIGKILL')),
  );
  caller.close();
  await bus.drain();
  await nats.stop();
  await folder.remove();
});

describe('two processes', () => {
  const api = () => caller.client('parley.conversation.v1.ConversationService');
  const internal = () => caller.client('parley.conversation.v1.ConversationInternalService');

  it('serve a chat between them, and the other goes on when one is killed in the middle of it', async () => {
    const visitors = Array.from({ length: 8 }, () => asVisitor(newUlid(Date.now())));
    const later = () => Date.now() + 20_000;
    const chats = await Promise.all(
      visitors.map(async (visitor) => {
        const context = { ...visitor, deadline: later() };
        const { conversationId } = await api().startConversation(startRequest('s', { name: 'Mia' }), context);
        await internal().joinConversation(joinRequest(conversationId, 'ann'), {
          ...asSystem(),
          deadline: later(),
        });
        return { visitor, conversationId };
      }),
    );
    const write = async (from: number, to: number): Promise<void> => {
      await Promise.all(
        chats.map(async ({ visitor, conversationId }) => {
          for (let seq = from; seq <= to; seq++)
            await api().sendMessage(
              { conversationId, messageId: `m${seq}`, text: `message ${seq}`, clientSeq: seq },
              { ...visitor, deadline: later() },
            );
        }),
      );
    };
    await write(1, 5);
    const writing = write(6, 15);
    const second = processes[1];
    if (!second) throw new Error('no second process');
    await end(second, 'SIGKILL');
    await writing;
    for (const { visitor, conversationId } of chats) {
      const { events } = await api().listEvents(
        { conversationId, afterVersion: 0, limit: 0 },
        { ...visitor, deadline: later() },
      );
      const texts = events.flatMap(({ event }) =>
        event?.event?.$case === 'messageSent' ? [event.event.value.messageId] : [],
      );
      expect(texts).toEqual(Array.from({ length: 15 }, (_, i) => `m${i + 1}`));
    }
    const { InboxScope: Scope } = conversation;
    await eventually(
      async () => {
        const { rows } = await api().listInbox(
          { scope: Scope.INBOX_SCOPE_MINE, queueId: '', page: undefined },
          asAgent('ann'),
        );
        expect(rows.filter((row) => row.lastText === 'message 15')).toHaveLength(8);
      },
      { timeoutMs: 20_000 },
    );
    const { rows } = await api().listInbox(
      { scope: Scope.INBOX_SCOPE_ALL, queueId: '', page: undefined },
      asBoss(),
    );
    expect(rows).toHaveLength(8);
  });

  it('drain on SIGTERM; a new one with a short idle time expires what is silent', async () => {
    const [first] = processes;
    if (!first) throw new Error('no first process');
    expect(await end(first, 'SIGTERM')).toBe(0);
    await launch(ports[0] ?? 0, { PARLEY_IDLE_CLOSE: '1' });
    const visitor = asVisitor(newUlid(Date.now()));
    const { conversationId } = await api().startConversation(startRequest('s'), {
      ...visitor,
      deadline: Date.now() + 20_000,
    });
    await eventually(
      async () => {
        const { conversation: head } = await api().getConversation(
          { conversationId },
          { ...visitor, deadline: Date.now() + 5_000 },
        );
        expect(head?.closeReason).toBe(conversation.CloseReason.CLOSE_REASON_EXPIRED);
      },
      { timeoutMs: 30_000 },
    );
  });
});
