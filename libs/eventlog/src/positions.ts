import type { LogName } from '@parley/contracts';
import { openKv, type Bus, type Kv } from '@parley/messaging';
import type { Logger } from '@parley/telemetry';
import type { Consumer } from './types.js';

/** Positions, and whether purges are paused. */
export const POSITIONS_BUCKET = 'CHECKPOINTS';
const EVERY_MS = 2_000;

/** How far a consumer of a log has come in one partition, as it announced it. */
export interface Position {
  readonly appliedSeq: number;
  /** Aggregates that it cannot go on with: `tenant/id`. */
  readonly parked: readonly string[];
}

export interface AnnounceOptions {
  readonly bus: Bus;
  readonly log: LogName;
  /** The consumer's name: its projection's. */
  readonly name: string;
  readonly consumer: Pick<Consumer, 'status' | 'parked'>;
  /** How often it looks whether there is something new, ms; 2,000 by default. */
  readonly everyMs?: number;
  readonly replicas?: number;
  readonly logger?: Logger;
}

/** Tells others how far a consumer has come, in the partitions it runs here, until it is stopped. */
export interface Announcer {
  /** Announces once more what is true now, then stops. */
  stop(): Promise<void>;
}

/**
 * Announces a consumer's positions, so that the log may be purged behind everybody. A consumer that nobody announces
 * holds the purge up; one that starts again from the beginning reads what was purged from transcript.
 */
export const announcePositions = async (options: AnnounceOptions): Promise<Announcer> => {
  const kv = await openPositions(options.bus, options.replicas);
  const announcer = new Announcing(options, kv);
  announcer.begin();
  return announcer;
};

/** The announced positions of some consumers in one partition; those that never announced any are absent. */
export interface Positions {
  of(log: LogName, partition: number, names: readonly string[]): Promise<ReadonlyMap<string, Position>>;
}

/** Reads what consumers announced. ApiError unavailable when NATS does not answer. */
export const readPositions = async (bus: Bus, replicas?: number): Promise<Positions> => {
  const kv = await openPositions(bus, replicas);
  return {
    of: async (log, partition, names) => {
      const found = new Map<string, Position>();
      for (const name of names) {
        const entry = await kv.get(keyOf(name, log, partition));
        if (entry) found.set(name, JSON.parse(Buffer.from(entry.value).toString()) as Position);
      }
      return found;
    },
  };
};

const openPositions = (bus: Bus, replicas?: number): Promise<Kv> =>
  openKv(bus, { bucket: POSITIONS_BUCKET, ...(replicas ? { replicas } : {}) });

const keyOf = (name: string, log: LogName, partition: number): string => `${name}.${log}.${partition}`;

class Announcing implements Announcer {
  private readonly told = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: AnnounceOptions,
    private readonly kv: Kv,
  ) {}

  begin(): void {
    this.running = this.announce();
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.announce());
    }, this.options.everyMs ?? EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
    await this.announce();
  }

  /** Never rejects: what could not be told is told the next time. */
  private async announce(): Promise<void> {
    const { consumer, log, name, logger } = this.options;
    try {
      // Positions first: whatever was parked up to them is in the list that is read after them.
      const before = await consumer.status();
      const parked = (await consumer.parked()).map(({ tenant, id }) => `${tenant}/${id}`).sort();
      const running = new Set<string>();
      for (const { partition, appliedSeq } of before) {
        const key = keyOf(name, log, partition);
        running.add(key);
        const value = JSON.stringify({ appliedSeq, parked } satisfies Position);
        if (this.told.get(key) === value) continue;
        await this.kv.put(key, Buffer.from(value));
        this.told.set(key, value);
      }
      // A partition that comes back has been announced by others in between.
      for (const key of this.told.keys()) if (!running.has(key)) this.told.delete(key);
    } catch (error) {
      logger?.warn({ err: error, consumer: name }, 'positions not announced');
    }
  }
}
