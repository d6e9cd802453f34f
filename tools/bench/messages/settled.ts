import { setTimeout as pause } from 'node:timers/promises';

const PROBE_MS = 400;
const GIVE_UP_AFTER_MS = 10_000;

/** Resolves once no consumer moves any more, so that what they still owe is counted as well. False when they never rest. */
export const consumersRest = async (metricsUrls: readonly string[]): Promise<boolean> => {
  const until = Date.now() + GIVE_UP_AFTER_MS;
  let before = await consumed(metricsUrls);
  while (Date.now() < until) {
    await pause(PROBE_MS);
    const now = await consumed(metricsUrls);
    if (now === before) return true;
    before = now;
  }
  return false;
};

/** Commits that all consumers have dealt with. */
const consumed = async (urls: readonly string[]): Promise<number> => {
  const texts = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith('parley_consumer_commits_total{'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
};
