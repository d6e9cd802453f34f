/** Exponential backoff with full jitter: a random wait in [0, min(cap, base·2^attempt)), attempt counted from 0. */
export const backoffMs = (
  attempt: number,
  { baseMs, capMs }: { baseMs: number; capMs: number },
  random: () => number = Math.random,
): number => Math.floor(random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30)));
