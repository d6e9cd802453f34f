import { GATEWAY_LEASES, presence, routing } from '@parley/contracts';
import { unavailable } from '@parley/kernel';
import { type Kv, type KvWatch, openKv } from '@parley/messaging';
import type { Metrics } from '@parley/telemetry';
import { type PartitionDeps, PresencePartition } from './partition.js';

export interface PartitionsDeps extends PartitionDeps {
  /** Copies of the bucket of leases; 1 by default. */
  readonly replicas?: number;
  /** How long a lease lasts; as gateways renew it by default, ms. */
  readonly leaseMs?: number;
}

interface Lease {
  readonly epoch: string;
  /** When it was last renewed, ms. */
  seenAt: number;
}

/** The partitions that this instance owns, and the gateways they hear from. */
export class Partitions {
  readonly #owned = new Map<number, Promise<PresencePartition>>();
  readonly #leases = new Map<string, Lease>();
  #kv: Kv | undefined;
  #watch: KvWatch | undefined;

  constructor(private readonly deps: PartitionsDeps) {}

  /** Begins to follow the gateways' leases. */
  async start(): Promise<void> {
    const { bus, replicas = 1, leaseMs = GATEWAY_LEASES.ttlMs } = this.deps;
    this.#kv = await openKv(bus, { ...GATEWAY_LEASES, ttlMs: leaseMs, replicas });
    this.#watch = await this.#kv.watch((gatewayId, value) => {
      if (value) this.#onLease(gatewayId, presence.GatewayLease.decode(value).epoch);
      else this.#onGone(gatewayId);
    });
    // While the connection was away, deltas went by unheard.
    bus.onConnection((connected) => {
      if (connected) this.#each((partition) => partition.gateways.resync());
    });
  }

  async take(number: number): Promise<void> {
    if (this.#owned.has(number)) return;
    const partition = new PresencePartition(number, this.deps);
    const epochs = new Map([...this.#leases].map(([gatewayId, { epoch }]) => [gatewayId, epoch]));
    const started = partition.start(epochs).then(() => partition);
    this.#owned.set(number, started);
    try {
      await started;
    } catch (error) {
      this.#owned.delete(number);
      await partition.stop();
      throw error;
    }
    // What changed while it was starting.
    for (const [gatewayId, at] of this.#goneSince(epochs)) partition.gateways.gone(gatewayId, at);
    for (const [gatewayId, { epoch }] of this.#leases) partition.gateways.present(gatewayId, epoch);
  }

  async release(number: number): Promise<void> {
    const owned = this.#owned.get(number);
    this.#owned.delete(number);
    await (await owned)?.stop();
  }

  get(number: number): Promise<PresencePartition> {
    const notHere = unavailable('NOT_THE_OWNER', 'Another instance has taken this over. Try again.');
    return this.#owned.get(number) ?? Promise.reject(notHere);
  }

  async stop(): Promise<void> {
    this.#watch?.stop();
    await Promise.all([...this.#owned.keys()].map((number) => this.release(number)));
  }

  /** Sets the gauges of presence to the sums over the partitions of this instance. */
  async showGauges(metrics: Metrics): Promise<void> {
    const partitions = await Promise.all(this.#owned.values());
    const agents = new Map<string, { status: string; online: string; count: number }>();
    let visitors = 0;
    for (const roster of partitions.flatMap((partition) => partition.rosters())) {
      visitors += roster.visitors.size;
      for (const agent of roster.agents.values()) {
        const status = routing.AgentStatus[agent.status].replace('AGENT_STATUS_', '').toLowerCase();
        const online = agent.online ? 'yes' : 'no';
        const entry = agents.get(status + online) ?? { status, online, count: 0 };
        entry.count++;
        agents.set(status + online, entry);
      }
    }
    const { KIND_AGENT, KIND_VISITOR } = presence.Session_Kind;
    const sockets = (kind: presence.Session_Kind): number =>
      partitions.reduce((sum, partition) => sum + partition.gateways.count(kind), 0);
    metrics.gauge('presenceAgents').reset();
    for (const { status, online, count } of agents.values())
      metrics.gauge('presenceAgents').set({ status, online }, count);
    metrics.gauge('presenceSessions').set({ kind: 'agent' }, sockets(KIND_AGENT));
    metrics.gauge('presenceSessions').set({ kind: 'visitor' }, sockets(KIND_VISITOR));
    metrics.gauge('presenceVisitors').set(visitors);
  }

  #onLease(gatewayId: string, epoch: string): void {
    this.#leases.set(gatewayId, { epoch, seenAt: this.deps.clock.now() });
    this.#each((partition) => partition.gateways.present(gatewayId, epoch));
  }

  /** Its sockets were last heard of when it last renewed its lease. */
  #onGone(gatewayId: string): void {
    const at = this.#leases.get(gatewayId)?.seenAt ?? this.deps.clock.now();
    this.#leases.delete(gatewayId);
    this.#each((partition) => partition.gateways.gone(gatewayId, at));
  }

  #goneSince(before: ReadonlyMap<string, string>): [string, number][] {
    const now = this.deps.clock.now();
    return [...before.keys()].filter((id) => !this.#leases.has(id)).map((id) => [id, now]);
  }

  #each(work: (partition: PresencePartition) => void): void {
    for (const owned of this.#owned.values()) void owned.then(work).catch(() => undefined); // it never started
  }
}
