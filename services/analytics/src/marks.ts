import { type Clock, newUlid } from '@parley/kernel';
import { type AnalyticsStore, key, type MarkDoc } from './store.js';

/** How long a mark stands. */
export const HELD_MS = 60_000;
/** A mark that stands for less than this is made anew; a write that takes longer is marked once more behind it. */
const MARGIN_MS = 30_000;
const MOST_HELD = 10_000;

export interface Quarter {
  readonly tenant: string;
  readonly quarter: number;
}

/**
 * Marks the quarter hours whose facts are being changed: for a while ahead, so that a busy one costs a write every half
 * minute and not one a message. What is marked is reported from facts, and rolled up once its marks have run out.
 */
export class Marks {
  readonly #held = new Map<string, number>();

  constructor(
    private readonly docs: AnalyticsStore['marks'],
    private readonly clock: Clock,
  ) {}

  /** Does work that changes facts of these quarter hours, with their marks standing before, meanwhile and after. */
  async during(quarters: readonly Quarter[], work: () => Promise<void>): Promise<void> {
    await this.#hold(quarters);
    const startedAt = this.clock.now();
    await work();
    if (this.clock.now() - startedAt < MARGIN_MS) return;
    await this.anew(quarters);
  }

  /** Marks them whether or not they are marked: what was computed until now may be out of date. */
  async anew(quarters: readonly Quarter[]): Promise<void> {
    for (const { tenant, quarter } of quarters) this.#held.delete(key(tenant, quarter));
    await this.#hold(quarters);
  }

  async #hold(quarters: readonly Quarter[]): Promise<void> {
    const now = this.clock.now();
    const until = now + HELD_MS;
    const fresh = new Map<string, MarkDoc>();
    for (const { tenant, quarter } of quarters) {
      const id = key(tenant, quarter);
      if ((this.#held.get(id) ?? 0) - now < MARGIN_MS)
        fresh.set(id, { id: key(id, newUlid(now)), version: 1, tenant, quarter, until });
    }
    if (fresh.size === 0) return;
    await this.docs.put([...fresh.values()]);
    for (const id of fresh.keys()) this.#held.set(id, until);
    if (this.#held.size > MOST_HELD)
      for (const [id, heldUntil] of this.#held) if (heldUntil - now < MARGIN_MS) this.#held.delete(id);
  }
}
