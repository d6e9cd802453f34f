// The replay while processes of the previous release work beside those of this one, on one log and one store, as in any
// rolling upgrade; which of them own what changes all the time, as both are restarted at random.
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '@parley/testkit';
import { ensurePreviousRelease, PREVIOUS } from '../../scripts/previous-release.mjs';
import { ALL_BEHIND_GATEWAY, startTemporaryPlatform } from '../lib/platform.js';
import type { Chat } from '../replay/chats.js';
import { replay, type ReplayResult } from '../replay/replay.js';

export interface ReleasesOptions {
  readonly seed: number;
  readonly chats: readonly Chat[];
  readonly concurrency: number;
  /** How often a process is restarted. */
  readonly restarts: number;
  readonly keep: boolean;
}

const CALM_MS = 3_000;

export const replayOverReleases = async (
  options: ReleasesOptions,
): Promise<{ result: ReplayResult; problems: string[]; previous: string; restarts: number }> => {
  const random = seededRandom(options.seed);
  const previous = await ensurePreviousRelease();
  // The first process of each service is of the previous release: it makes the streams and documents.
  const old = Object.fromEntries(ALL_BEHIND_GATEWAY.map((name) => [name, previous]));
  const own = await startTemporaryPlatform({
    name: 'releases',
    instances: 2,
    multiplied: ALL_BEHIND_GATEWAY,
    releases: old,
    keep: options.keep,
    env: { PARLEY_PARTITIONS: '4' },
  });
  const names = ALL_BEHIND_GATEWAY.flatMap((name) => [name, `${name}-2`]);
  let restarts = 0;
  let going = true;
  try {
    const restarter = (async () => {
      for (; restarts < options.restarts && going; restarts++) {
        await pause(500 + random() * CALM_MS);
        // As an upgrade does it: what it had is taken over by the other release, and the next one goes when it is back.
        const name = names[Math.floor(random() * names.length)]!;
        const before = own.platform.child(name)?.pid;
        own.platform.child(name)?.signal('SIGTERM');
        while (going && own.platform.child(name)?.pid === before) await pause(50);
        while (going && !(await isReady(own.platform.metricsUrls[name]!))) await pause(100);
      }
      await pause(CALM_MS);
    })().finally(() => (going = false));
    const { result, problems } = await replay({
      chats: options.chats,
      concurrency: options.concurrency,
      ...own.target,
      goOn: () => going,
    });
    await restarter;
    return { result, problems, previous: PREVIOUS, restarts };
  } finally {
    going = false;
    await own.close();
  }
};

const isReady = async (metricsUrl: string): Promise<boolean> => {
  try {
    return (await fetch(metricsUrl.replace('/metrics', '/healthz/ready'))).ok;
  } catch {
    return false; // it starts
  }
};
