import type { log } from '@parley/contracts';
import type { Decider, RequestContext } from '@parley/kernel';

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

/** An aggregate holds an event that this release does not know; its partition belongs to a newer member. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';
}

/** One family of logs (conversation, routing, tenant) over its partitions. */
export interface EventLog {
  readonly name: 'conversation' | 'routing' | 'tenant';
  /** How many partitions there are: those asked for or, when there are more already, those that exist. */
  readonly partitions: number;
  /**
   * Appends one commit after the aggregate's last one (`expectedSeq`: that commit's stream sequence, 0 for none).
   * Resolves with its sequence once JetStream has acknowledged it; rejects with ConflictError.
   */
  append(commit: Commit, expectedSeq: number): Promise<number>;
  /** The aggregate's commits whose events have versions greater than `afterVersion`, in order, with the head. */
  load(tenant: string, id: string, afterVersion?: number): Promise<{ commits: StoredCommit[]; head: Head }>;
  /** A leader read: sure to see every acknowledged append. */
  head(tenant: string, id: string): Promise<Head>;
  /** Removes the aggregate's commits up to and including this stream sequence. */
  purge(tenant: string, id: string, upToSeq: number): Promise<void>;
}

/** How events become bytes. `decode` returns undefined for an event of a newer release. */
export interface EventCodec<Event> {
  encode(event: Event): Uint8Array;
  /** `commit` tells actor and time, which stand once for all its events, to aggregates whose rules depend on them. */
  decode(bytes: Uint8Array, commit: Commit): Event | undefined;
}

/** What every aggregate remembers beside its state. */
export interface Envelope<State> {
  readonly state: State;
  readonly head: Head;
  /** Time of the last commit, ms; 0 before the first. */
  readonly time: number;
  /** The last command ids (512 at most) with the version each led to. */
  readonly commandIds: ReadonlyMap<string, number>;
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
  readonly nextDueAt?: (state: State) => number | undefined;
  /** Open aggregates kept in memory; 20,000 by default. */
  readonly maxOpen?: number;
}

export interface ExecuteOptions<State, Command> {
  readonly tenant: string;
  readonly id: string;
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
  /** The current state, loaded when it is not open. Undefined when there is no such aggregate. */
  read(tenant: string, id: string): Promise<Envelope<State> | undefined>;
  /** Head versions of those that exist, from memory where open. */
  heads(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Forgets the open aggregates of a partition (ownership went elsewhere). */
  release(partition: number): void;
}

/** All commits of one aggregate in a batch, densely following what was applied before. */
export interface Run {
  readonly tenant: string;
  readonly id: string;
  readonly commits: readonly StoredCommit[];
}

/** What a consumer does with commits; its documents carry the applied version of each aggregate. */
export interface Projection {
  /** Names the checkpoint. */
  readonly name: string;
  /** The applied version of each aggregate, from the projection's own documents; absent means 0. */
  applied(keys: readonly { tenant: string; id: string }[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Applies a batch; must be idempotent. When it throws, each run is tried alone, and a run that throws alone
   * parks its aggregate while the others go on. An `unavailable` ApiError or a store that does not answer is not
   * the run's fault: the whole batch is tried again with backoff.
   */
  apply(runs: readonly Run[]): Promise<void>;
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

/** Reads partitions of a log in order from stored checkpoints. */
export interface Consumer {
  /** Takes up a partition from its checkpoint; no-op when it has it. */
  start(partition: number): Promise<void>;
  /** Finishes the batch under way, stores the checkpoint, lets go. */
  stop(partition: number): Promise<void>;
  stopAll(): Promise<void>;
  status(): Promise<readonly ConsumerStatus[]>;
  parked(): Promise<readonly ParkedAggregate[]>;
  /** Reads the aggregate's log again from its applied version; clears the parking when that succeeds. */
  replay(tenant: string, id: string): Promise<void>;
  /** Resolves once everything that was in the log when it was called has been applied or parked. */
  caughtUp(): Promise<void>;
}

/** Which instance owns which partition: KV membership and rendezvous hashing. */
export interface Membership {
  readonly instanceId: string;
  /** Called with the partitions gained and lost, once at the start and after every change. */
  onChange(listener: (gained: readonly number[], lost: readonly number[]) => Promise<void>): void;
  owned(): ReadonlySet<number>;
  /** True when every member announces that it knows this event type. */
  allKnow(eventType: string): boolean;
  /** Leaves the group so that others take over at once. */
  leave(): Promise<void>;
}
