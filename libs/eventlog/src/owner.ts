import { log as contracts } from '@parley/contracts';
import { ApiError, backoffMs, ErrorCode, systemClock, unavailable, type Clock } from '@parley/kernel';
import { afterCommit, commandIdsOf, commandKey, emptyEnvelope, foldCommits } from './aggregate.js';
import { Slots, type Slot } from './slots.js';
import { openAppend } from './spans.js';
import {
  ConflictError,
  LogUnavailableError,
  UnknownEventError,
  UnknownOutcomeError,
  type Commit,
  type Envelope,
  type ExecuteOptions,
  type Executed,
  type Owner,
  type OwnerOptions,
  type StoredCommit,
} from './types.js';

const MAX_OPEN = 20_000;
const RETRY = { baseMs: 5, capMs: 250 };
/** Reads have no deadline of their own. */
const READ_WITHIN_MS = 5_000;

/** An owner of aggregates over a log. */
export const createOwner = <State, Command, Event>(
  options: OwnerOptions<State, Command, Event>,
): Owner<State, Command> => new LogOwner(options);

/** One command on its way: what it asks, and the version it was first appended after, if it was. */
interface Running<State, Command> {
  readonly request: ExecuteOptions<State, Command>;
  appendedAfter?: number;
}

/** An answer, or `again` when the state was not the latest. */
type Attempt<T> = T | 'again';

class LogOwner<State, Command, Event> implements Owner<State, Command> {
  private readonly slots: Slots<State>;
  private readonly clock: Clock;

  constructor(private readonly options: OwnerOptions<State, Command, Event>) {
    this.slots = new Slots(options.maxOpen ?? MAX_OPEN);
    this.clock = options.clock ?? systemClock;
  }

  async execute(request: ExecuteOptions<State, Command>): Promise<Executed<State>> {
    const running: Running<State, Command> = { request };
    return this.exclusive(
      request.tenant,
      request.id,
      request.context.deadline,
      running,
      (slot, envelope, fresh) => this.attempt(slot, envelope, running, fresh),
    );
  }

  async read(tenant: string, id: string): Promise<Envelope<State> | undefined> {
    const slot = this.slots.peek(tenant, id);
    const owned = slot?.envelope && !slot.stale && this.options.isOwned?.(slot.partition);
    const envelope = owned ? slot.envelope : await this.confirmed(tenant, id, async (latest) => latest);
    return envelope?.head.version === 0 ? undefined : envelope;
  }

  async heads(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const result = new Map<string, number>();
    const versions = await Promise.all(ids.map((id) => this.headVersion(tenant, id)));
    versions.forEach((version, i) => version > 0 && result.set(ids[i]!, version));
    return result;
  }

  async settleDue(
    tenant: string,
    id: string,
    settle: (dueAt: number | undefined) => Promise<void>,
  ): Promise<void> {
    await this.confirmed(tenant, id, (envelope) =>
      settle(this.options.nextDueAt?.(envelope.state, tenant, id)),
    );
  }

  release(partition: number): void {
    this.slots.release(partition);
  }

  private async headVersion(tenant: string, id: string): Promise<number> {
    const slot = this.slots.peek(tenant, id);
    if (slot?.envelope && !slot.stale && this.options.isOwned?.(slot.partition))
      return slot.envelope.head.version;
    try {
      const { version } = await this.options.log.head(tenant, id);
      if (version > 0 || !this.options.loadPurged) return version;
      return (await this.read(tenant, id))?.head.version ?? 0;
    } catch (error) {
      if (error instanceof ApiError && error.code === ErrorCode.notFound) return 0;
      throw error;
    }
  }

  private confirmed<T>(
    tenant: string,
    id: string,
    look: (envelope: Envelope<State>) => Promise<T>,
  ): Promise<T> {
    return this.exclusive(
      tenant,
      id,
      this.clock.now() + READ_WITHIN_MS,
      undefined,
      async (slot, envelope, fresh) =>
        fresh || (await this.isLatest(slot, envelope)) ? look(envelope) : 'again',
    );
  }

  /** Runs `attempt` on the loaded aggregate until it has an answer or nobody waits for it any more. */
  private async exclusive<T>(
    tenant: string,
    id: string,
    deadline: number,
    running: Running<State, Command> | undefined,
    attempt: (slot: Slot<State>, envelope: Envelope<State>, fresh: boolean) => Promise<Attempt<T>>,
  ): Promise<T> {
    const partition = await this.options.log.locate(tenant, id);
    return this.slots.exclusive(tenant, id, partition, async (slot) => {
      let reason: unknown;
      for (let tries = 0; this.clock.now() < deadline; tries++) {
        if (tries > 1) await pause(backoffMs(tries, RETRY));
        try {
          const fresh = slot.stale || slot.envelope === undefined;
          const envelope = fresh ? await this.load(slot, running) : slot.envelope!;
          const answer = await attempt(slot, envelope, fresh);
          if (answer !== 'again') return answer;
          slot.stale = true;
        } catch (error) {
          if (!(error instanceof LogUnavailableError) && !(error instanceof UnknownOutcomeError)) throw error;
          slot.stale = true;
          reason = error;
        }
      }
      throw Object.assign(
        unavailable('LOG_UNAVAILABLE', 'This could not be done in time. Try again with the same command id.'),
        { cause: reason },
      );
    });
  }

  /** Brings the slot up to the head that the leader knows. */
  private async load(
    slot: Slot<State>,
    running: Running<State, Command> | undefined,
  ): Promise<Envelope<State>> {
    const { tenant, id, envelope: before } = slot;
    const { log, loadPurged, decider } = this.options;
    slot.envelope = undefined;
    let start = before ?? emptyEnvelope(decider.initialState);
    let { commits, head } = await log.load(tenant, id, start.head.version, start.head.seq);
    if (before && commits.length === 0 && head.seq !== before.head.seq) {
      // The log was purged or restored behind our back.
      start = emptyEnvelope(decider.initialState);
      ({ commits, head } = await log.load(tenant, id));
    }
    if (loadPurged && start.head.version === 0 && commits[0]?.commit.firstVersion !== 1) {
      const prefix = await loadPurged(tenant, id);
      start = this.fold(
        slot,
        start,
        prefix.map((commit) => ({ commit, seq: 0, partition: slot.partition })),
      );
    }
    const folded = this.fold(slot, start, commits, running);
    slot.envelope = { ...folded, head: { version: folded.head.version, seq: head.seq } };
    slot.stale = false;
    return slot.envelope;
  }

  private fold(
    slot: Slot<State>,
    start: Envelope<State>,
    commits: readonly StoredCommit[],
    running?: Running<State, Command>,
  ): Envelope<State> {
    const { decider, codec, onCommitted } = this.options;
    try {
      return foldCommits(start, commits, {
        decider,
        codec,
        onCommit: (stored, events, envelope) => {
          // Ours, but its acknowledgement was lost: nobody has told the world about it yet.
          const after = running?.appendedAfter ?? Infinity;
          const ours =
            stored.commit.firstVersion > after &&
            commandIdsOf(stored.commit).some(
              (id) => commandKey(stored.commit.actor, id) === keyOf(running!.request),
            );
          if (ours) onCommitted?.(stored, events, envelope);
        },
      });
    } catch (error) {
      if (!(error instanceof UnknownEventError)) throw error;
      this.options.onUnknownEvent?.(slot.partition, error);
      throw Object.assign(unavailable('NEWER_RELEASE', 'A newer release serves this. Try again.'), {
        cause: error,
      });
    }
  }

  private async isLatest(slot: Slot<State>, envelope: Envelope<State>): Promise<boolean> {
    return (await this.options.log.head(slot.tenant, slot.id)).seq === envelope.head.seq;
  }

  private async attempt(
    slot: Slot<State>,
    envelope: Envelope<State>,
    running: Running<State, Command>,
    fresh: boolean,
  ): Promise<Attempt<Executed<State>>> {
    const { request } = running;
    const known = envelope.commandIds.get(keyOf(request));
    if (known) return { ...known, envelope, repeated: running.appendedAfter === undefined };
    const now = Math.max(this.clock.now(), envelope.time);
    const decision = this.options.decider.decide(envelope.state, request.command(envelope, now));
    if (!decision.ok || decision.value.length === 0) {
      if (!fresh && !(await this.isLatest(slot, envelope))) return 'again';
      if (!decision.ok) throw decision.error;
      return { version: envelope.head.version, time: envelope.time, envelope, repeated: false };
    }
    return this.commit(slot, envelope, running, decision.value, now);
  }

  private async commit(
    slot: Slot<State>,
    envelope: Envelope<State>,
    running: Running<State, Command>,
    events: readonly Event[],
    now: number,
  ): Promise<Attempt<Executed<State>>> {
    const { decider, codec, nextDueAt, timers, onCommitted } = this.options;
    const commit = this.makeCommit(
      slot,
      envelope,
      running.request,
      events.map((event) => codec.encode(event)),
      now,
    );
    const span = openAppend(this.options.log.name, slot.partition, commit);
    if (span) commit.traceparent = span.traceparent;
    const bytes = contracts.Commit.encode(commit).finish();
    let state = envelope.state;
    for (const event of events) state = decider.evolve(state, event);
    const dueAt = nextDueAt?.(state, slot.tenant, slot.id);
    const kinds = codec.kindOf && events.map((event) => codec.kindOf!(event));
    let seq: number;
    try {
      if (timers && dueAt !== undefined) await timers.ensure(slot.partition, slot.tenant, slot.id, dueAt);
      running.appendedAfter ??= envelope.head.version;
      seq = await this.append(commit, envelope.head.seq, bytes, kinds, running.request.context.deadline);
    } catch (error) {
      span?.end(error);
      if (error instanceof ConflictError) return 'again';
      throw error;
    }
    span?.end();
    const next = afterCommit(envelope, commit, seq, state);
    slot.envelope = next;
    onCommitted?.({ commit, seq, partition: slot.partition, bytes }, events, next);
    return { version: next.head.version, time: next.time, envelope: next, repeated: false };
  }

  /** Appends, and again as long as nobody knows whether it is in the log: the expected sequence lets in only one. */
  private async append(
    commit: Commit,
    expectedSeq: number,
    bytes: Uint8Array,
    kinds: readonly string[] | undefined,
    deadline: number,
  ): Promise<number> {
    for (let tries = 0; ; tries++) {
      try {
        return await this.options.log.append(commit, expectedSeq, bytes, kinds);
      } catch (error) {
        if (!(error instanceof UnknownOutcomeError) || this.clock.now() >= deadline) throw error;
        await pause(backoffMs(tries, RETRY));
      }
    }
  }

  private makeCommit(
    slot: Slot<State>,
    envelope: Envelope<State>,
    { commandId, actor, context }: ExecuteOptions<State, Command>,
    events: readonly Uint8Array[],
    now: number,
  ): Commit {
    return {
      tenant: slot.tenant,
      aggregateId: slot.id,
      firstVersion: envelope.head.version + 1,
      time: new Date(now),
      commandId,
      commandIds: [],
      actor,
      events: events.map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
      traceparent: context.traceparent ?? '',
      engineVersion: this.options.engineVersion ?? 0,
    };
  }
}

const keyOf = (request: Pick<ExecuteOptions<never, never>, 'actor' | 'commandId'>): string =>
  commandKey(request.actor, request.commandId);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
