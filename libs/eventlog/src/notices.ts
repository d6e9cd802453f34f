import { appendedSubject, type LogName } from '@parley/contracts';
import type { Bus, BusSubscription } from '@parley/messaging';

/** Between two notices of one process; the first after a lull goes out at once. */
const EVERY_MS = 25;

type Listener = (lastSeq: number) => void;

/**
 * Tells how far the partitions of a log are, so that consumers need not wake up, or be served by the log, once a commit.
 * A notice that gets lost is made good by the next one, or by the watchdog of the consumer.
 */
export class Notices {
  private readonly news = new Map<number, number>();
  private timer: NodeJS.Timeout | undefined;
  private readonly listeners = new Map<number, Set<Listener>>();
  private subscription: BusSubscription | undefined;
  private readonly subject: string;

  constructor(
    private readonly bus: Pick<Bus, 'publish' | 'subscribe'>,
    log: LogName,
  ) {
    this.subject = appendedSubject(log);
  }

  /** This process appended a commit, which is acknowledged. */
  appended(partition: number, seq: number): void {
    if (seq > (this.news.get(partition) ?? 0)) this.news.set(partition, seq);
    if (this.timer) return;
    // The timer first: what comes until it is over goes out together.
    this.timer = setInterval(() => this.tell(), EVERY_MS);
    this.tell();
  }

  /** Calls the listener with the last sequence of a partition when it has grown; returns what ends that. */
  follow(partition: number, listener: Listener): () => void {
    const all = this.listeners.get(partition) ?? new Set();
    this.listeners.set(partition, all.add(listener));
    this.subscription ??= this.bus.subscribe(this.subject, ({ data }) => this.hear(data));
    return () => {
      all.delete(listener);
      if (all.size === 0) this.listeners.delete(partition);
      if (this.listeners.size > 0) return;
      this.subscription?.unsubscribe();
      this.subscription = undefined;
    };
  }

  private tell(): void {
    if (this.news.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    this.bus.publish(this.subject, Buffer.from(JSON.stringify([...this.news])));
    this.news.clear();
  }

  private hear(data: Uint8Array): void {
    const news = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString()) as [
      number,
      number,
    ][];
    for (const [partition, seq] of news)
      for (const listener of this.listeners.get(partition) ?? []) listener(seq);
  }
}
