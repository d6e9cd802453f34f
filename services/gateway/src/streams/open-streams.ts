import {
  ApiError,
  ErrorCode,
  resourceExhausted,
  unauthenticated,
  unavailable,
  type Clock,
} from '@parley/kernel';
import { metrics } from '@parley/telemetry';
import type { Session } from '../edge/call.js';
import { SPREAD_MS, leaveAfterMs } from '../edge/leave.js';

/** Streams that one login or API key may have open at this gateway. */
const MOST_OF_SESSION = 16;
const MOST_OF_TENANT = 500;
const REVISIT_MS = 30_000;
/** Longer timers fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

export interface OpenStreamsOptions {
  /** Streams this gateway holds at most. */
  readonly most: number;
  /** False once the session behind a stream was ended. */
  readonly alive: (session: Session) => Promise<boolean>;
  readonly clock: Clock;
}

/** A stream that somebody has open. */
export interface OpenStream {
  /** Aborted, with the ApiError to tell the client, when the stream must end. */
  readonly signal: AbortSignal;
  /** Ends it. Idempotent. */
  readonly close: () => void;
}

interface Entry {
  readonly session: Session;
  readonly abort: (reason: ApiError) => void;
}

/** The streams of this gateway: how many there may be, and what ends them from outside. */
export class OpenStreams {
  private readonly entries = new Set<Entry>();
  private readonly timer: NodeJS.Timeout;
  private draining = false;

  constructor(private readonly options: OpenStreamsOptions) {
    this.timer = setInterval(() => void this.revisit(), REVISIT_MS);
  }

  /** Opens one. Throws `resourceExhausted` when there are too many, `unavailable` while the gateway goes down. */
  open(session: Session): OpenStream {
    if (this.draining) throw goingDown();
    this.assertRoom(session);
    const controller = new AbortController();
    const entry: Entry = { session, abort: (reason) => controller.abort(reason) };
    const leftMs = session.expiresAt - this.options.clock.now();
    const timer =
      leftMs < LONGEST_MS ? setTimeout(() => entry.abort(expired()), Math.max(0, leftMs)) : undefined;
    this.entries.add(entry);
    metrics.gauge('gatewayStreams').set(this.entries.size);
    return {
      signal: controller.signal,
      close: () => {
        clearTimeout(timer);
        if (!this.entries.delete(entry)) return;
        metrics.gauge('gatewayStreams').set(this.entries.size);
        entry.abort(new ApiError(ErrorCode.cancelled, 'the stream was closed', { reason: 'CANCELLED' }));
      },
    };
  }

  /** Ends the streams of a session that has ended. */
  endSession(tenant: string, sessionId: string): void {
    for (const { session, abort } of [...this.entries])
      if (session.sessionId === sessionId && session.tenant === tenant) abort(sessionEnded());
  }

  /** Ends all streams, each client to come back at another time, and opens no more. */
  drain(): void {
    this.draining = true;
    clearInterval(this.timer);
    for (const { abort } of [...this.entries]) abort(goingDown());
  }

  private assertRoom(session: Session): void {
    const { most } = this.options;
    let ofTenant = 0;
    let ofSession = 0;
    for (const { session: other } of this.entries) {
      if (other.tenant !== session.tenant) continue;
      ofTenant++;
      if (other.sessionId === session.sessionId) ofSession++;
    }
    if (ofSession >= MOST_OF_SESSION)
      throw tooMany(`this session has ${ofSession} streams open: end one of them first`);
    if (ofTenant >= MOST_OF_TENANT || this.entries.size >= most)
      throw tooMany('too many streams are open: try again later');
  }

  private async revisit(): Promise<void> {
    for (const { session, abort } of [...this.entries]) {
      const alive = await this.options.alive(session).catch(() => true);
      if (!alive) abort(sessionEnded());
    }
  }
}

const tooMany = (message: string): ApiError =>
  resourceExhausted('TOO_MANY_STREAMS', message, { retryAfterMs: SPREAD_MS });
const expired = (): ApiError =>
  unauthenticated('TOKEN_EXPIRED', 'the token has expired: refresh it or log in again');
const sessionEnded = (): ApiError => unauthenticated('SESSION_ENDED', 'the session has ended: log in again');
const goingDown = (): ApiError =>
  unavailable('DRAINING', 'this gateway goes down: call again, which finds another one', {
    retryAfterMs: leaveAfterMs(),
  });
