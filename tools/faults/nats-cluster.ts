// The replay on a log of three copies while servers of NATS are ended in turn and at random: killed, or asked to go.
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom, startNatsCluster } from '@parley/testkit';
import { startTemporaryPlatform } from '../lib/platform.js';
import type { Chat } from '../replay/chats.js';
import { replay, type ReplayResult } from '../replay/replay.js';

export interface NatsFaultsOptions {
  readonly seed: number;
  readonly chats: readonly Chat[];
  readonly concurrency: number;
  /** How often a server is ended. */
  readonly ends: number;
  readonly instances: number;
  readonly keep: boolean;
}

/** Between two servers that are ended, ms at most. */
const CALM_MS = 3_000;
/** How long a server stays away, ms at most. */
const AWAY_MS = 4_000;

export const replayOverNatsFaults = async (
  options: NatsFaultsOptions,
): Promise<{ result: ReplayResult; problems: string[]; ends: Record<string, number> }> => {
  const random = seededRandom(options.seed);
  const nats = await startNatsCluster();
  const ends: Record<string, number> = { SIGKILL: 0, SIGUSR2: 0 };
  let going = true;
  try {
    const own = await startTemporaryPlatform({
      name: 'nats-faults',
      instances: options.instances,
      keep: options.keep,
      env: { NATS_URL: nats.url, PARLEY_NATS_REPLICAS: '3' },
      onEvent: (name, kind, text) => console.error(`${name} ${kind}: ${text}`),
    });
    try {
      const ender = (async () => {
        for (let i = 0; i < options.ends && going; i++) {
          await pause(1_000 + random() * CALM_MS);
          const server = nats.servers[Math.floor(random() * nats.servers.length)]!;
          const signal = random() < 0.7 ? 'SIGKILL' : 'SIGUSR2';
          ends[signal] = (ends[signal] ?? 0) + 1;
          await server.end(signal);
          await pause(random() * AWAY_MS);
          await server.start();
          // As whoever keeps a majority does: the next one goes when all are whole again.
          await nats.settled();
        }
        await pause(CALM_MS);
      })().finally(() => (going = false));
      const { result, problems } = await replay({
        chats: options.chats,
        concurrency: options.concurrency,
        ...own.target,
        goOn: () => going,
        onProgress: (done, failures) => {
          if (done % 50 === 0)
            console.error(`${done} chats, ended ${JSON.stringify(ends)}, ${failures} problems`);
        },
      });
      await ender;
      return { result, problems, ends };
    } finally {
      going = false;
      await own.close();
    }
  } finally {
    await nats.stop();
  }
};
