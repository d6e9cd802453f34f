import type { LogName } from '@parley/contracts';
import { natsConnection, type Bus } from '@parley/messaging';
import { countPartitions } from './streams.js';

/** Ids that name partitions nobody has must not become as many questions to JetStream. */
const EVERY_MS = 250;
/** PARLEY_PARTITIONS is at most this; an id beyond it is nobody's whatever the log has. */
const MOST_PARTITIONS = 1024;

/**
 * How many partitions a log has. The streams say it, not a setting: processes with different settings must agree where an
 * id belongs. The number only grows.
 */
export class PartitionCount {
  private askedAt = -Infinity;
  private asking: Promise<number> | undefined;
  private next: Promise<number> | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly log: LogName,
    /** What is known already; 0 for nothing. */
    private count = 0,
  ) {}

  /** What was counted last; 0 before that, or while there is no log. */
  get current(): number {
    return this.count;
  }

  /** Whether the log has this partition; asks again when it is beyond what is known. Rejects as `refresh` does. */
  async has(partition: number): Promise<boolean> {
    if (!Number.isInteger(partition) || partition < 0 || partition >= MOST_PARTITIONS) return false;
    return partition < this.count || partition < (await this.refresh());
  }

  /** Counts after this call, together with others who ask meanwhile. Rejects with LogUnavailableError. */
  refresh(): Promise<number> {
    return (this.next ??= this.countNext());
  }

  private async countNext(): Promise<number> {
    await this.asking?.catch(() => undefined);
    const wait = this.askedAt + EVERY_MS - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    this.next = undefined;
    this.askedAt = performance.now();
    this.asking = this.ask();
    return this.asking;
  }

  private async ask(): Promise<number> {
    this.count = Math.max(this.count, await countPartitions(natsConnection(this.bus), this.log));
    return this.count;
  }
}
