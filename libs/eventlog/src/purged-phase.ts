import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, backoffMs, ErrorCode } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import type { Applier } from './applier.js';
import type { ListPurged, PurgedProgress } from './types.js';

const RETRY = { baseMs: 50, capMs: 5_000 };
const LOOK_EVERY_MS = 50;
/** Aggregates that are loaded at once and applied together; the log's batches take turns with these. */
const TOGETHER = 16;

export interface PurgedPhaseOptions {
  readonly partition: number;
  readonly applier: Pick<Applier, 'applyPurged'>;
  readonly listPurged: ListPurged;
  /** True once everything is applied that stood in the log when the consumer began. */
  readonly hasReadLog: () => boolean;
  /** Takes turns with the batches of the log. */
  readonly between: <T>(work: () => Promise<T>) => Promise<T>;
  /** Keeps the progress for good. */
  readonly save: (progress: PurgedProgress) => Promise<void>;
  readonly logger?: Logger | undefined;
}

/**
 * Applies the aggregates of a partition that have left the log. It lists them only after the log has been read up to
 * where it stood at the beginning: whatever is purged meanwhile has either been read by then, or is in the list.
 */
export class PurgedPhase {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private progress: PurgedProgress;

  constructor(
    private readonly options: PurgedPhaseOptions,
    from: PurgedProgress,
  ) {
    this.progress = from;
    this.running = this.run();
  }

  get done(): boolean {
    return this.progress.done;
  }

  /** Finishes what is being applied; the next one goes on behind the last whole page. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { hasReadLog, logger, partition } = this.options;
    for (let tries = 0; !this.done && !this.stopped;) {
      try {
        if (!hasReadLog()) await this.pause(LOOK_EVERY_MS);
        else await this.page();
        tries = 0;
      } catch (error) {
        if (this.stopped) return;
        logger?.warn({ err: error, partition, tries }, 'purged aggregates are read later');
        if (isUnknownCursor(error)) this.progress = { cursor: '', done: false };
        await this.pause(backoffMs(tries++, RETRY));
      }
    }
  }

  private async page(): Promise<void> {
    const { partition, listPurged, applier, between, save } = this.options;
    const page = await this.unlessStopped(listPurged(partition, this.progress.cursor));
    for (let i = 0; i < page.keys.length; i += TOGETHER) {
      if (this.stopped) return;
      await between(() => applier.applyPurged(page.keys.slice(i, i + TOGETHER)));
    }
    const next: PurgedProgress = { cursor: page.next ?? '', done: page.next === undefined };
    await save(next);
    this.progress = next;
  }

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** An answer that nobody waits for any more may take as long as it likes. */
  private unlessStopped<T>(answer: Promise<T>): Promise<T> {
    const { signal } = this.stopping;
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(new Error('stopped'));
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

/** The list is kept otherwise than when the cursor was made. */
const isUnknownCursor = (error: unknown): boolean =>
  error instanceof ApiError && error.code === ErrorCode.invalidArgument;
