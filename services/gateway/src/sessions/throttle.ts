import { resourceExhausted, type Clock } from '@parley/kernel';

const FREE_FAILURES = 5;
const MOST_MS = 15 * 60_000;
const MOST_ACCOUNTS = 10_000;
/** Longer than a password is checked: a try of which nothing is heard again blocks no longer. */
const CHECK_MS = 30_000;

interface Tries {
  readonly count: number;
  /** Those whose password is being checked. */
  readonly underWay: number;
  readonly until: number;
}

/**
 * Slows down guessing: after five failures in a row an account waits 1 s, 2 s, 4 s … 15 min before the next try. A try
 * counts as failed from its beginning, so that many at once are no way around.
 */
export class LoginThrottle {
  private readonly accounts = new Map<string, Tries>();
  constructor(private readonly clock: Clock) {}

  /** A password is going to be checked. Throws `resourceExhausted` while the account has to wait. */
  begin(account: string): void {
    const { count, underWay, until } = this.triesOf(account);
    const now = this.clock.now();
    const waitMs = until - now;
    if (waitMs > 0)
      throw resourceExhausted(
        'TOO_MANY_FAILED_LOGINS',
        `too many failed logins: try again in ${Math.ceil(waitMs / 1000)} s`,
        {
          retryAfterMs: waitMs,
        },
      );
    const next = { count: count + 1, underWay: underWay + 1 };
    this.keep(account, { ...next, until: waitOf(next.count) > 0 ? now + CHECK_MS : 0 });
  }

  /** It was wrong. */
  failed(account: string): void {
    const { count, underWay, until } = this.triesOf(account);
    const left = Math.max(0, underWay - 1);
    this.keep(account, {
      count,
      underWay: left,
      until: left > 0 ? until : this.clock.now() + waitOf(count),
    });
  }

  /** It was not checked after all: the try does not count. */
  withdrawn(account: string): void {
    const tries = this.triesOf(account);
    const count = Math.max(0, tries.count - 1);
    const underWay = Math.max(0, tries.underWay - 1);
    const blocked = underWay > 0 && waitOf(count) > 0;
    this.keep(account, { count, underWay, until: blocked ? tries.until : 0 });
  }

  succeeded(account: string): void {
    this.accounts.delete(account);
  }

  private triesOf(account: string): Tries {
    return this.accounts.get(account) ?? { count: 0, underWay: 0, until: 0 };
  }

  private keep(account: string, tries: Tries): void {
    this.accounts.delete(account);
    this.accounts.set(account, tries);
    // The oldest goes first: a flood of made-up accounts cannot fill the memory.
    const [oldest] = this.accounts.keys();
    if (this.accounts.size > MOST_ACCOUNTS && oldest !== undefined) this.accounts.delete(oldest);
  }
}

const waitOf = (count: number): number =>
  count < FREE_FAILURES ? 0 : Math.min(MOST_MS, 1000 * 2 ** (count - FREE_FAILURES));
