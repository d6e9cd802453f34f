import { unavailable, type RequestContext } from '@parley/kernel';
import { metrics, tracingOn, withSpan, type Logger } from '@parley/telemetry';
import { headers, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { callSpan } from './call-span.js';
import { CONTEXT_HEADER, METHOD_HEADER, TRACE_HEADER, encodeContext } from './context.js';
import { newInbox } from './inbox.js';
import { Outgoing } from './outgoing.js';
import { PendingRequests } from './pending.js';
import type { Bus, BusMessage, BusSubscription } from './types.js';

/** Longer deadlines are cut to this. */
const LONGEST_MS = 300_000;
const DRAIN_MS = 10_000;

/** Bus over one NATS connection. Made by connectBus. */
export class NatsBus implements Bus {
  readonly outgoing: Outgoing;
  private readonly pending: PendingRequests;
  private readonly listeners = new Set<(connected: boolean) => void>();
  private readonly gauge = metrics.gauge('busConnected');
  private drained: Promise<void> | undefined;
  private isConnected = true;

  constructor(
    readonly connection: NatsConnection,
    private readonly logger: Logger | undefined,
  ) {
    this.outgoing = new Outgoing(connection);
    this.pending = new PendingRequests(connection, this.outgoing, () => this.isConnected);
    this.gauge.set(1);
    void this.followStatus();
  }

  get connected(): boolean {
    return this.isConnected;
  }

  request(
    subject: string,
    methodPath: string,
    body: Uint8Array,
    context: RequestContext,
  ): Promise<Uint8Array> {
    if (!tracingOn()) return this.send(subject, methodPath, body, context, context.traceparent);
    return withSpan(methodPath, callSpan('client', 'nats', methodPath, context), (traceparent) =>
      this.send(subject, methodPath, body, context, traceparent),
    );
  }

  private send(
    subject: string,
    methodPath: string,
    body: Uint8Array,
    context: RequestContext,
    traceparent: string | undefined,
  ): Promise<Uint8Array> {
    const deadline = Math.min(context.deadline, Date.now() + LONGEST_MS);
    const head = headers();
    head.set(METHOD_HEADER, methodPath);
    head.set(
      CONTEXT_HEADER,
      encodeContext(deadline === context.deadline ? context : { ...context, deadline }),
    );
    if (traceparent !== undefined) head.set(TRACE_HEADER, traceparent);
    return this.pending.send(subject, head, body, deadline);
  }

  publish(subject: string, body: Uint8Array): void {
    // What is published while the connection is away or going would be lost anyway: watchers repair by version.
    if (!this.isConnected || this.connection.isClosed() || this.drained) return;
    this.outgoing.publish(subject, body);
  }

  subscribe(
    subject: string,
    handler: (message: BusMessage) => void,
    options: { queue?: string } = {},
  ): BusSubscription {
    const subscription = this.connection.subscribe(subject, {
      ...options,
      callback: (error, msg) => {
        if (error) return this.logger?.error({ err: error, subject }, 'subscription refused');
        try {
          handler(new IncomingMessage(msg, this.outgoing));
        } catch (thrown) {
          this.logger?.error({ err: thrown, subject }, 'subscription handler threw');
        }
      },
    });
    return {
      drain: () => drainSubscription(subscription),
      unsubscribe: () => subscription.unsubscribe(),
    };
  }

  async *requestMany(
    subject: string,
    body: Uint8Array,
    { timeoutMs, isLast }: { timeoutMs: number; isLast: (data: Uint8Array) => boolean },
  ): AsyncIterable<Uint8Array> {
    const inbox = newInbox(this.connection);
    const replies = this.connection.subscribe(inbox, {});
    const timer = setTimeout(() => replies.unsubscribe(), timeoutMs);
    try {
      this.outgoing.flush();
      this.connection.publish(subject, body, { reply: inbox });
      for await (const msg of replies) {
        if (msg.headers?.code === 503) throw unavailable('NO_RESPONDER', 'Nobody answers this request.');
        yield msg.data;
        if (isLast(msg.data)) return;
      }
    } finally {
      clearTimeout(timer);
      replies.unsubscribe();
    }
  }

  async flush(): Promise<void> {
    this.outgoing.flush();
    for (;;) {
      try {
        return await this.connection.flush();
      } catch (error) {
        // The connection went while waiting; subscriptions are renewed as it comes back.
        if (this.connection.isClosed()) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  onConnection(listener: (connected: boolean) => void): void {
    this.listeners.add(listener);
  }

  drain(): Promise<void> {
    return (this.drained ??= this.drainOnce());
  }

  private async drainOnce(): Promise<void> {
    await within(DRAIN_MS, this.pending.settled());
    this.pending.close();
    this.outgoing.flush();
    if (this.isConnected) await within(DRAIN_MS, this.connection.drain());
    await this.connection.close();
  }

  private async followStatus(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.setConnected(false);
      else if (status.type === 'reconnect') {
        metrics.counter('busReconnects').inc();
        this.setConnected(true);
        this.pending.onReconnected();
      } else if (status.type === 'error') this.logger?.error({ err: status.error }, 'NATS refused something');
    }
    this.setConnected(false);
    if (!this.drained) this.logger?.fatal('the connection to NATS is closed for good');
  }

  private setConnected(connected: boolean): void {
    if (this.isConnected === connected) return;
    this.isConnected = connected;
    this.gauge.set(connected ? 1 : 0);
    if (!this.drained) this.logger?.warn({ connected }, connected ? 'NATS is back' : 'NATS is away');
    for (const listener of this.listeners) listener(connected);
  }
}

class IncomingMessage implements BusMessage {
  constructor(
    private readonly msg: Msg,
    private readonly outgoing: Outgoing,
  ) {}
  get subject(): string {
    return this.msg.subject;
  }
  get data(): Uint8Array {
    return this.msg.data;
  }
  get respond(): ((data: Uint8Array) => void) | undefined {
    const { reply } = this.msg;
    return reply ? (data) => this.outgoing.publish(reply, data) : undefined;
  }
}

/** Ends a subscription after what was delivered has been handed over; also when the connection is away or gone. */
export const drainSubscription = async (subscription: Subscription): Promise<void> => {
  if (subscription.isClosed()) return;
  await within(DRAIN_MS, subscription.drain());
  subscription.unsubscribe();
};

const within = async (ms: number, work: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  // A drain that fails because the connection went has nothing left to wait for.
  await Promise.race([work.catch(() => undefined), bound]);
  clearTimeout(timer);
};
