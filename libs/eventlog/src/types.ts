import type { log } from '@parley/contracts';
import type { Clock, Decider, RequestContext } from '@parley/kernel';
import type { Loss } from './loss.js';

export type Commit = log.Commit;

/** A commit with its place in the stream of its partition. */
export interface StoredCommit {
  readonly commit: Commit;
  /** Sequence in the partition's stream. */
  readonly seq: number;
  readonly partition: number;
  /** The commit as it stands in the log: live fan-out and transcript pass it on without encoding it again. */
  readonly bytes?: Uint8Array;
}

export interface Head {
  /** Version of the last event; 0 when there is none. */
  readonly version: number;
  /** Stream sequence of the last commit; 0 when there is none. */
  readonly seq: number;
}

/** The expected sequence was not the aggregate's last one: somebody else appended. Reload and decide again. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/**
 * Nobody knows whether the append is in the log: the answer got lost. Appending the same commit again with the same
 * expected sequence settles it: it succeeds, or the conflict says that something (perhaps this commit) is there.
 */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
}

/** The log did not answer a read; nothing happened. Try again. */
export class LogUnavailableError extends Error {
  override readonly name = 'LogUnavailableError';
}

/** An aggregate holds an event that this release does not know; its partition belongs to a newer member. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';
}

/** How far a partition goes, and how it is kept. */
export interface Bounds {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly commits: number;
  readonly bytes: number;
  /** Copies that have everything, the leader among them, and those that are behind or gone. */
  readonly currentCopies: number;
  readonly laggingCopies: number;
}

/** One family of logs (conversation, routing, tenant) over its partitions. */
export interface EventLog {
  readonly name: 'conversation' | 'routing' | 'tenant';
  /** How many partitions there are: those asked for or, when there are more already, those that exist. */
  readonly partitions: number;
  /** Looks again how many partitions there are (another process may have raised the number); returns it. */
  refresh(): Promise<number>;
  /** Where an aggregate's commits stand. ApiError notFound when the id names no partition that is known. */
  partitionOf(tenant: string, id: string): number;
  /** As partitionOf, but looks again before it says notFound: another process may just have raised the number. */
  locate(tenant: string, id: string): Promise<number>;
  /**
   * Appends one commit after the aggregate's last one (`expectedSeq`: that commit's stream sequence, 0 for none).
   * Resolves with its sequence once JetStream has acknowledged it; rejects with ConflictError or, when the answer
   * was lost, UnknownOutcomeError. What waits at the same moment for one partition is written as one atomic batch.
   * `bytes` is the commit encoded already, `kinds` what its events are, for those who are told of it. Never two at once
   * for one aggregate.
   */
  append(commit: Commit, expectedSeq: number, bytes?: Uint8Array, kinds?: readonly string[]): Promise<number>;
  /**
   * The aggregate's commits that hold events after `afterVersion`, in order, at least up to the head that the leader
   * knew when it was called. `afterSeq`: skips what stands at or before that sequence. `maxBytes`: stops once it has so
   * many (one commit at least); `head` is the leader's then. Rejects with LogUnavailableError.
   */
  load(
    tenant: string,
    id: string,
    afterVersion?: number,
    afterSeq?: number,
    maxBytes?: number,
  ): Promise<{ commits: StoredCommit[]; head: Head }>;
  /**
   * The aggregate's commits that hold events after `afterVersion` up to `upToVersion`, in order. Reads few others, however
   * long the log is. Rejects with LogUnavailableError.
   */
  loadRange(tenant: string, id: string, afterVersion: number, upToVersion: number): Promise<StoredCommit[]>;
  /** A leader read: sure to see every acknowledged append. */
  head(tenant: string, id: string): Promise<Head>;
  /** First and last sequence of a partition; last + 1 is what is written next, whatever has been purged. */
  bounds(partition: number): Promise<Bounds>;
  /**
   * After which sequence everything stands that was stored at this time (ms, by the server's clock) or later; what it
   * names itself may have been purged. Rejects with LogUnavailableError.
   */
  seqBefore(partition: number, time: number): Promise<number>;
  /** True when nothing stands after this sequence (what stood there may have been purged). */
  isEnd(partition: number, seq: number): Promise<boolean>;
  /**
   * The partition's commits after `afterSeq` in order, at most so many and so many bytes (one commit at least). Any
   * replica may answer, so there may be more than it knows of. Rejects with LogUnavailableError.
   */
  page(partition: number, afterSeq: number, most: { commits: number; bytes: number }): Promise<Page>;
  /**
   * Calls the listener, soon after appends by whatever process, with the last sequence of the partition and the kinds of
   * events that came (undefined: any may have). What is appended at nearly the same time is told once; what nobody tells
   * of is found by asking for `bounds`. Returns what ends it.
   */
  onAppended(partition: number, listener: AppendedListener): () => void;
  /** Removes the aggregate's commits up to and including this stream sequence. */
  purge(tenant: string, id: string, upToSeq: number): Promise<void>;
}

/** Told of news in a partition; `kinds`: what kinds of events came, undefined when any may have. */
export type AppendedListener = (lastSeq: number, kinds: readonly string[] | undefined) => void;

/** Names an aggregate among all tenants of a log. */
export type AggregateKey = string & { readonly isAggregateKey: true };

export const aggregateKey = (tenant: string, id: string): AggregateKey => `${tenant}/${id}` as AggregateKey;

export interface Page {
  readonly commits: readonly StoredCommit[];
  /** How many more stand in the log behind them, at least. */
  readonly more: number;
}

/** How events become bytes. `decode` returns undefined for an event of a newer release. */
export interface EventCodec<Event> {
  encode(event: Event): Uint8Array;
  /** `commit` tells actor and time, which stand once for all its events, to aggregates whose rules depend on them. */
  decode(bytes: Uint8Array, commit: Commit): Event | undefined;
  /** What kind of event it is, for consumers that some kinds concern at once and others not. */
  kindOf?(event: Event): string;
}

/** What every aggregate remembers beside its state. */
export interface Envelope<State> {
  readonly state: State;
  readonly head: Head;
  /** Time of the last commit, ms; 0 before the first. */
  readonly time: number;
  /** The last commands (512 at most), by commandKey(actor, id), with the version each led to and its time, ms. */
  readonly commandIds: ReadonlyMap<string, { readonly version: number; readonly time: number }>;
}

/** Where an owner tells when its aggregates want to be woken. */
export interface DueIndex {
  /**
   * Makes sure that a wake-up at or before `dueAt` is stored. Undefined when it is already, which costs nothing.
   * Called before the append, so that no crash can lose a due date: one too early does no harm.
   */
  ensure(partition: number, tenant: string, id: string, dueAt: number): Promise<void> | undefined;
}

export interface OwnerOptions<State, Command, Event> {
  readonly log: EventLog;
  readonly decider: Decider<State, Command, Event, Error>;
  readonly codec: EventCodec<Event>;
  /** Right after the log's acknowledgement, before the caller's answer: live fan-out. Must not throw or wait. */
  readonly onCommitted?: (stored: StoredCommit, events: readonly Event[], envelope: Envelope<State>) => void;
  /** What the log no longer holds: the commits that transcript keeps. Asked whenever the log does not start at 1. */
  readonly loadPurged?: (tenant: string, id: string) => Promise<readonly Commit[]>;
  /** When the aggregate next wants a command by itself, ms; undefined for never. Feeds the timers. */
  readonly nextDueAt?: (state: State, tenant: string, id: string) => number | undefined;
  /** What createTimers returned: told of every due date before the commit that brings it. */
  readonly timers?: DueIndex;
  /** An event of a newer release was met in this partition: give it up (`membership.decline`). */
  readonly onUnknownEvent?: (partition: number, error: UnknownEventError) => void;
  /**
   * Whether this process owns a partition just now. Reads of other partitions are confirmed by a leader read, as all
   * are when this is absent.
   */
  readonly isOwned?: (partition: number) => boolean;
  /** Stands in every commit; bump it when deciding changes. */
  readonly engineVersion?: number;
  readonly clock?: Clock;
  /** Open aggregates kept in memory; 20,000 by default. */
  readonly maxOpen?: number;
}

export interface ExecuteOptions<State, Command> {
  readonly tenant: string;
  readonly id: string;
  /** Known again for the same actor only; another actor's command with the same id is another command. */
  readonly commandId: string;
  readonly context: RequestContext;
  /** Who stands in the commit. */
  readonly actor: log.Commit['actor'];
  /** Builds the command; `now` is never before the aggregate's last commit. Called again after a conflict. */
  readonly command: (envelope: Envelope<State>, now: number) => Command;
}

export interface Executed<State> {
  /** Version after the command: that of its last event, or the one it led to the first time. */
  readonly version: number;
  /** Time of its commit, ms. */
  readonly time: number;
  readonly envelope: Envelope<State>;
  /** True when the command id was known and nothing was written. */
  readonly repeated: boolean;
}

/** Keeps the aggregates of the partitions it is given in memory and carries out commands on them, one at a time each. */
export interface Owner<State, Command> {
  /**
   * Decides and appends. A rejection of the decider is thrown (after the head was confirmed by a leader read);
   * conflicts are retried until the context's deadline, then ApiError `unavailable`.
   */
  execute(options: ExecuteOptions<State, Command>): Promise<Executed<State>>;
  /** The current state, loaded or confirmed where needed. Undefined when there is no such aggregate. */
  read(tenant: string, id: string): Promise<Envelope<State> | undefined>;
  /** Head versions of those that exist, from memory where owned and open. */
  heads(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Tells `settle` when the aggregate is next due (undefined: never) while no command on it is under way; its state
   * has been confirmed by a leader read. For the timers.
   */
  settleDue(tenant: string, id: string, settle: (dueAt: number | undefined) => Promise<void>): Promise<void>;
  /** Forgets the open aggregates of a partition (ownership went elsewhere). */
  release(partition: number): void;
}

/** All commits of one aggregate in a batch, densely following what was applied before. */
export interface Run {
  readonly tenant: string;
  readonly id: string;
  readonly commits: readonly StoredCommit[];
  /** Trace context of this applying, for calls that it leads to; absent when nobody traces it. */
  readonly traceparent?: string;
}

/** What a consumer does with commits; its documents carry the applied version of each aggregate. */
export interface Projection {
  /** Names the checkpoint. */
  readonly name: string;
  /**
   * The applied version of each aggregate by aggregateKey(tenant, id), from the projection's own documents; absent
   * means 0. Asked for what this consumer has not applied itself since it started.
   */
  applied(keys: readonly { tenant: string; id: string }[]): Promise<ReadonlyMap<AggregateKey, number>>;
  /**
   * Applies a batch; must be idempotent. When it throws, each run is tried alone, and a run that throws alone
   * parks its aggregate while the others go on. An `unavailable` ApiError or a store that does not answer is not
   * the run's fault: the whole batch is tried again with backoff.
   */
  apply(runs: readonly Run[]): Promise<void>;
  /**
   * Begins with what the log still holds of an aggregate, whatever was trimmed before it. Without it, versions that are
   * missing must be kept elsewhere.
   */
  readonly fromTrimmed?: boolean;
  /**
   * At most one batch in so many ms while little comes: what comes meanwhile is applied together, which costs a
   * fraction. The first commit after a lull is applied at once. 0 by default.
   */
  readonly restMs?: number;
  /** Kinds of events that may wait for the end of the rest; any other ends it. All may wait when this is absent. */
  readonly patientWith?: ReadonlySet<string>;
}

export interface ParkedAggregate {
  readonly tenant: string;
  readonly id: string;
  readonly failedVersion: number;
  readonly error: string;
  readonly parkedAt: number;
}

export interface ConsumerStatus {
  readonly partition: number;
  readonly appliedSeq: number;
  readonly headSeq: number;
  readonly parked: number;
}

/** An aggregate of which commits have left the log, with the last version that is kept elsewhere. */
export interface PurgedKey {
  readonly tenant: string;
  readonly id: string;
  readonly version: number;
}

/**
 * A page of the aggregates of a partition that have left the log, or are about to: all that had before the first page
 * was asked for, in any order. `next` is the cursor of the page that follows; absent on the last one. Rejects with
 * ApiError invalidArgument when it does not know the cursor.
 */
export type ListPurged = (
  partition: number,
  cursor: string,
) => Promise<{ readonly keys: readonly PurgedKey[]; readonly next?: string }>;

/** How far the list of purged aggregates has been applied: up to the page that begins with `cursor`. */
export interface PurgedProgress {
  readonly cursor: string;
  readonly done: boolean;
}

/** Reads partitions of a log in order from stored checkpoints. */
export interface Consumer {
  /** That of its projection. */
  readonly name: string;
  /** That of its log. */
  readonly log: EventLog['name'];
  /** What the log has lost in all partitions, whoever runs them. Looks again for 5 s, since a new leader may lag. */
  losses(): Promise<readonly Loss[]>;
  /** Partitions with a loss are read from the beginning from now on; before this they wait. */
  acceptLosses(): void;
  /** Takes up a partition from its checkpoint, trying until the store and the log answer; no-op when it has it. */
  start(partition: number): Promise<void>;
  /** Finishes the batch under way, stores the checkpoint, lets go. */
  stop(partition: number): Promise<void>;
  stopAll(): Promise<void>;
  status(): Promise<readonly ConsumerStatus[]>;
  parked(): Promise<readonly ParkedAggregate[]>;
  /**
   * Reads the aggregate's log again from its applied version; clears the parking when that succeeds and rejects with
   * the error when not. Where another instance runs the partition that one is asked to, within 15 s.
   */
  replay(tenant: string, id: string): Promise<void>;
  /** Resolves once everything that was in the log, or purged from it, when it was called has been applied or parked. */
  caughtUp(): Promise<void>;
}

/** Which instance owns which partition: KV membership and rendezvous hashing. */
export interface Membership {
  readonly instanceId: string;
  /**
   * Called with the partitions gained and lost, once at the start and after every change, one call at a time; a call
   * that rejects is made again with backoff.
   */
  onChange(listener: (gained: readonly number[], lost: readonly number[]) => Promise<void>): void;
  owned(): ReadonlySet<number>;
  /** True when every member announces that it knows this event type. */
  allKnow(eventType: string): boolean;
  /** Gives a partition up for good, to members of a newer release: what an owner's onUnknownEvent is for. */
  decline(partition: number): Promise<void>;
  /** Tells the listeners that all is lost, waits for them, then leaves the group, so that others take over at once. */
  leave(): Promise<void>;
}
