import { ApiError, ErrorCode } from '@parley/kernel';
import { StoreError } from '@parley/store';
import { tracingOn, type Logger } from '@parley/telemetry';
import { lastVersion } from './seek.js';
import type { ParkedDoc, Progress } from './progress.js';
import { processTraced } from './spans.js';
import {
  aggregateKey,
  LogUnavailableError,
  type Commit,
  type EventLog,
  type Projection,
  type PurgedKey,
  type Run,
  type StoredCommit,
} from './types.js';

const KNOWN_APPLIED = 50_000;

export interface ApplierOptions {
  readonly log: EventLog;
  readonly projection: Projection;
  readonly progress: Progress;
  /** The commits that the log no longer holds; asked when versions are missing. */
  readonly loadPurged?: (tenant: string, id: string) => Promise<readonly Commit[]>;
  readonly now: () => number;
  readonly logger?: Logger | undefined;
}

/** Applies the commits of one partition to a projection: each version once, in order, around what is parked. */
export class Applier {
  private readonly parked = new Map<string, ParkedDoc>();
  /** Applied versions as far as known; this partition's documents have no other writer. */
  private readonly known = new Map<string, number>();

  constructor(
    private readonly partition: number,
    private readonly options: ApplierOptions,
    /** Told how many commits came again. */
    private readonly onRepeats: (commits: number) => void = () => undefined,
  ) {}

  /** Learns what is parked. */
  async open(): Promise<void> {
    for (const doc of await this.options.progress.parked(this.partition)) {
      this.parked.set(aggregateKey(doc.tenant, doc.aggregateId), doc);
    }
  }

  get parkedCount(): number {
    return this.parked.size;
  }

  /** Applies or parks everything. Rejects only when it makes sense to try the same again (see isPassing). */
  async apply(batch: readonly StoredCommit[]): Promise<void> {
    const byAggregate = new Map<string, StoredCommit[]>();
    for (const stored of batch) {
      const key = aggregateKey(stored.commit.tenant, stored.commit.aggregateId);
      if (this.parked.has(key)) continue;
      const commits = byAggregate.get(key);
      if (commits) commits.push(stored);
      else byAggregate.set(key, [stored]);
    }
    await this.learnApplied(byAggregate);
    const runs: Run[] = [];
    for (const [key, commits] of byAggregate) {
      const run = await this.runOf(key, commits);
      if (run) runs.push(run);
    }
    if (runs.length === 0) return;
    try {
      await this.applyRuns(runs);
    } catch (error) {
      await this.throwIfPassing(error);
      for (const run of runs) await this.applyAlone(run);
    }
  }

  /** Applies aggregates that have left the log as far as they are not applied yet, and parks what is kept nowhere. */
  async applyPurged(keys: readonly PurgedKey[]): Promise<void> {
    const open = keys.filter(({ tenant, id }) => !this.parked.has(aggregateKey(tenant, id)));
    if (open.length === 0) return;
    const applied = await this.options.projection.applied(open.map(({ tenant, id }) => ({ tenant, id })));
    const found = await Promise.all(
      open.map(async (key) => {
        const from = applied.get(aggregateKey(key.tenant, key.id)) ?? 0;
        if (from >= key.version) return [];
        const commits = await this.missing(key.tenant, key.id, from);
        if (commits.length === 0)
          await this.park(key.tenant, key.id, from + 1, new Error('it is neither in the log nor kept'));
        return commits;
      }),
    );
    await this.apply(found.flat());
  }

  /** Applies what the log holds behind the applied version; unparks when that succeeds, throws when it does not. */
  async replay(tenant: string, id: string): Promise<void> {
    const key = aggregateKey(tenant, id);
    this.known.delete(key);
    const applied =
      (await this.options.projection.applied([{ tenant, id }])).get(aggregateKey(tenant, id)) ?? 0;
    const commits = await this.missing(tenant, id, applied);
    for (const stored of commits) {
      try {
        await this.project([{ tenant, id, commits: [stored] }]);
      } catch (error) {
        await this.throwIfPassing(error);
        await this.park(tenant, id, stored.commit.firstVersion, error);
        throw error;
      }
    }
    await this.options.progress.unpark(tenant, id);
    this.parked.delete(key);
  }

  /** What others asked to have replayed here, while anything is parked. */
  async replayRequested(): Promise<ParkedDoc[]> {
    if (this.parked.size === 0) return [];
    return (await this.options.progress.parked(this.partition)).filter((doc) => doc.replayRequested);
  }

  private async learnApplied(byAggregate: ReadonlyMap<string, readonly StoredCommit[]>): Promise<void> {
    const unknown: { tenant: string; id: string }[] = [];
    for (const [key, [first]] of byAggregate) {
      if (!this.known.has(key)) unknown.push({ tenant: first!.commit.tenant, id: first!.commit.aggregateId });
    }
    if (unknown.length === 0) return;
    const applied = await this.options.projection.applied(unknown);
    for (const { tenant, id } of unknown) {
      const key = aggregateKey(tenant, id);
      this.remember(key, applied.get(key) ?? 0);
    }
  }

  private remember(key: string, version: number): void {
    this.known.delete(key);
    this.known.set(key, version);
  }

  /** The part of these commits that is not applied yet, with what is missing before it. */
  private async runOf(key: string, commits: readonly StoredCommit[]): Promise<Run | undefined> {
    const applied = this.known.get(key) ?? 0;
    const fresh = commits.filter(({ commit }) => lastVersion(commit) > applied);
    if (fresh.length < commits.length) this.onRepeats(commits.length - fresh.length);
    const first = fresh[0];
    if (!first) return undefined;
    const { tenant, aggregateId: id } = first.commit;
    const begins = applied === 0 && (this.options.projection.fromTrimmed ?? false);
    if (isDense(begins ? first.commit.firstVersion - 1 : applied, fresh))
      return { tenant, id, commits: fresh };
    const filled = await this.missing(tenant, id, applied);
    if (filled.length > 0 && isDense(applied, filled)) return { tenant, id, commits: filled };
    await this.park(tenant, id, applied + 1, new Error(`versions ${applied + 1} … are not in the log`));
    return undefined;
  }

  private async missing(tenant: string, id: string, applied: number): Promise<StoredCommit[]> {
    const { log, loadPurged } = this.options;
    const { commits } = await log.load(tenant, id, applied);
    const from = commits[0]?.commit.firstVersion ?? Infinity;
    if (from <= applied + 1 || !loadPurged) return commits;
    const purged = (await loadPurged(tenant, id)).filter(
      (commit) => lastVersion(commit) > applied && commit.firstVersion < from,
    );
    return [...purged.map((commit) => ({ commit, seq: 0, partition: this.partition })), ...commits];
  }

  private project(runs: readonly Run[]): Promise<void> {
    const { projection, log, now } = this.options;
    if (!tracingOn()) return projection.apply(runs);
    const processing = { log: log.name, partition: this.partition, projection: projection.name, now: now() };
    return processTraced(processing, runs, (traced) => projection.apply(traced));
  }

  private async applyRuns(runs: readonly Run[]): Promise<void> {
    try {
      await this.project(runs);
    } catch (error) {
      // Part of it may have been applied: ask the documents again.
      for (const run of runs) this.known.delete(aggregateKey(run.tenant, run.id));
      throw error;
    }
    for (const run of runs)
      this.remember(aggregateKey(run.tenant, run.id), lastVersion(run.commits.at(-1)!.commit));
    for (const oldest of this.known.keys()) {
      if (this.known.size <= KNOWN_APPLIED) break;
      this.known.delete(oldest);
    }
  }

  /** Commit by commit, so that what stands before the bad one is applied and the parking names the right version. */
  private async applyAlone(run: Run): Promise<void> {
    const { tenant, id } = run;
    const applied =
      (await this.options.projection.applied([{ tenant, id }])).get(aggregateKey(tenant, id)) ?? 0;
    for (const stored of run.commits) {
      if (lastVersion(stored.commit) <= applied) continue;
      try {
        await this.applyRuns([{ tenant, id, commits: [stored] }]);
      } catch (error) {
        await this.throwIfPassing(error);
        await this.park(tenant, id, stored.commit.firstVersion, error);
        return;
      }
    }
  }

  private async park(tenant: string, id: string, failedVersion: number, error: unknown): Promise<void> {
    const { progress, now, logger, projection } = this.options;
    logger?.error(
      {
        err: error,
        ...subjectOf(this.options.log.name, tenant, id),
        projection: projection.name,
        failedVersion,
      },
      'a commit cannot be applied: its aggregate is parked',
    );
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    await progress.park(this.partition, {
      tenant,
      id,
      failedVersion,
      error: reason.slice(0, 500),
      parkedAt: now(),
    });
    const doc = await progress.findParked(tenant, id);
    if (doc) this.parked.set(aggregateKey(tenant, id), doc);
  }

  private async throwIfPassing(error: unknown): Promise<void> {
    if (isPassing(error)) throw error;
    // Whatever the projection threw: while the store does not answer, no commit is at fault.
    await this.options.progress.ping();
  }
}

/** How lines of the log name an aggregate. */
const subjectOf = (log: EventLog['name'], tenant: string, id: string): Record<string, string> =>
  log === 'conversation' ? { tenant, conversationId: id } : { tenant, id };

const isDense = (applied: number, commits: readonly StoredCommit[]): boolean => {
  let version = applied;
  for (const { commit } of commits) {
    if (commit.firstVersion > version + 1) return false;
    version = lastVersion(commit);
  }
  return true;
};

const PASSING_CODES: readonly number[] = [
  ErrorCode.unavailable,
  ErrorCode.deadlineExceeded,
  ErrorCode.resourceExhausted,
];

/** True for what passes by itself: a store, a service or the log that does not answer just now. */
export const isPassing = (error: unknown): boolean =>
  (error instanceof ApiError && PASSING_CODES.includes(error.code)) ||
  error instanceof LogUnavailableError ||
  (error instanceof StoreError && ['UNREACHABLE', 'FULL', 'NOT_WRITABLE'].includes(error.reason));
