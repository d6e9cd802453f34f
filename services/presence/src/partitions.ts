import { GATEWAY_LEASES, presence } from '@parley/contracts';
import { unavailable } from '@parley/kernel';
import { type Kv, type KvWatch, openKv } from '@parley/messaging';
import { type PartitionDeps, PresencePartition } from './partition.js';

/** The partitions that this instance owns, and the gateways they hear from. */
export class Partitions {
  readonly #owned = new Map<number, Promise<PresencePartition>>();
  readonly #epochs = new Map<string, string>();
  #leases: Kv | undefined;
  #watch: KvWatch | undefined;

  constructor(private readonly deps: PartitionDeps) {}

  /** Begins to follow the gateways' leases. */
  async start(): Promise<void> {
    this.#leases = await openKv(this.deps.bus, GATEWAY_LEASES);
    this.#watch = await this.#leases.watch((gatewayId, value) => {
      if (!value) return this.#onGatewayGone(gatewayId);
      const { epoch } = presence.GatewayLease.decode(value);
      if (this.#epochs.get(gatewayId) === epoch) return;
      this.#epochs.set(gatewayId, epoch);
      for (const owned of this.#owned.values())
        void owned.then((partition) => partition.askSnapshot(gatewayId)).catch(() => {}); // logged where it failed
    });
  }

  async take(number: number): Promise<void> {
    if (this.#owned.has(number)) return;
    const partition = new PresencePartition(number, this.deps);
    const started = partition.start([...this.#epochs.keys()]).then(() => partition);
    this.#owned.set(number, started);
    try {
      await started;
    } catch (error) {
      this.#owned.delete(number);
      throw error;
    }
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

  #onGatewayGone(gatewayId: string): void {
    this.#epochs.delete(gatewayId);
    for (const owned of this.#owned.values())
      void owned.then((partition) => partition.gatewayGone(gatewayId)).catch(() => {}); // it never started
  }
}
