import { appendedSubject, type LogName } from '@parley/contracts';
import type { Bus, BusSubscription } from '@parley/messaging';
import type { AppendedListener } from './types.js';

/** Between two notices of one process; the first after a lull goes out at once. */
const EVERY_MS = 25;

/** What stands on the wire for a partition: its last sequence and, unless any kinds of events may have come, which did. */
type Notice = readonly [partition: number, lastSeq: number, kinds?: readonly string[]];

interface News {
  seq: number;
  /** Undefined: not known. */
  kinds: Set<string> | undefined;
}

/**
 * Tells how far the partitions of a log are, so that consumers need not wake up, or be served by the log, once a commit.
 * A notice that gets lost is made good by the next one, or by the watchdog of the consumer.
 */
export class Notices {
  private readonly news = new Map<number, News>();
  private timer: NodeJS.Timeout | undefined;
  private readonly listeners = new Map<number, Set<AppendedListener>>();
  private subscription: BusSubscription | undefined;
  private readonly subject: string;

  constructor(
    private readonly bus: Pick<Bus, 'publish' | 'subscribe'>,
    log: LogName,
  ) {
    this.subject = appendedSubject(log);
  }

  /** This process appended a commit of such events (undefined: nobody says which), which is acknowledged. */
  appended(partition: number, seq: number, kinds?: readonly string[]): void {
    let news = this.news.get(partition);
    if (!news) this.news.set(partition, (news = { seq, kinds: new Set() }));
    if (seq > news.seq) news.seq = seq;
    if (!kinds) news.kinds = undefined;
    else for (const kind of kinds) news.kinds?.add(kind);
    if (this.timer) return;
    // The timer first: what comes until it is over goes out together.
    this.timer = setInterval(() => this.tell(), EVERY_MS);
    this.tell();
  }

  /** Calls the listener with the last sequence of a partition when it has grown; returns what ends that. */
  follow(partition: number, listener: AppendedListener): () => void {
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
    const notices = [...this.news].map(([partition, { seq, kinds }]): Notice =>
      kinds ? [partition, seq, [...kinds]] : [partition, seq],
    );
    this.bus.publish(this.subject, Buffer.from(JSON.stringify(notices)));
    this.news.clear();
  }

  private hear(data: Uint8Array): void {
    const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString();
    for (const [partition, seq, kinds] of JSON.parse(text) as Notice[])
      for (const listener of this.listeners.get(partition) ?? []) listener(seq, kinds);
  }
}
