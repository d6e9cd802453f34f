import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { apiRequest } from './jetstream-api.js';
import type { LogReader } from './types.js';

const WINDOW = 512;
const PULL_AT = 256;
const EXPIRES_MS = 20_000;
const HEARTBEAT_MS = 2_000;
const SILENCE_MS = 3 * HEARTBEAT_MS;
const INACTIVE_MS = 30_000;
const NANOS = 1_000_000;

export interface MessageHandlers {
  readonly onMessage: (seq: number, data: Uint8Array, pending: number) => void;
  readonly onEnd: (reason: string) => void;
  /** It ended, or `stop` was called. */
  readonly onStopped: () => void;
}

/**
 * Reads a stream in order behind `afterSeq` through an own short-lived consumer. The client library's `consume` asks
 * for more whether or not what it handed over has been dealt with; a rebuild over a slow store would fill the memory.
 */
export const openReader = async (
  nats: NatsConnection,
  stream: string,
  afterSeq: number,
  handlers: MessageHandlers,
): Promise<PullReader> => {
  const { name } = await apiRequest<{ name: string }>(nats, `CONSUMER.CREATE.${stream}`, {
    stream_name: stream,
    config: {
      deliver_policy: 'by_start_sequence',
      opt_start_seq: afterSeq + 1,
      ack_policy: 'none',
      replay_policy: 'instant',
      max_deliver: -1,
      inactive_threshold: INACTIVE_MS * NANOS,
      mem_storage: true,
      num_replicas: 1,
    },
  });
  return new PullReader(nats, stream, name, handlers);
};

/** Made by openReader. */
export class PullReader implements LogReader {
  private readonly inbox = `_INBOX.${crypto.randomUUID()}`;
  private readonly subscription: Subscription;
  private readonly watch: NodeJS.Timeout;
  /** Asked for and not here yet. */
  private requested = 0;
  /** Handed over and not done. */
  private held = 0;
  private delivered = 0;
  private heardAt = performance.now();
  private stopped = false;

  constructor(
    private readonly nats: NatsConnection,
    private readonly stream: string,
    private readonly consumer: string,
    private readonly handlers: MessageHandlers,
  ) {
    this.subscription = nats.subscribe(this.inbox, {
      callback: (error, message) => (error ? this.end(error.message) : this.hear(message)),
    });
    this.watch = setInterval(() => {
      if (this.requested > 0 && performance.now() - this.heardAt > SILENCE_MS) this.end('silence');
    }, HEARTBEAT_MS);
    this.watch.unref();
    this.pull();
  }

  done(count: number): void {
    this.held -= count;
    if (!this.stopped) this.pull();
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    clearInterval(this.watch);
    this.subscription.unsubscribe();
    this.handlers.onStopped();
    if (!this.nats.isClosed()) this.nats.publish(`$JS.API.CONSUMER.DELETE.${this.stream}.${this.consumer}`);
  }

  /** Gives up reading for this reason. */
  end(reason: string): void {
    if (this.stopped) return;
    this.stop();
    this.handlers.onEnd(reason);
  }

  /** Asks for as many as there is room for, once half of the window is free. */
  private pull(): void {
    const room = WINDOW - this.requested - this.held;
    if (room < PULL_AT) return;
    if (this.requested === 0) this.heardAt = performance.now();
    this.requested += room;
    this.nats.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${this.stream}.${this.consumer}`,
      JSON.stringify({ batch: room, expires: EXPIRES_MS * NANOS, idle_heartbeat: HEARTBEAT_MS * NANOS }),
      { reply: this.inbox },
    );
  }

  private hear(message: Msg): void {
    if (this.stopped) return;
    this.heardAt = performance.now();
    if (message.reply?.startsWith('$JS.ACK.')) this.take(message, message.reply.split('.'));
    else this.status(message);
  }

  private take(message: Msg, place: readonly string[]): void {
    // $JS.ACK.[domain.account.]stream.consumer.delivered.streamSeq.consumerSeq.time.pending[.random]
    const at = place.length > 9 ? 7 : 5;
    if (Number(place[at + 1]) !== this.delivered + 1) return this.end('a message got lost on the way');
    this.delivered++;
    this.requested = Math.max(0, this.requested - 1);
    this.held++;
    this.handlers.onMessage(Number(place[at]), message.data, Number(place[at + 3]));
    if (!this.stopped) this.pull();
  }

  private status(message: Msg): void {
    const code = message.headers?.code ?? 0;
    if (code === 100) return;
    if (code !== 404 && code !== 408) return this.end(`${code} ${message.headers?.description ?? ''}`);
    const unanswered = Number(message.headers?.get('Nats-Pending-Messages') || this.requested);
    this.requested = Math.max(0, this.requested - unanswered);
    this.pull();
  }
}
