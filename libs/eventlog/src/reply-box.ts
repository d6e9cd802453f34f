import { newInbox } from '@parley/messaging';
import type { Msg, NatsConnection } from '@nats-io/transport-node';

const SWEEP_MS = 100;

interface Expected {
  readonly withinMs: number;
  until: number;
  readonly onMessage: (message: Msg) => void;
  readonly onFailure: (error: Error) => void;
}

/**
 * Where JetStream's answers arrive, all of a log on one subscription and one timer: the client's own request costs a
 * timer and several promises each.
 */
export class ReplyBox {
  private readonly prefix: string;
  private readonly expected = new Map<string, Expected>();
  private counter = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly nats: NatsConnection,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.prefix = `${newInbox(nats)}.`;
    nats.subscribe(`${this.prefix}*`, {
      callback: (error, message) => {
        if (error) this.failAll(error);
        else this.hear(message);
      },
    });
  }

  /**
   * Returns the subject to be answered on, until it is closed; then or on a failure nothing more is heard. It is a failure
   * when nothing comes for `withinMs`: an answer of many messages may take longer as a whole.
   */
  open(withinMs: number, onMessage: (message: Msg) => void, onFailure: (error: Error) => void): string {
    const reply = this.prefix + (this.counter++).toString(36);
    this.expected.set(reply, { withinMs, until: this.now() + withinMs, onMessage, onFailure });
    this.timer ??= setInterval(() => this.sweep(), SWEEP_MS);
    return reply;
  }

  close(reply: string): void {
    this.expected.delete(reply);
  }

  /** Tells everybody who waits that no answer will come. */
  failAll(error: Error): void {
    for (const reply of [...this.expected.keys()]) this.fail(reply, error);
  }

  private hear(message: Msg): void {
    const entry = this.expected.get(message.subject);
    if (!entry) return;
    entry.until = this.now() + entry.withinMs;
    entry.onMessage(message);
  }

  private sweep(): void {
    const now = this.now();
    for (const [reply, { until }] of this.expected)
      if (until <= now) this.fail(reply, new Error('no answer in time'));
    if (this.expected.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private fail(reply: string, error: Error): void {
    const entry = this.expected.get(reply);
    this.expected.delete(reply);
    entry?.onFailure(error);
  }
}
