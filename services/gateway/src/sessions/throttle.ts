import { resourceExhausted, type Clock } from '@parley/kernel';

const FREE_FAILURES = 5;
const MOST_MS = 15 * 60_000;
/** Of each kind: those that have been made to wait, and those that have failed less often. */
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
 * counts as failed from its beginning, so that many at once are no way around. Accounts that do not exist count as well,
 * since how they are answered would tell; those that have had to wait are kept apart, so that made-up names, each tried
 * once, drive none of them out.
 */
export class LoginThrottle {
  private readonly few = new Map<string, Tries>();
  private readonly slowed = new Map<string, Tries>();
  constructor(private readonly clock: Clock) {}

  /**
   * Checks a password, and resolves as the check does. Throws `resourceExhausted` while the account has to wait, and
   * rejects as the check does; the try does not count then.
   */
  async attempt<T extends { readonly isRight: boolean }>(
    account: string,
    check: () => Promise<T>,
  ): Promise<T> {
    this.begin(account);
    const checked = await check().catch((error: unknown) => {
      this.withdrawn(account);
      throw error;
    });
    if (checked.isRight) this.succeeded(account);
    else this.failed(account);
    return checked;
  }

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
    this.forget(account);
  }

  private triesOf(account: string): Tries {
    return this.slowed.get(account) ?? this.few.get(account) ?? { count: 0, underWay: 0, until: 0 };
  }

  private keep(account: string, tries: Tries): void {
    this.forget(account);
    const kind = waitOf(tries.count) > 0 ? this.slowed : this.few;
    // A flood of made-up accounts cannot fill the memory.
    if (kind.size >= MOST_ACCOUNTS) this.forgetOne(kind);
    kind.set(account, tries);
  }

  private forget(account: string): void {
    this.few.delete(account);
    this.slowed.delete(account);
  }

  /** The oldest whose wait is over, or the oldest of all. */
  private forgetOne(kind: Map<string, Tries>): void {
    const now = this.clock.now();
    const [oldest] = kind.keys();
    const over = kind.entries().find(([, { until }]) => until <= now)?.[0];
    const leaves = over ?? oldest;
    if (leaves !== undefined) kind.delete(leaves);
  }
}

const waitOf = (count: number): number =>
  count < FREE_FAILURES ? 0 : Math.min(MOST_MS, 1000 * 2 ** (count - FREE_FAILURES));
