import type { Metrics } from '@parley/telemetry';
import type { Tally } from './definitions/tally.js';

/** What is counted of a tally, by the label `outcome`; `offered` has a counter of its own. */
const countsOf = (tally: Tally) => ({
  offered: tally.offered,
  answered_in_time: tally.withinServiceLevel,
  answered_late: tally.answered - tally.withinServiceLevel,
  abandoned: tally.abandoned - tally.shortAbandoned,
  abandoned_short: tally.shortAbandoned,
  message_taken: tally.messageTaken,
  flowed_out: tally.flowedOut,
});

type Counts = ReturnType<typeof countsOf>;

interface Seen {
  readonly day: number;
  readonly counts: Counts;
}

/** Whose figures they are, and the labels under which they are shown. */
export interface Shown {
  readonly tenant: string;
  readonly queue: string;
  readonly labels: { readonly tenant: string; readonly queue: string };
}

/**
 * Counters that follow the figures of today: each reading adds what has come since the one before. What was there at the
 * first reading is not counted (another instance has counted it), nor is a figure that falls and rises again, nor what
 * becomes of yesterday's chats.
 */
export class OutcomeCounters {
  #seen = new Map<string, Seen>();
  #next = new Map<string, Seen>();

  constructor(private readonly metrics: Metrics) {}

  /** Takes in one tenant's queue; `day` is the start of the day of the figures, ms. */
  add({ tenant, queue, labels }: Shown, day: number, tally: Tally): void {
    const key = `${tenant}/${queue}`;
    const before = this.#seen.get(key);
    const now = countsOf(tally);
    // Of a new day everything is new; what is seen for the first time begins at what it is.
    const base = before === undefined ? now : before.day === day ? before.counts : undefined;
    const highest = { ...now };
    for (const name of Object.keys(now) as (keyof Counts)[]) {
      const added = Math.max(0, now[name] - (base?.[name] ?? 0));
      highest[name] = Math.max(now[name], base?.[name] ?? 0);
      if (name === 'offered') this.metrics.counter('queueEntries').inc(labels, added);
      else this.metrics.counter('queueOutcomes').inc({ ...labels, outcome: name }, added);
    }
    this.#next.set(key, { day, counts: highest });
  }

  /** Ends a reading: what was not in it belongs to another instance now. */
  finish(): void {
    this.#seen = this.#next;
    this.#next = new Map();
  }
}
