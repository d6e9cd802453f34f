import type { routing } from '@parley/contracts';
import { ConflictError, type EventLog } from '@parley/eventlog';
import { ApiError, backoffMs, ErrorCode, unavailable, type Clock } from '@parley/kernel';
import { activeTraceparent, type Logger } from '@parley/telemetry';
import { groupCommits, type Decided } from './codec.js';
import { decide, nextDueAt, type Command, type Ports, type RoutingState } from './domain.js';
import { appendCommits, confirmHead, loadDomain, snapshotOf, type DomainEnvelope } from './envelope.js';
import type { Journal } from './journal.js';
import type { StoredSnapshot } from './store.js';

/** Commands decided together at most. */
const LARGEST_GROUP = 256;
const BACKOFF = { baseMs: 10, capMs: 1_000 };
const LONGEST_TIMER_MS = 60_000;
const OWN_DEADLINE_MS = 30_000;

/** Where a domain's snapshots are kept. */
export interface Snapshots {
  know(tenant: string): Promise<void>;
  loadSnapshot(tenant: string): Promise<StoredSnapshot | undefined>;
  saveSnapshot(tenant: string, stored: StoredSnapshot): Promise<void>;
}

export interface WriterOptions {
  readonly tenant: string;
  readonly log: EventLog;
  readonly snapshots: Snapshots;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ports: Ports;
  /** Commits between two snapshots. */
  readonly snapshotEvery: number;
  /** Right after the log's acknowledgement, before the callers' answers. Must not throw or wait. */
  readonly onCommitted: (
    tenant: string,
    events: readonly routing.RoutingEvent[],
    state: RoutingState,
  ) => void;
  readonly onConflict: () => void;
  /** Where commands and what was decided are written down; left out: nowhere. */
  readonly journal?: Journal | undefined;
}

interface Item {
  readonly commandId: string;
  readonly command: Command | undefined;
  readonly deadline: number;
  readonly traceparent: string | undefined;
  readonly view: (state: RoutingState) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The single writer of one domain. Commands that arrive while an append is under way are decided together into the
 * next one; nobody is answered before the log has acknowledged what their answer rests on. When an append fails, the
 * state is thrown away, loaded anew, and the commands are decided again: those the log holds are known by their ids.
 */
export class DomainWriter {
  #envelope: DomainEnvelope | undefined;
  #queue: Item[] = [];
  #running: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(private readonly options: WriterOptions) {}

  /** Loads the domain and offers what can be offered; from then on what is due happens by itself. */
  open(): Promise<RoutingState> {
    return this.execute({ kind: 'settle' }, '', this.options.clock.now() + OWN_DEADLINE_MS, (state) => state);
  }

  /**
   * Carries out a command and answers with a view of the state after it. A known command id is answered without
   * deciding again. Rejects with the refusal, or with `unavailable` when the deadline (ms) passes first.
   */
  execute<T>(
    command: Command,
    commandId: string,
    deadline: number,
    view: (state: RoutingState) => T,
  ): Promise<T> {
    return this.#submit({ command, commandId, deadline, view });
  }

  /** A view of the state once everything in it is in the log. */
  read<T>(deadline: number, view: (state: RoutingState) => T): Promise<T> {
    return this.#submit({ command: undefined, commandId: '', deadline, view });
  }

  /** Ends what is under way; later commands are refused as `unavailable`. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #submit<T>(
    item: Pick<Item, 'command' | 'commandId' | 'deadline'> & { view: (state: RoutingState) => T },
  ): Promise<T> {
    if (this.#stopped)
      return Promise.reject(unavailable('NOT_THE_OWNER', 'Another instance has taken this over; try again.'));
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({
        ...item,
        traceparent: activeTraceparent(),
        resolve: resolve as (value: unknown) => void,
        reject,
      });
      this.#running ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    // Whatever else arrives in this turn of the event loop belongs to the same group.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#settle(this.#queue.splice(0, LARGEST_GROUP));
    this.#running = undefined;
    this.#arm();
  }

  async #settle(group: readonly Item[]): Promise<void> {
    let open = group;
    for (let attempt = 0; open.length > 0; attempt++) {
      open = this.#withoutLate(open);
      try {
        open = await this.#commit(open);
      } catch (error) {
        this.#envelope = undefined;
        if (error instanceof ConflictError) this.options.onConflict();
        else this.options.logger.warn({ err: error, tenant: this.options.tenant }, 'routing could not write');
        await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, BACKOFF)));
      }
    }
  }

  #withoutLate(items: readonly Item[]): readonly Item[] {
    const now = this.options.clock.now();
    return items.filter((item) => {
      if (item.deadline > now) return true;
      item.reject(unavailable('LOG_UNAVAILABLE', 'This could not be written in time; try again.'));
      return false;
    });
  }

  /** Decides and writes; resolves with the items that have to be decided again. */
  async #commit(items: readonly Item[]): Promise<readonly Item[]> {
    const { tenant, log, snapshots, clock, ports, journal, onCommitted } = this.options;
    const envelope = (this.#envelope ??= await this.#load());
    const { state, commandIds } = envelope;
    const version = state.version;
    const now = Math.max(clock.now(), state.time);
    const page = journal?.open(tenant, version, now);
    const decided: Decided[] = [];
    const answers: (() => void)[] = [];
    let refused = false;
    for (const item of items) {
      const { command, commandId, traceparent, view, resolve, reject } = item;
      try {
        const known =
          commandId !== '' && (commandIds.has(commandId) || decided.some((d) => d.commandId === commandId));
        const noted = command && !known ? page?.ask(commandId, command) : undefined;
        const result = command && !known ? decide(state, command, now, ports) : undefined;
        if (result) noted?.(result);
        if (result && !result.ok) {
          refused = true;
          answers.push(() => reject(result.error));
          continue;
        }
        if (result) decided.push({ commandId, events: result.value, traceparent });
        const answer = view(state);
        answers.push(() => resolve(answer));
      } catch (error) {
        // A defect: the state may be half changed. The others are decided again, without this command.
        this.#envelope = undefined;
        reject(error as Error);
        return items.filter((other) => other !== item);
      }
    }
    const commits = groupCommits(tenant, decided, version, now);
    page?.close();
    if (version === 0 && commits.length > 0) await snapshots.know(tenant);
    await appendCommits(log, envelope, commits);
    if (commits.length === 0 && refused) await confirmHead(log, tenant, envelope);
    const events = commits.flatMap((commit) => commit.events);
    if (events.length > 0) onCommitted(tenant, events, state);
    for (const answer of answers) answer();
    await this.#snapshotIfDue(envelope);
    return [];
  }

  async #load(): Promise<DomainEnvelope> {
    const { tenant, log, snapshots } = this.options;
    return loadDomain(log, tenant, await snapshots.loadSnapshot(tenant));
  }

  async #snapshotIfDue(envelope: DomainEnvelope): Promise<void> {
    const { tenant, snapshots, snapshotEvery, logger } = this.options;
    if (envelope.sinceSnapshot < snapshotEvery) return;
    envelope.sinceSnapshot = 0;
    try {
      await snapshots.saveSnapshot(tenant, snapshotOf(envelope));
    } catch (error) {
      // The log holds everything: loading takes longer, that is all.
      logger.warn({ err: error, tenant }, 'a snapshot of routing could not be stored');
    }
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const due = this.#envelope && nextDueAt(this.#envelope.state);
    if (due === undefined || this.#stopped) return;
    const wait = Math.max(0, Math.min(due - this.options.clock.now(), LONGEST_TIMER_MS));
    this.#timer = setTimeout(() => this.#tick(), wait);
  }

  #tick(): void {
    const deadline = this.options.clock.now() + OWN_DEADLINE_MS;
    this.execute({ kind: 'tick' }, '', deadline, () => undefined).catch((error: unknown) => {
      const stopped = error instanceof ApiError && error.code === ErrorCode.unavailable && this.#stopped;
      if (!stopped)
        this.options.logger.error({ err: error, tenant: this.options.tenant }, 'a due change failed');
      // `#run` arms the timer again.
    });
  }
}
