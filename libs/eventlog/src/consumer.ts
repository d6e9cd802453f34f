import { failedPrecondition, systemClock } from '@parley/kernel';
import type { Store } from '@parley/store';
import type { Logger } from '@parley/telemetry';
import type { Loss } from './loss.js';
import { lossesOf } from './losses.js';
import { PartitionConsumer } from './partition-consumer.js';
import { openProgress, type Progress } from './progress.js';
import { Rounds } from './rounds.js';
import type {
  Commit,
  Consumer,
  ConsumerStatus,
  EventLog,
  ListPurged,
  ParkedAggregate,
  Projection,
} from './types.js';

const CHECK_EVERY_MS = 2_000;
const REPLAY_WITHIN_MS = 15_000;
const BATCH = { commits: 512, bytes: 1024 * 1024 };

export interface ConsumerOptions {
  readonly log: EventLog;
  readonly projection: Projection;
  /** Keeps checkpoints and parkings; the store of the projection's documents. */
  readonly checkpoints: Store;
  /** At most this much in one `apply`; 512 commits or 1 MB by default. */
  readonly batch?: { readonly commits: number; readonly bytes: number };
  /** The commits that the log no longer holds (transcript keeps them); asked when versions are missing. */
  readonly loadPurged?: (tenant: string, id: string) => Promise<readonly Commit[]>;
  /**
   * Names the aggregates that have left the log altogether. A consumer that starts from nothing, or that was never given
   * this before, applies them too, with `loadPurged`. Without it they stay unknown to it.
   */
  readonly listPurged?: ListPurged;
  readonly logger?: Logger;
}

/** A consumer without partitions; `start` gives it some. */
export const createConsumer = (options: ConsumerOptions): Consumer => new LogConsumer(options);

class LogConsumer implements Consumer {
  private readonly partitions = new Map<number, PartitionConsumer>();
  private readonly rounds = new Rounds();
  private opened: Promise<Progress> | undefined;
  private watchdog: NodeJS.Timeout | undefined;
  private lossesAccepted = false;

  constructor(private readonly options: ConsumerOptions) {}

  get name(): string {
    return this.options.projection.name;
  }

  get log(): EventLog['name'] {
    return this.options.log.name;
  }

  async losses(): Promise<readonly Loss[]> {
    return lossesOf(this.options.log, await this.progress());
  }

  acceptLosses(): void {
    this.lossesAccepted = true;
  }

  async start(partition: number): Promise<void> {
    const progress = await this.progress();
    if (this.partitions.has(partition)) return;
    const { log, projection, loadPurged, listPurged, batch = BATCH, logger } = this.options;
    this.partitions.set(
      partition,
      new PartitionConsumer(partition, {
        log,
        projection,
        progress,
        batch,
        rounds: this.rounds,
        logger,
        now: () => systemClock.now(),
        lossesAccepted: () => this.lossesAccepted,
        ...(loadPurged ? { loadPurged } : {}),
        ...(listPurged ? { listPurged } : {}),
      }),
    );
    this.watchdog ??= setInterval(() => void this.check(), CHECK_EVERY_MS).unref();
  }

  async stop(partition: number): Promise<void> {
    const running = this.partitions.get(partition);
    if (!running) return;
    this.partitions.delete(partition);
    if (this.partitions.size === 0) {
      clearInterval(this.watchdog);
      this.watchdog = undefined;
    }
    await running.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.partitions.keys()].map((partition) => this.stop(partition)));
  }

  status(): Promise<readonly ConsumerStatus[]> {
    return Promise.all(
      [...this.partitions.values()].map(async (running) => ({
        partition: running.partition,
        headSeq: (await running.check()).headSeq,
        appliedSeq: running.appliedSeq,
        parked: running.applier.parkedCount,
      })),
    );
  }

  async parked(): Promise<readonly ParkedAggregate[]> {
    return (await (await this.progress()).parked()).map(
      ({ tenant, aggregateId: id, failedVersion, error, parkedAt }) => ({
        tenant,
        id,
        failedVersion,
        error,
        parkedAt,
      }),
    );
  }

  async replay(tenant: string, id: string): Promise<void> {
    const running = this.partitions.get(await this.options.log.locate(tenant, id));
    if (running) return running.between(() => running.applier.replay(tenant, id));
    const progress = await this.progress();
    const before = await progress.findParked(tenant, id);
    if (before) await progress.requestReplay(before);
    for (const giveUpAt = Date.now() + REPLAY_WITHIN_MS; ; await pause(200)) {
      const parked = await progress.findParked(tenant, id);
      if (!parked) return;
      if (!parked.replayRequested) throw failedPrecondition('REPLAY_FAILED', parked.error);
      if (Date.now() > giveUpAt) {
        throw failedPrecondition(
          'REPLAY_PENDING',
          'No instance runs this partition; it replays once one does.',
        );
      }
    }
  }

  async caughtUp(): Promise<void> {
    await Promise.all(
      [...this.partitions.values()].map(async (running) => {
        const { headSeq } = await running.check();
        while (!running.isThrough(headSeq) && this.partitions.get(running.partition) === running) {
          await pause(10);
          await running.check();
        }
      }),
    );
  }

  private progress(): Promise<Progress> {
    this.opened ??= openProgress(this.options.checkpoints, this.options.projection.name).catch(
      (error: unknown) => {
        this.opened = undefined;
        throw error;
      },
    );
    return this.opened;
  }

  private async check(): Promise<void> {
    for (const running of this.partitions.values()) {
      await running.check().catch((error: unknown) => {
        this.options.logger?.warn({ err: error, partition: running.partition }, 'watchdog: no answer');
      });
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
