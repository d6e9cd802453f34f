import { backoffMs } from '@parley/kernel';
import { metrics } from '@parley/telemetry';
import { Applier, type ApplierOptions } from './applier.js';
import { LogLossError } from './loss.js';
import { PartitionGauges } from './partition-gauges.js';
import { PurgedPhase } from './purged-phase.js';
import type { Rounds } from './rounds.js';
import { SilentEnd } from './silent-end.js';
import type { AppendedListener, ListPurged, Page, PurgedProgress } from './types.js';

const RETRY = { baseMs: 50, capMs: 5_000 };
const CHECKPOINT_EVERY_MS = 250;
const IDLE_MS = 6_000;
/** Before a log that knows of more than it hands over is asked again. */
const LAGGING_MS = 100;
/** Before the copies of a log are asked again whether nothing more is there. */
const CONFIRM_MS = 1_000;
/** So many waiting commits are a backlog: no rest then. */
const BACKLOG = 1_000;

export interface PartitionConsumerOptions extends ApplierOptions {
  readonly batch: { readonly commits: number; readonly bytes: number };
  /** Shared by the partitions of a consumer. */
  readonly rounds: Rounds;
  readonly listPurged?: ListPurged;
  /** Whether a log that ends before the checkpoint may be read from the beginning. */
  readonly lossesAccepted: () => boolean;
}

/** Reads one partition from its checkpoint and applies what comes, a batch at a time, until it is stopped. */
export class PartitionConsumer {
  readonly applier: Applier;
  private readonly running: Promise<void>;
  private readonly labels;
  private readonly consumed;
  private readonly gauges: PartitionGauges;
  /** Everything up to here is applied or parked. */
  private position = 0;
  /** The log goes on up to here at least. */
  private head = 0;
  private storedPosition = 0;
  private headAtStart = 0;
  private readonly silence = new SilentEnd();
  private purged: PurgedProgress | undefined;
  private purgedPhase: PurgedPhase | undefined;
  private storing: Promise<unknown> = Promise.resolve();
  private storedAt = 0;
  private stopped = false;
  /** Set while a batch is neither applied nor parked. */
  private unfinished = false;
  private wake: () => void = () => undefined;
  /** How many waiting commits end the pause. */
  private wakeAt = Infinity;
  /** Up to here something may stand that is not to wait for the end of a rest. */
  private pressing = 0;
  private resting = false;
  /** Batches and replays take turns. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly partition: number,
    private readonly options: PartitionConsumerOptions,
  ) {
    this.labels = { projection: options.projection.name, partition: String(partition) };
    this.gauges = new PartitionGauges(options.log.name, this.labels);
    const repeats = metrics.counter('consumerRepeats').labels(this.labels);
    this.applier = new Applier(partition, options, (commits) => repeats.inc(commits));
    this.consumed = metrics.counter('consumerCommits').labels(this.labels);
    this.running = this.run();
  }

  get appliedSeq(): number {
    return this.position;
  }

  /** True when the log is applied up to here, and what was purged from it before. */
  isThrough(seq: number): boolean {
    return this.position >= seq && (!this.options.listPurged || this.purged?.done === true);
  }

  /** Finishes the batch under way and stores the checkpoint. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.purgedPhase?.stop();
    await this.running;
    this.gauges.hide();
  }

  /** Runs `work` between batches. */
  between<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Looks how far the log is, should nobody have told, exports the lag, and does what others asked for. */
  async check(): Promise<{ headSeq: number }> {
    const bounds = await this.options.log.bounds(this.partition);
    const { lastSeq } = bounds;
    this.learnHead(lastSeq);
    if (!this.stopped)
      this.gauges.show(bounds, Math.max(0, lastSeq - this.position), this.applier.parkedCount);
    for (const { tenant, aggregateId } of await this.applier.replayRequested()) {
      await this.between(() => this.applier.replay(tenant, aggregateId)).catch(() => undefined);
    }
    return { headSeq: lastSeq };
  }

  private learnHead(lastSeq: number): void {
    if (lastSeq <= this.head) return;
    this.head = lastSeq;
    if (this.head - this.position >= this.wakeAt) this.wake();
  }

  private readonly hear: AppendedListener = (lastSeq, kinds) => {
    const { patientWith } = this.options.projection;
    if (patientWith && !kinds?.every((kind) => patientWith.has(kind))) {
      this.pressing = Math.max(this.pressing, lastSeq);
      if (this.resting && this.position < this.pressing) this.wake();
    }
    this.learnHead(lastSeq);
  };

  private async run(): Promise<void> {
    await this.untilDone(() => this.applier.open());
    const unfollow = this.options.log.onAppended(this.partition, this.hear);
    await this.untilDone(() => this.takeUp());
    if (!this.stopped) this.beginPurged();
    for (let tries = 0; !this.stopped; tries++) {
      try {
        await this.follow(() => (tries = 0));
      } catch (error) {
        this.options.logger?.warn({ err: error, ...this.labels }, 'consumer starts again');
      }
      if (!this.stopped) {
        metrics.counter('consumerRestarts').inc(this.labels);
        await this.pause(backoffMs(tries, RETRY));
      }
    }
    unfollow();
    await this.checkpoint().catch((error: unknown) =>
      this.options.logger?.warn(
        { err: error, ...this.labels },
        'checkpoint not stored; commits will be seen again',
      ),
    );
  }

  private async takeUp(): Promise<void> {
    const { seq, purged } = await this.options.progress.checkpoint(this.partition);
    const { lastSeq } = await this.options.log.bounds(this.partition);
    this.headAtStart = lastSeq;
    this.learnHead(lastSeq);
    this.purged = purged;
    if (seq > lastSeq && !this.options.lossesAccepted()) {
      const loss = { partition: this.partition, appliedSeq: seq, lastSeq };
      throw new LogLossError(this.options.log.name, this.options.projection.name, [loss]);
    }
    this.storedPosition = seq;
    this.position = seq > lastSeq ? 0 : seq;
  }

  /** Applies what was purged, beside the log: a projection keeps up although what keeps the purged is not there yet. */
  private beginPurged(): void {
    const { listPurged, logger } = this.options;
    if (!listPurged || this.purged?.done) return;
    const begun = this.purged;
    this.purgedPhase = new PurgedPhase(
      {
        partition: this.partition,
        applier: this.applier,
        listPurged,
        hasReadLog: () => begun !== undefined || this.position >= this.headAtStart,
        between: (work) => this.between(work),
        save: (purged) => {
          this.purged = purged;
          return this.store();
        },
        logger,
      },
      begun ?? { cursor: '', done: false },
    );
  }

  /** Reads and applies until it is stopped or the log does not answer. */
  private async follow(onProgress: () => void): Promise<void> {
    let ahead: Promise<Page> | undefined;
    while (!this.stopped) {
      if (!ahead && this.position >= this.head) {
        await this.idle();
        continue;
      }
      const { commits, more } = await this.options.rounds.together(ahead ?? this.read(this.position));
      ahead = undefined;
      const last = commits.at(-1);
      if (!last) {
        await this.passOver();
        continue;
      }
      // Reads on while this is applied.
      if (more > 0) ahead = this.read(last.seq);
      ahead?.catch(() => undefined);
      await this.between(() => this.untilDone(() => this.applier.apply(commits)));
      if (this.stopped && this.unfinished) return;
      this.position = Math.max(this.position, last.seq);
      onProgress();
      this.consumed.inc(commits.length);
      if (performance.now() - this.storedAt >= CHECKPOINT_EVERY_MS) await this.checkpoint();
      if (more === 0) await this.rest();
    }
  }

  private read(afterSeq: number): Promise<Page> {
    return this.options.log.page(this.partition, afterSeq, this.options.batch);
  }

  /** Sequences at the end of the log that were purged are never handed over; a replica, or a former leader, may lag. */
  private async passOver(): Promise<void> {
    const { log } = this.options;
    const { head } = this;
    const { lastSeq, currentCopies, laggingCopies } = await log.bounds(this.partition);
    if (lastSeq < head || !(await log.isEnd(this.partition, this.position))) {
      this.silence.broken();
      return this.pause(LAGGING_MS);
    }
    const through = this.silence.through(this.position, head, currentCopies + laggingCopies);
    if (through === undefined) return this.pause(CONFIRM_MS, head - this.position + 1);
    this.position = Math.max(this.position, through);
  }

  /** Waits for news; stores the checkpoint when there is none for a while. */
  private async idle(): Promise<void> {
    await this.pause(CHECKPOINT_EVERY_MS, 1);
    if (this.position < this.head || this.stopped) return;
    await this.checkpoint();
    if (this.position >= this.head) await this.pause(IDLE_MS, 1);
  }

  /** Tries again with backoff while the store, the log or another service does not answer. */
  private async untilDone(work: () => Promise<void>): Promise<void> {
    this.unfinished = true;
    for (let tries = 0; ; tries++) {
      try {
        await work();
        this.unfinished = false;
        break;
      } catch (error) {
        metrics.counter('consumerRetries').inc(this.labels);
        this.options.logger?.warn({ err: error, ...this.labels, tries }, 'consumer waits');
        if (this.stopped) break;
        await this.pause(backoffMs(tries, RETRY));
        if (this.stopped) break;
      }
    }
  }

  private async checkpoint(): Promise<void> {
    this.storedAt = performance.now();
    if (this.position !== this.storedPosition) await this.store();
  }

  /** One write after the other, each of what is true when it begins. */
  private store(): Promise<void> {
    const mine = this.storing.then(async () => {
      const seq = this.position;
      await this.options.progress.store(this.partition, { seq, purged: this.purged });
      this.storedPosition = seq;
    });
    this.storing = mine.catch(() => undefined);
    return mine;
  }

  /** In step with the other partitions; a backlog is not kept waiting, nor is what the projection has no patience with. */
  private async rest(): Promise<void> {
    const { restMs = 0 } = this.options.projection;
    if (restMs === 0 || this.position < this.pressing || this.head - this.position >= BACKLOG) return;
    this.resting = true;
    await Promise.race([this.options.rounds.rest(restMs), this.pause(2 * restMs, BACKLOG)]);
    this.resting = false;
    this.wake();
  }

  /** Resolves after this long, when it is stopped, or, where `wakeAt` is given, as soon as so many commits wait. */
  private pause(ms: number, wakeAt = Infinity): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.wakeAt = wakeAt;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
