import { newUlid } from '@parley/kernel';

let lastMs = 0;

/** An id for a message or command. Ids made one after the other on a page sort in that order. */
export const newId = (nowMs: number = Date.now()): string => {
  lastMs = Math.max(nowMs, lastMs + 1);
  return newUlid(lastMs);
};
