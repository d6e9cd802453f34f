import { resourceExhausted, type Clock } from '@parley/kernel';

const FREE_FAILURES = 5;
const MOST_MS = 15 * 60_000;
const MOST_ACCOUNTS = 10_000;

/** Slows down guessing: after five failures in a row an account waits 1 s, 2 s, 4 s … 15 min before the next try. */
export class LoginThrottle {
  private readonly failures = new Map<string, { count: number; until: number }>();
  constructor(private readonly clock: Clock) {}

  /** Throws `resourceExhausted` while the account has to wait. */
  assertFree(account: string): void {
    const waitMs = (this.failures.get(account)?.until ?? 0) - this.clock.now();
    if (waitMs > 0)
      throw resourceExhausted(
        'TOO_MANY_FAILED_LOGINS',
        `too many failed logins: try again in ${Math.ceil(waitMs / 1000)} s`,
        {
          retryAfterMs: waitMs,
        },
      );
  }

  failed(account: string): void {
    const count = (this.failures.get(account)?.count ?? 0) + 1;
    const waitMs = count < FREE_FAILURES ? 0 : Math.min(MOST_MS, 1000 * 2 ** (count - FREE_FAILURES));
    this.failures.delete(account);
    this.failures.set(account, { count, until: this.clock.now() + waitMs });
    // The oldest goes first: a flood of made-up accounts cannot fill the memory.
    const [oldest] = this.failures.keys();
    if (this.failures.size > MOST_ACCOUNTS && oldest !== undefined) this.failures.delete(oldest);
  }

  succeeded(account: string): void {
    this.failures.delete(account);
  }
}
