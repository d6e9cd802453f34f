import { parseArgs } from 'node:util';
import { fetchJson } from '@parley/client';
import { Launch, withFolder } from '../../../e2e/launcher/launch.js';
import { ensureBuilt } from '../../../scripts/lib/build.mjs';
import { whole } from '../whole.js';

export const START_USAGE = `  start [--starts N] [--chats N]
    The script of npm start in an empty folder, then N times (3) over what that left and N chats (100): seconds from the
    command until it says that all is ready.`;

const NO_LIMIT = '1000000';

/** Measures how long people wait for `npm start`; see docs/benchmarks.md for what the figures mean. */
export const benchStart = async (args: string[]): Promise<void> => {
  const { values } = parseArgs({
    args,
    options: { starts: { type: 'string', default: '3' }, chats: { type: 'string', default: '100' } },
  });
  const starts = whole(values.starts, '--starts');
  const chats = whole(values.chats, '--chats');
  await ensureBuilt();
  await withFolder(async (folder) => {
    const coldSeconds = await start(folder, 'cold', (launch) => fill(launch.httpUrl, chats));
    const warm: number[] = [];
    while (warm.length < starts) warm.push(await start(folder, 'warm'));
    const [warmSeconds, slowestSeconds] = [median(warm), Math.max(...warm)];
    console.log(JSON.stringify({ starts, chats, coldSeconds, warmSeconds, slowestSeconds }));
  });
};

/** Starts, lets `use` work with it, and stops; returns the seconds until it was ready. */
const start = async (
  folder: string,
  name: string,
  use: (launch: Launch) => Promise<void> = async () => {},
): Promise<number> => {
  const launch = await Launch.begin({ folder, env: { PARLEY_ANONYMOUS_RATE: NO_LIMIT } });
  await launch.ready();
  console.log(`${name}: ${launch.readySeconds} s`);
  await use(launch);
  await launch.stop();
  return launch.readySeconds!;
};

/** Leaves chats for the next start to read. */
const fill = async (httpUrl: string, chats: number): Promise<void> => {
  for (let n = 1; n <= chats; n++) {
    const { token } = await fetchJson(httpUrl, 'parley.gateway.v1.AuthService/StartVisitorSession', {
      tenant: 'demo',
      locale: 'en',
    });
    await fetchJson(
      httpUrl,
      'parley.conversation.v1.ConversationService/StartConversation',
      {
        commandId: 'start-1',
        channel: 'CHANNEL_WEB_CHAT',
        messageId: 'message-1',
        text: `Question ${n}`,
      },
      { token },
    );
  }
};

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
