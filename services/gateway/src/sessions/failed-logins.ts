import type { gateway } from '@parley/contracts';
import type { Logger } from '@parley/telemetry';

export interface FailedLoginsOptions {
  /** Puts tries on record; without a user, those for users that do not exist. */
  readonly record: (tenant: string, tries: gateway.LoginFailed) => Promise<void>;
  readonly logger: Pick<Logger, 'warn'>;
}

interface Tries {
  readonly tenant: string;
  readonly userId: string;
  readonly changingPassword: boolean;
  count: number;
}

/**
 * Puts failed logins, and wrong passwords of those who change theirs, on record. Those of a user at once, as the throttle
 * keeps them few; those for users that do not exist together, so that made-up addresses cannot fill the audit log. No
 * answer waits for it: how long one takes would tell whether there is such a user.
 */
export class FailedLogins {
  /** Not on record yet, by tenant, user and what was tried: bounded by the users that exist. */
  private readonly tries = new Map<string, Tries>();
  private readonly underWay = new Set<Promise<void>>();
  constructor(private readonly options: FailedLoginsOptions) {}

  /**
   * A login failed at a tenant that exists, or a change of a password; `userId` is empty when there is no such user.
   */
  note(tenant: string, userId: string, changingPassword = false): void {
    const tries = { tenant, userId, changingPassword, count: 1 };
    this.add(tries);
    if (userId !== '') this.put(keyOf(tries));
  }

  /** Puts on record what was counted since the last time. */
  putAll(): void {
    for (const key of [...this.tries.keys()]) this.put(key);
  }

  /** Resolves once everything noted is on record, or could not be put there. */
  async close(): Promise<void> {
    this.putAll();
    await Promise.all(this.underWay);
  }

  private add(tries: Tries): void {
    const key = keyOf(tries);
    const known = this.tries.get(key);
    if (known) known.count += tries.count;
    else this.tries.set(key, tries);
  }

  private put(key: string): void {
    const tries = this.tries.get(key);
    if (!tries) return;
    this.tries.delete(key);
    const { tenant, ...told } = tries;
    const attempt = this.options.record(tenant, told).catch((error: unknown) => {
      // Told with the next ones.
      this.add(tries);
      this.options.logger.warn({ err: error, tenant }, 'failed logins are not on record yet');
    });
    this.underWay.add(attempt);
    void attempt.finally(() => this.underWay.delete(attempt));
  }
}

const keyOf = ({ tenant, userId, changingPassword }: Tries): string =>
  `${tenant}/${userId}/${changingPassword}`;
