import { presence, sessionDeltaSubject, sessionSnapshotSubject } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import type { Bus, BusSubscription } from '@parley/messaging';
import type { Logger } from '@parley/telemetry';
import { type Changes, GatewaySessions } from './gateways.js';

export interface GatewayFeedOptions {
  readonly partition: number;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `at`: the last contact with what closed, ms. */
  readonly onChanges: (changes: Changes, at: number) => void;
}

const SNAPSHOT_WITHIN_MS = 3_000;
const ASK_AGAIN_MS = 2_000;
/** Deltas are not acknowledged: the last one of a gateway may be lost without a hole that tells of it. */
const RESYNC_MS = 60_000;

/** Follows the sockets that the gateways have in one partition: deltas, repaired by snapshots. */
export class GatewayFeed {
  readonly #sessions = new GatewaySessions();
  /** The gateways that have a lease, with the start that it names. */
  readonly #present = new Map<string, string>();
  readonly #asking = new Set<string>();
  /** Deltas that did not fit while a snapshot was on its way: the last number of each gateway. */
  readonly #missed = new Map<string, bigint>();
  readonly #askedAt = new Map<string, number>();
  #subscription: BusSubscription | undefined;

  constructor(private readonly options: GatewayFeedOptions) {}

  /** Resolves once every gateway that has a lease has been asked. */
  async start(present: ReadonlyMap<string, string>): Promise<void> {
    const { bus, partition } = this.options;
    for (const [gatewayId, epoch] of present) this.#present.set(gatewayId, epoch);
    this.#subscription = bus.subscribe(sessionDeltaSubject(partition), ({ data }) =>
      this.#onDelta(presence.SessionDelta.decode(data)),
    );
    await bus.flush();
    await Promise.all([...present.keys()].map((id) => this.#ask(id)));
  }

  async stop(): Promise<void> {
    this.#present.clear();
    await this.#subscription?.drain();
  }

  /** A gateway's lease names this start of it. */
  present(gatewayId: string, epoch: string): void {
    if (this.#present.get(gatewayId) === epoch) return;
    this.#present.set(gatewayId, epoch);
    if (this.#sessions.epochOf(gatewayId) !== epoch) void this.#ask(gatewayId);
  }

  /** A gateway's lease is gone, and so are its sockets; `at`: when it was last heard of. */
  gone(gatewayId: string, at: number): void {
    this.#present.delete(gatewayId);
    this.options.onChanges({ opened: [], closed: this.#sessions.forget(gatewayId) }, at);
  }

  /** Asks all of them: deltas may have been missed. */
  resync(): void {
    for (const gatewayId of this.#present.keys()) void this.#ask(gatewayId);
  }

  /** Asks those again that have not answered, and everybody from time to time. */
  tick(now: number): void {
    for (const [gatewayId, epoch] of this.#present) {
      const wait = this.#sessions.epochOf(gatewayId) === epoch ? RESYNC_MS : ASK_AGAIN_MS;
      if (now - (this.#askedAt.get(gatewayId) ?? 0) >= wait) void this.#ask(gatewayId);
    }
  }

  /** Open sockets of one kind. */
  count(kind: presence.Session_Kind): number {
    return this.#sessions.count(kind);
  }

  #onDelta(delta: presence.SessionDelta): void {
    const changes = this.#sessions.delta(delta);
    if (changes) return this.options.onChanges(changes, this.options.clock.now());
    this.#missed.set(delta.gatewayId, delta.seq);
    void this.#ask(delta.gatewayId);
  }

  async #ask(gatewayId: string): Promise<void> {
    if (this.#asking.has(gatewayId)) return;
    this.#asking.add(gatewayId);
    try {
      for (;;) {
        this.#askedAt.set(gatewayId, this.options.clock.now());
        const seq = await this.#askOnce(gatewayId);
        const missed = this.#missed.get(gatewayId) ?? 0n;
        this.#missed.delete(gatewayId);
        if (missed <= seq) return;
      }
    } catch (error) {
      // Asked again by the next tick while it has a lease.
      this.options.logger.info({ err: error, gatewayId }, 'no snapshot of a gateway');
    } finally {
      this.#asking.delete(gatewayId);
    }
  }

  async #askOnce(gatewayId: string): Promise<bigint> {
    const { bus, partition, clock } = this.options;
    const request = presence.SessionSnapshotRequest.encode({ partition }).finish();
    const sessions: presence.Session[] = [];
    let last: presence.SessionSnapshot | undefined;
    const answers = bus.requestMany(sessionSnapshotSubject(gatewayId), request, {
      timeoutMs: SNAPSHOT_WITHIN_MS,
      isLast: (data) => presence.SessionSnapshot.decode(data).last,
    });
    for await (const data of answers) {
      last = presence.SessionSnapshot.decode(data);
      sessions.push(...last.sessions);
    }
    if (!last?.last) throw new Error(`the snapshot of gateway ${gatewayId} is incomplete`);
    const { epoch, seq } = last;
    this.options.onChanges(this.#sessions.snapshot(gatewayId, epoch, seq, sessions), clock.now());
    return seq;
  }
}
