import type { Load } from './tally.js';

/** A chat of an agent, ms; an open one ends now. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One agent's load between two times: every chat's share added up, and the time during which there was any. */
export const loadOf = (spans: readonly Span[], from: number, to: number): Load => {
  const clipped = spans
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.to > span.from)
    .sort((a, b) => a.from - b.from);
  let openMs = 0;
  let busyMs = 0;
  let coveredTo = from;
  for (const span of clipped) {
    openMs += span.to - span.from;
    const start = Math.max(span.from, coveredTo);
    if (span.to > start) {
      busyMs += span.to - start;
      coveredTo = span.to;
    }
  }
  return { openMs, busyMs };
};
