import { ApiError, ErrorCode, backoffMs, unavailable } from '@parley/kernel';
import { metrics } from '@parley/telemetry';
import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { ERROR_HEADER } from './context.js';
import { newInbox } from './inbox.js';
import type { Outgoing } from './outgoing.js';
import { decodeStatus } from './status.js';

const SWEEP_MS = 20;
const BACKOFF = { baseMs: 20, capMs: 500 };
/** Without an answer for this long a request is sent again (its owner may have died with it), then twice as long, … */
const SILENCE_MS = 2_000;

interface Entry {
  readonly token: string;
  readonly subject: string;
  readonly headers: MsgHdrs;
  readonly body: Uint8Array;
  readonly deadline: number;
  readonly resolve: (body: Uint8Array) => void;
  readonly reject: (error: ApiError) => void;
  /** When to send it (again). */
  sendAt: number;
  /** Sends so far, for the backoff. */
  sends: number;
  /** Sends so far that somebody may have got, and nobody has answered. */
  silences: number;
  missing: boolean;
}

/**
 * Requests that wait for their answers, all on one subscription and one timer: nats.js's own request costs a timer and
 * two promises each, and ends at the first "no responders".
 */
export class PendingRequests {
  private readonly inbox: string;
  private readonly entries = new Map<string, Entry>();
  private readonly resends = metrics.counter('busResends');
  private counter = 0;
  private timer: NodeJS.Timeout | undefined;
  private idle: (() => void)[] = [];
  private closed = false;

  constructor(
    private readonly nc: NatsConnection,
    private readonly outgoing: Outgoing,
    private readonly isConnected: () => boolean,
  ) {
    this.inbox = `${newInbox(nc)}.`;
    nc.subscribe(`${this.inbox}*`, { callback: (error, msg) => (error ? undefined : this.onAnswer(msg)) });
  }

  /** Sends and resolves with the answer's body; rejects with ApiError, at the latest when the deadline passes. */
  send(subject: string, headers: MsgHdrs, body: Uint8Array, deadline: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const now = Date.now();
      if (this.closed) return reject(disconnected());
      if (deadline <= now) return reject(expired());
      const token = (this.counter++).toString(36);
      const entry = {
        token,
        subject,
        headers,
        body,
        deadline,
        resolve,
        reject,
        sendAt: 0,
        sends: 0,
        silences: 0,
        missing: false,
      };
      this.entries.set(token, entry);
      this.timer ??= setInterval(() => this.sweep(), SWEEP_MS);
      if (this.isConnected()) this.transmit(entry, now);
    });
  }

  /** What was under way when the connection went may be lost: everything is sent again. */
  onReconnected(): void {
    for (const entry of this.entries.values()) {
      if (entry.sends > 0) this.resends.inc({ reason: 'reconnected' });
      entry.sendAt = 0;
    }
    this.sweep();
  }

  /** Resolves when nothing is waiting any more. */
  async settled(): Promise<void> {
    if (this.entries.size > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Rejects what still waits, and everything that comes later. */
  close(): void {
    this.closed = true;
    for (const entry of [...this.entries.values()]) this.fail(entry, disconnected());
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private transmit(entry: Entry, now: number): void {
    entry.sendAt = now + SILENCE_MS * 2 ** Math.min(entry.silences, 5);
    entry.sends++;
    entry.missing = false;
    this.outgoing.publish(
      entry.subject,
      entry.body,
      { reply: this.inbox + entry.token, headers: entry.headers },
      (error) =>
        this.fail(entry, this.nc.isClosed() || this.nc.isDraining() ? disconnected() : unsendable(error)),
    );
  }

  private onAnswer(msg: Msg): void {
    const entry = this.entries.get(msg.subject.slice(this.inbox.length));
    if (!entry) return;
    const { headers } = msg;
    if (headers === undefined) {
      this.remove(entry);
      entry.resolve(msg.data);
    } else if (headers.code === 503) {
      entry.missing = true;
      entry.sendAt = Date.now() + backoffMs(entry.sends, BACKOFF);
    } else if (headers.has(ERROR_HEADER)) this.fail(entry, decodeStatus(msg.data));
    else {
      this.remove(entry);
      entry.resolve(msg.data);
    }
  }

  private sweep(): void {
    if (this.entries.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    const now = Date.now();
    const connected = this.isConnected();
    for (const entry of [...this.entries.values()]) {
      if (entry.deadline <= now) this.fail(entry, this.whyLate(entry));
      else if (connected && entry.sendAt <= now) {
        if (entry.sends > 0) this.resends.inc({ reason: entry.missing ? 'no_responders' : 'silence' });
        // That nobody was there for it is no reason to wait longer for who is there now.
        if (entry.sends > 0 && !entry.missing) entry.silences++;
        this.transmit(entry, now);
      }
    }
  }

  private whyLate(entry: Entry): ApiError {
    if (!this.isConnected()) return disconnected();
    if (entry.missing)
      return unavailable('NO_OWNER', 'Nobody carries out such commands at the moment; try again shortly.');
    return expired();
  }

  private fail(entry: Entry, error: ApiError): void {
    this.remove(entry);
    entry.reject(error);
  }

  private remove(entry: Entry): void {
    this.entries.delete(entry.token);
    if (this.entries.size === 0 && this.idle.length > 0) for (const resolve of this.idle.splice(0)) resolve();
  }
}

const expired = (): ApiError =>
  new ApiError(
    ErrorCode.deadlineExceeded,
    'No answer in time; what was asked for may have happened. Repeat it with the same command id.',
    { reason: 'DEADLINE_EXCEEDED' },
  );

const disconnected = (): ApiError =>
  unavailable('BUS_DISCONNECTED', 'The message bus cannot be reached at the moment; try again shortly.');

const unsendable = (error: unknown): ApiError =>
  new ApiError(
    ErrorCode.invalidArgument,
    /max_payload/.test(String(error))
      ? 'The request is larger than the message bus carries; send less at once.'
      : 'The request cannot be sent as it is.',
    { reason: 'UNSENDABLE' },
  );
