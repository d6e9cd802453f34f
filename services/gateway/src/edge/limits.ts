import { resourceExhausted, type Clock } from '@parley/kernel';

export interface Rate {
  /** Tokens a second. */
  readonly perSecond: number;
  /** The most that are saved up. */
  readonly burst: number;
}

/** A token bucket. */
export class Bucket {
  private tokens: number;
  private at: number;
  constructor(
    private readonly rate: Rate,
    private readonly clock: Clock,
  ) {
    this.tokens = rate.burst;
    this.at = clock.now();
  }

  /** Takes one token: 0, or after how many milliseconds there will be one. */
  take(): number {
    const now = this.clock.now();
    if (now > this.at) {
      this.tokens = Math.min(this.rate.burst, this.tokens + ((now - this.at) * this.rate.perSecond) / 1000);
      this.at = now;
    }
    if (this.tokens >= 1) {
      this.tokens--;
      return 0;
    }
    return Math.ceil(((1 - this.tokens) * 1000) / this.rate.perSecond);
  }
}

const MOST_KEYS = 50_000;

/** Buckets by key (a tenant, a caller, an address), forgotten oldest first. */
export class Buckets {
  private readonly buckets = new Map<string, Bucket>();
  constructor(
    private readonly rate: Rate,
    private readonly clock: Clock,
    private readonly what: string,
  ) {}

  /** Throws `resourceExhausted` with the time to wait when the key has used up its rate. */
  spend(key: string): void {
    let bucket = this.buckets.get(key);
    if (!bucket) {
      this.buckets.set(key, (bucket = new Bucket(this.rate, this.clock)));
      const [oldest] = this.buckets.keys();
      if (this.buckets.size > MOST_KEYS && oldest !== undefined) this.buckets.delete(oldest);
    }
    const waitMs = bucket.take();
    if (waitMs > 0) throw tooFast(this.what, waitMs);
  }
}

/** The error of a caller who is faster than allowed. */
export const tooFast = (what: string, waitMs: number): Error =>
  resourceExhausted('RATE_LIMITED', `too many calls of ${what}: try again in ${waitMs} ms`, {
    retryAfterMs: waitMs,
  });
