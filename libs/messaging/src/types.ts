import type { RequestContext } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';

export interface BusOptions {
  /** `nats://host:4222`, or several separated by commas. */
  readonly url: string;
  /** Shown by the server's monitoring: the service's name and instance. */
  readonly name: string;
  readonly user?: string;
  readonly password?: string;
  /** How long the first connection may take, ms; 60,000 by default. */
  readonly connectTimeoutMs?: number;
  readonly logger?: Logger;
}

export interface BusMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Present on requests: answers on the reply subject (more than once for chunked answers). */
  readonly respond?: (data: Uint8Array) => void;
}

export interface BusSubscription {
  /** No further message is handed over after it resolves; those under way have been. */
  drain(): Promise<void>;
  unsubscribe(): void;
}

/** Core NATS for live fan-out and commands. Reconnects by itself for ever; `closed` resolves only after drain. */
export interface Bus {
  /**
   * Sends a command to whoever owns the subject and waits for the answer, at most until the context's deadline.
   * "No responders" is retried with backoff until then. Errors of the other side come back as the same ApiError; a
   * deadline that passed is ApiError deadlineExceeded, nobody there `unavailable`.
   * A timeout does not say that nothing happened: repeat with the same command id.
   */
  request(
    subject: string,
    methodPath: string,
    body: Uint8Array,
    context: RequestContext,
  ): Promise<Uint8Array>;
  /** Fire and forget. */
  publish(subject: string, body: Uint8Array): void;
  /** `queue`: one member of the group gets each message. The handler must not throw. */
  subscribe(
    subject: string,
    handler: (message: BusMessage) => void,
    options?: { queue?: string },
  ): BusSubscription;
  /**
   * Sends a request that gets several answers (chunks); yields them until `isLast` says so or the time is over.
   * Throws ApiError `unavailable` when nobody is there.
   */
  requestMany(
    subject: string,
    body: Uint8Array,
    options: { timeoutMs: number; isLast: (data: Uint8Array) => boolean },
  ): AsyncIterable<Uint8Array>;
  /** Everything sent so far has reached the server (also: a subscription is in force once this resolves). */
  flush(): Promise<void>;
  readonly connected: boolean;
  /** Called with true and false as the connection comes and goes. */
  onConnection(listener: (connected: boolean) => void): void;
  /** Handles what is under way, then closes. Idempotent. */
  drain(): Promise<void>;
}
