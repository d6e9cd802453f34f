import type { Collection, Doc } from '@parley/store';

/** A person's login. Deleted when it ends, so its absence refuses its tokens. `id` is the session's. */
export interface LoginDoc extends Doc {
  readonly tenant: string;
  readonly userId: string;
  /** Number of the refresh token that is good now; using a lower one is theft or a replay. */
  readonly generation: number;
  /** When that number was given out, ms; absent before the first refresh. */
  readonly rotatedAt?: number;
  readonly expiresAt: number;
}

/** A visitor session that ended before its token did. `id` is the session's. */
export interface EndedVisitorDoc extends Doc {
  /** When the last of its tokens will have ended, ms: the document is not needed after that. */
  readonly expiresAt: number;
}

/** The platform's secret when none is configured. One document. */
export interface SecretDoc extends Doc {
  readonly secret: string;
}

export interface SessionStore {
  readonly logins: Collection<LoginDoc>;
  readonly endedVisitors: Collection<EndedVisitorDoc>;
  /** The platform's secret, made by the first gateway that asks. */
  secret(): Promise<string>;
}
