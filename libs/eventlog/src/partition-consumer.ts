import { backoffMs } from '@parley/kernel';
import { metrics, type Logger } from '@parley/telemetry';
import { Applier, type ApplierOptions } from './applier.js';
import { PurgedPhase } from './purged-phase.js';
import type { ListPurged, LogReader, PurgedProgress, StoredCommit } from './types.js';

const RETRY = { baseMs: 50, capMs: 5_000 };
const CHECKPOINT_EVERY_MS = 250;
const STALL_MS = 6_000;
/** So many waiting commits are a backlog: no rest then. */
const BACKLOG = 200;

export interface PartitionConsumerOptions extends ApplierOptions {
  readonly batch: { readonly commits: number; readonly bytes: number };
  readonly listPurged?: ListPurged;
  readonly logger?: Logger | undefined;
}

/** Reads one partition from its checkpoint and applies what comes, a batch at a time, until it is stopped. */
export class PartitionConsumer {
  readonly applier: Applier;
  private readonly running: Promise<void>;
  private readonly labels;
  private buffer: StoredCommit[] = [];
  /** Why the reader ended, when it did. */
  private ended: string | undefined;
  /** Everything up to here is applied or parked. */
  private position = 0;
  private storedPosition = 0;
  private headAtStart = 0;
  private purged: PurgedProgress | undefined;
  private purgedPhase: PurgedPhase | undefined;
  private storing: Promise<unknown> = Promise.resolve();
  private storedAt = 0;
  private movedAt = performance.now();
  private busy = false;
  private stopped = false;
  /** Set while a batch is neither applied nor parked. */
  private unfinished = false;
  private wake: () => void = () => undefined;
  /** How many commits end the pause. */
  private wakeAt = 1;
  /** Batches and replays take turns. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly partition: number,
    private readonly options: PartitionConsumerOptions,
  ) {
    this.applier = new Applier(partition, options);
    this.labels = { projection: options.projection.name, partition: String(partition) };
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
  }

  /** Runs `work` between batches. */
  between<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Looks whether it keeps up: exports the lag, restarts a reader that stands still, passes over what was purged. */
  async check(): Promise<{ headSeq: number }> {
    const { lastSeq } = await this.options.log.bounds(this.partition);
    const idle = !this.busy && this.buffer.length === 0;
    if (idle && this.position < lastSeq) await this.passOver(lastSeq);
    metrics.gauge('consumerLag').set(this.labels, Math.max(0, lastSeq - this.position));
    metrics.gauge('consumerParked').set(this.labels, this.applier.parkedCount);
    if (idle && this.position < lastSeq && performance.now() - this.movedAt > STALL_MS) {
      this.options.logger?.warn({ ...this.labels, position: this.position, lastSeq }, 'reader stands still');
      this.movedAt = performance.now();
      this.end('stood still');
    }
    for (const { tenant, aggregateId } of await this.applier.replayRequested()) {
      await this.between(() => this.applier.replay(tenant, aggregateId)).catch(() => undefined);
    }
    return { headSeq: lastSeq };
  }

  /** Sequences at the end of the log that were purged are never handed over. */
  private async passOver(lastSeq: number): Promise<void> {
    const from = this.position;
    if (!(await this.options.log.isEnd(this.partition, from))) return;
    if (this.position !== from || this.busy || this.buffer.length > 0) return;
    this.position = lastSeq;
    this.movedAt = performance.now();
  }

  private async run(): Promise<void> {
    await this.untilDone(() => this.applier.open());
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
    this.purged = purged;
    if (seq > lastSeq)
      this.options.logger?.warn({ ...this.labels, seq, lastSeq }, 'log is behind its checkpoint');
    this.position = this.storedPosition = seq > lastSeq ? 0 : seq;
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

  /** Reads and applies until the reader ends. */
  private async follow(onProgress: () => void): Promise<void> {
    this.ended = undefined;
    this.buffer = [];
    const reader: LogReader = await this.options.log.read(this.partition, this.position, {
      onCommit: (stored) => {
        this.buffer.push(stored);
        if (this.buffer.length === this.wakeAt) this.wake();
      },
      onEnd: (reason) => this.end(reason),
    });
    try {
      while (!this.stopped && this.ended === undefined) {
        if (this.buffer.length === 0) await this.pause(CHECKPOINT_EVERY_MS);
        if (this.buffer.length === 0) {
          await this.checkpoint();
          // Nothing came for a while: wait until something does.
          if (this.buffer.length === 0 && !this.stopped && this.ended === undefined)
            await this.pause(STALL_MS);
          continue;
        }
        const batch = this.takeBatch();
        await this.between(() => this.untilDone(() => this.applier.apply(batch)));
        if (this.stopped && this.unfinished) return;
        this.position = Math.max(this.position, batch.at(-1)!.seq);
        this.movedAt = performance.now();
        onProgress();
        metrics.counter('consumerCommits').inc(this.labels, batch.length);
        reader.done(batch.length);
        if (performance.now() - this.storedAt >= CHECKPOINT_EVERY_MS) await this.checkpoint();
        await this.rest();
      }
    } finally {
      this.busy = false;
      reader.stop();
    }
  }

  private end(reason: string): void {
    this.ended = reason;
    this.wake();
  }

  private takeBatch(): StoredCommit[] {
    const { commits, bytes } = this.options.batch;
    let size = 0;
    let count = 0;
    while (count < this.buffer.length && count < commits && (count === 0 || size < bytes)) {
      size += this.buffer[count++]!.bytes?.length ?? 0;
    }
    return this.buffer.splice(0, count);
  }

  /** Tries again with backoff while the store, the log or another service does not answer. */
  private async untilDone(work: () => Promise<void>): Promise<void> {
    this.busy = true;
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
    this.busy = false;
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

  /** Until the next multiple of restMs: partitions then wake together and share a transaction of their store. */
  private async rest(): Promise<void> {
    const { restMs = 0 } = this.options.projection;
    if (restMs === 0 || this.buffer.length >= BACKLOG || this.stopped || this.ended !== undefined) return;
    this.wakeAt = BACKLOG;
    await this.pause(restMs - (performance.now() % restMs));
    this.wakeAt = 1;
  }

  /** Resolves after this long, or as soon as there is something to do. */
  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
