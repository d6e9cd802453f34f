import type { Membership } from '@parley/eventlog';
import type { Store } from '@parley/store';
import type { Logger } from '@parley/telemetry';
import type { Purge } from './purge.js';

export interface UpkeepOptions {
  readonly purge: Purge;
  readonly sweepRetention: () => Promise<unknown>;
  readonly store: Pick<Store, 'scrub'>;
  readonly owned: Membership['owned'];
  readonly purgeEveryMs: number;
  readonly retentionEveryMs: number;
  readonly logger: Logger;
}

/** What has to be done from time to time: purging the log, retention, and scrubbing the files after erasures. */
export class Upkeep {
  private readonly timers: NodeJS.Timeout[] = [];
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private scrubWanted = false;

  constructor(private readonly options: UpkeepOptions) {}

  start(): void {
    const { purgeEveryMs, retentionEveryMs } = this.options;
    this.timers.push(
      setInterval(() => this.queue('purge', () => this.purge()), purgeEveryMs).unref(),
      setInterval(() => this.queue('retention', () => this.retention()), retentionEveryMs).unref(),
    );
    this.queue('retention', () => this.retention());
  }

  /** Content was erased from the documents: the files must forget it too. */
  erased(): void {
    this.scrubWanted = true;
  }

  /** Finishes what is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.running;
  }

  /** One thing at a time; what fails is tried again at its next turn. */
  private queue(what: string, work: () => Promise<unknown>): void {
    this.running = this.running.then(async () => {
      if (this.stopped) return;
      try {
        await work();
      } catch (error) {
        this.options.logger.warn({ err: error }, `${what} did not finish and is tried again`);
      }
    });
  }

  private async purge(): Promise<void> {
    if (this.scrubWanted) {
      this.scrubWanted = false;
      await this.options.store.scrub().catch((error: unknown) => {
        this.scrubWanted = true;
        throw error;
      });
    }
    for (const partition of this.options.owned()) {
      if (this.stopped) return;
      await this.options.purge.run(partition);
    }
  }

  /** By one instance: the one that has the first partition. */
  private async retention(): Promise<void> {
    if (this.options.owned().has(0)) await this.options.sweepRetention();
  }
}
