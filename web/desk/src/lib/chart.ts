import type { analytics } from '@parley/client';

/** What became of the chats of a quarter hour. */
export interface Bar {
  /** Start of the quarter hour, ms. */
  readonly at: number;
  readonly answered: number;
  readonly missed: number;
  readonly waiting: number;
}

const QUARTER_MS = 15 * 60_000;
const MOST_BARS = 96;

/** A bar for every quarter hour from the first row with chats (two hours before `now` at the latest) until now. */
export const barsOf = (rows: readonly analytics.ReportRow[], now: number): readonly Bar[] => {
  const byTime = new Map(
    rows.map(({ key = '', figures = {} }) => [
      Date.parse(key),
      {
        answered: figures.answered ?? 0,
        missed: (figures.abandoned ?? 0) + (figures.messageTaken ?? 0) + (figures.flowedOut ?? 0),
        waiting: figures.waiting ?? 0,
      },
    ]),
  );
  const last = Math.floor(now / QUARTER_MS) * QUARTER_MS;
  const first = Math.max(
    last - (MOST_BARS - 1) * QUARTER_MS,
    Math.min(last - 7 * QUARTER_MS, ...byTime.keys()),
  );
  const bars: Bar[] = [];
  for (let at = first; at <= last; at += QUARTER_MS)
    bars.push({ at, ...(byTime.get(at) ?? { answered: 0, missed: 0, waiting: 0 }) });
  return bars;
};

/** Round steps for an axis from 0 to at least `most`; whole numbers. */
export const ticksOf = (most: number): readonly number[] => {
  const rough = Math.max(1, most) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough,
  );
  return Array.from({ length: Math.ceil(Math.max(1, most) / step) + 1 }, (_, i) => i * step);
};
