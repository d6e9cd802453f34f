import { backoffMs, systemClock, type Clock } from '@parley/kernel';
import type { Collection, Doc, Store } from '@parley/store';
import { metrics, type Logger } from '@parley/telemetry';
import { aggregateKey, type DueIndex, type Owner } from './types.js';

/** Due dates further ahead are left in the store until they come near. */
const HORIZON_MS = 30_000;
const POLL_MS = 10_000;
const RETRY = { baseMs: 200, capMs: 10_000 };
/** What has no due date any more, until its document is swept. */
const NEVER = Number.MAX_SAFE_INTEGER;

interface WakeUp extends Doc {
  readonly partition: number;
  readonly tenant: string;
  readonly aggregateId: string;
  /** Never later than the aggregate is due, ms. */
  readonly dueAt: number;
}

export interface TimersOptions {
  /** Names the collection of due dates: `timers_<name>`. */
  readonly name: string;
  readonly store: Store;
  /** A function, for the owner is given these timers in turn. */
  readonly owner: () => Pick<Owner<never, never>, 'settleDue'>;
  /**
   * The aggregate is due: send it its timeout command, with an id made of (id, dueAt). Rejects to be called again,
   * with backoff; also called again while the aggregate stays due.
   */
  readonly onDue: (tenant: string, id: string, dueAt: number) => Promise<void>;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

export interface Timers extends DueIndex {
  /** Wakes the aggregates of this partition from now on; what is overdue at once. */
  start(partition: number): Promise<void>;
  stop(partition: number): Promise<void>;
  stopAll(): Promise<void>;
}

/** Timers of the aggregates of a log. Rejects when the store does not answer. */
export const createTimers = async (options: TimersOptions): Promise<Timers> => {
  const wakeUps = await options.store.collection<WakeUp>({
    name: `timers_${options.name}`,
    indexes: [{ name: 'due', fields: ['partition', 'dueAt'] }],
  });
  return new StoredTimers(options, wakeUps);
};

class StoredTimers implements Timers {
  private readonly clock: Clock;
  private readonly partitions = new Set<number>();
  /** The stored wake-ups this process knows of. */
  private readonly known = new Map<string, WakeUp>();
  private readonly armed = new Map<string, NodeJS.Timeout>();
  private readonly tries = new Map<string, number>();
  private readonly firing = new Map<string, Promise<void>>();
  private poll: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: TimersOptions,
    private readonly wakeUps: Collection<WakeUp>,
  ) {
    this.clock = options.clock ?? systemClock;
  }

  ensure(partition: number, tenant: string, id: string, dueAt: number): Promise<void> | undefined {
    const known = this.known.get(aggregateKey(tenant, id));
    if (known && known.dueAt <= dueAt) return undefined;
    return this.lower({ partition, tenant, id, dueAt });
  }

  async start(partition: number): Promise<void> {
    this.partitions.add(partition);
    this.poll ??= setInterval(() => void this.look(), POLL_MS).unref();
    await this.learn(partition);
  }

  async stop(partition: number): Promise<void> {
    this.partitions.delete(partition);
    for (const [key, wakeUp] of this.known) {
      if (wakeUp.partition !== partition) continue;
      this.forget(key);
    }
    if (this.partitions.size === 0) {
      clearInterval(this.poll);
      this.poll = undefined;
      await Promise.all(this.firing.values());
    }
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.partitions].map((partition) => this.stop(partition)));
  }

  /** Stores a wake-up unless one as early is there; whoever races, the earliest stays. */
  private async lower(due: { partition: number; tenant: string; id: string; dueAt: number }): Promise<void> {
    const key = aggregateKey(due.tenant, due.id);
    for (;;) {
      const found = this.known.get(key) ?? (await this.wakeUps.get(key));
      if (found && found.dueAt <= due.dueAt) return this.note(found);
      const { partition, tenant, dueAt } = due;
      const next: WakeUp = {
        id: key,
        version: (found?.version ?? 0) + 1,
        partition,
        tenant,
        aggregateId: due.id,
        dueAt,
      };
      const written = found
        ? await this.wakeUps.replaceIf(next, found.version)
        : await this.wakeUps.insert(next);
      if (written) return this.note(next);
      this.known.delete(key);
    }
  }

  private note(wakeUp: WakeUp): void {
    // Of other partitions nothing is remembered: their owners change it.
    if (!this.partitions.has(wakeUp.partition)) return;
    this.known.set(wakeUp.id, wakeUp);
    this.arm(wakeUp);
  }

  private forget(key: string): void {
    clearTimeout(this.armed.get(key));
    this.armed.delete(key);
    this.known.delete(key);
    this.tries.delete(key);
  }

  private arm(wakeUp: WakeUp, notBefore = 0): void {
    const wait = Math.max(notBefore, wakeUp.dueAt - this.clock.now());
    if (wait > HORIZON_MS) return;
    clearTimeout(this.armed.get(wakeUp.id));
    this.armed.set(wakeUp.id, setTimeout(() => this.fire(wakeUp.id), Math.max(0, wait)).unref());
  }

  private async look(): Promise<void> {
    for (const partition of this.partitions) {
      await this.learn(partition).catch((error: unknown) =>
        this.options.logger?.warn({ err: error, partition }, 'due dates not read; trying again'),
      );
    }
    await this.wakeUps
      .deleteWhere({ partition: { in: [...this.partitions] }, dueAt: NEVER })
      .catch(() => undefined);
  }

  /** Arms what is due within the horizon, whoever stored it. */
  private async learn(partition: number): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await this.wakeUps.find({
        filter: { partition, dueAt: { lte: this.clock.now() + HORIZON_MS } },
        sort: { field: 'dueAt', direction: 'asc' },
        limit: 1_000,
        ...(cursor ? { cursor } : {}),
      });
      for (const wakeUp of page.items) {
        if (!this.armed.has(wakeUp.id) && !this.firing.has(wakeUp.id)) this.note(wakeUp);
      }
      cursor = page.next;
    } while (cursor);
  }

  private fire(key: string): void {
    this.armed.delete(key);
    const wakeUp = this.known.get(key);
    if (!wakeUp || this.firing.has(key)) return;
    const work = this.wake(wakeUp)
      .then(() => void this.tries.delete(key))
      .catch((error: unknown) => {
        const tries = this.tries.get(key) ?? 0;
        this.tries.set(key, tries + 1);
        metrics.counter('timersFired').inc({ timers: this.options.name, outcome: 'error' });
        const { tenant, aggregateId } = wakeUp;
        this.options.logger?.warn(
          { err: error, tenant, conversationId: aggregateId, tries },
          'timer failed; it comes again',
        );
        if (this.partitions.has(wakeUp.partition)) this.arm(wakeUp, RETRY.baseMs + backoffMs(tries, RETRY));
      })
      .finally(() => this.firing.delete(key));
    this.firing.set(key, work);
  }

  /** Lets the service act when it is really due, and stores when it is due next. */
  private async wake({ tenant, aggregateId, partition }: WakeUp): Promise<void> {
    const { name, onDue, owner } = this.options;
    let due: number | undefined;
    const settle = async (dueAt: number | undefined): Promise<void> => {
      due = dueAt !== undefined && dueAt <= this.clock.now() ? dueAt : undefined;
      if (due === undefined) await this.raise(tenant, aggregateId, dueAt ?? NEVER);
    };
    await owner().settleDue(tenant, aggregateId, settle);
    if (due === undefined) return;
    const acted = due;
    await onDue(tenant, aggregateId, acted);
    metrics.counter('timersFired').inc({ timers: name, outcome: 'ok' });
    await owner().settleDue(tenant, aggregateId, settle);
    if (due !== undefined && this.partitions.has(partition))
      throw new Error(`still due at ${String(due)} after its timeout`);
  }

  private async raise(tenant: string, id: string, dueAt: number): Promise<void> {
    const key = aggregateKey(tenant, id);
    const stored = await this.wakeUps.get(key);
    if (!stored) return this.forget(key);
    const next = { ...stored, version: stored.version + 1, dueAt };
    if (!(await this.wakeUps.replaceIf(next, stored.version))) return this.forget(key);
    this.forget(key);
    if (dueAt !== NEVER) this.note(next);
  }
}
