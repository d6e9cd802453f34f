import { aggregateKey, type Envelope } from './types.js';

/** The place of one aggregate in an owner's memory: its state, and who is next. */
export interface Slot<State> {
  readonly tenant: string;
  readonly id: string;
  readonly partition: number;
  envelope: Envelope<State> | undefined;
  /** The log holds, or may hold, more than the envelope does. */
  stale: boolean;
  /** Tasks under way and waiting. */
  users: number;
  tail: Promise<unknown>;
}

/** Open aggregates: one task at a time on each, the least recently used idle ones are dropped beyond `maxOpen`. */
export class Slots<State> {
  private readonly slots = new Map<string, Slot<State>>();

  constructor(private readonly maxOpen: number) {}

  /** The slot if the aggregate is open. */
  peek(tenant: string, id: string): Slot<State> | undefined {
    return this.slots.get(aggregateKey(tenant, id));
  }

  /** Runs `task` after those that came before it on this aggregate. */
  async exclusive<T>(
    tenant: string,
    id: string,
    partition: number,
    task: (slot: Slot<State>) => Promise<T>,
  ): Promise<T> {
    const slot = this.take(tenant, id, partition);
    slot.users++;
    const before = slot.tail;
    const mine = slot.users === 1 ? task(slot) : before.then(() => task(slot));
    slot.tail = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      slot.users--;
      this.trim();
    }
  }

  /** Drops what is open of a partition; tasks under way end on their own copies. */
  release(partition: number): void {
    for (const [key, slot] of this.slots) if (slot.partition === partition) this.slots.delete(key);
  }

  private take(tenant: string, id: string, partition: number): Slot<State> {
    const key = aggregateKey(tenant, id);
    const found = this.slots.get(key);
    if (found) {
      this.slots.delete(key);
      this.slots.set(key, found);
      return found;
    }
    const slot: Slot<State> = {
      tenant,
      id,
      partition,
      envelope: undefined,
      stale: true,
      users: 0,
      tail: Promise.resolve(),
    };
    this.slots.set(key, slot);
    return slot;
  }

  private trim(): void {
    if (this.slots.size <= this.maxOpen) return;
    for (const [key, slot] of this.slots) {
      if (slot.users === 0) this.slots.delete(key);
      if (this.slots.size <= this.maxOpen) return;
    }
  }
}
