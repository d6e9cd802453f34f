/** How long a row rests after it was sent, ms. */
const REST_MS = 1000;

/** A row that is to be sent now. */
export interface Turn {
  readonly key: string;
  /** With this one, all rows of the beginning have had their turn. */
  readonly complete: boolean;
}

/**
 * Whose turn it is in one stream of rows: every row of the beginning first, then those that changed, each at most once
 * a second. However slowly the reader reads, nothing piles up: a row that changes while it waits has one turn.
 */
export class RowChanges {
  private readonly ready: Set<string>;
  private readonly beginning: Set<string>;
  /** Rows that were sent less than a second ago, the oldest first, and whether each has changed since. */
  private readonly resting = new Map<string, { readonly until: number; changed: boolean }>();
  private waiting = 0;

  constructor(keys: Iterable<string>) {
    this.ready = new Set(keys);
    this.beginning = new Set(this.ready);
  }

  /** True while there is nothing at all: no row of the beginning that could be the last. */
  get none(): boolean {
    return this.ready.size === 0 && this.resting.size === 0;
  }

  /** The row has changed, appeared or gone. */
  changed(key: string): void {
    const resting = this.resting.get(key);
    if (!resting) this.ready.add(key);
    else if (!resting.changed) {
      resting.changed = true;
      this.waiting++;
    }
  }

  /** The next row that may be sent; undefined when none may. */
  take(now: number): Turn | undefined {
    this.wake(now);
    const [key] = this.ready;
    if (key === undefined) return undefined;
    this.ready.delete(key);
    this.resting.set(key, { until: now + REST_MS, changed: false });
    return { key, complete: this.beginning.delete(key) && this.beginning.size === 0 };
  }

  /** When to ask again if nothing changes until then, ms; undefined: not before something does. */
  wakeAt(): number | undefined {
    if (this.waiting === 0) return undefined;
    const [oldest] = this.resting.values();
    return oldest?.until;
  }

  private wake(now: number): void {
    for (const [key, { until, changed }] of this.resting) {
      if (until > now) return;
      this.resting.delete(key);
      if (!changed) continue;
      this.waiting--;
      this.ready.add(key);
    }
  }
}
