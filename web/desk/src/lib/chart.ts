import type { analytics } from '@parley/client';

/** What became of the chats that entered a queue in a span of time. */
export interface Bar {
  /** Where the span begins, ms. */
  readonly at: number;
  readonly answered: number;
  readonly missed: number;
  readonly waiting: number;
}

/** Time over which bars stand: where the first and the last begin, and the length of each, ms. */
export interface Span {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

const QUARTER_MS = 15 * 60_000;
const DAY_MS = 96 * QUARTER_MS;
const MOST_QUARTERS = 96;

/** Quarter hours from the first row with chats (two hours before `now` at the latest, a day at most) until now. */
export const quartersOf = (rows: readonly analytics.ReportRow[], now: number): Span => {
  const last = Math.floor(now / QUARTER_MS) * QUARTER_MS;
  const first = Math.max(
    last - (MOST_QUARTERS - 1) * QUARTER_MS,
    Math.min(last - 7 * QUARTER_MS, ...rows.map(({ key = '' }) => Date.parse(key))),
  );
  return { first, last, step: QUARTER_MS };
};

/** So many days until today; days are UTC's, as in all reports. */
export const daysOf = (days: number, now: number): Span => {
  const last = Math.floor(now / DAY_MS) * DAY_MS;
  return { first: last - (days - 1) * DAY_MS, last, step: DAY_MS };
};

/** A bar for every step of a span, also where nothing happened. */
export const barsOf = (rows: readonly analytics.ReportRow[], { first, last, step }: Span): readonly Bar[] => {
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
  const bars: Bar[] = [];
  for (let at = first; at <= last; at += step)
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
