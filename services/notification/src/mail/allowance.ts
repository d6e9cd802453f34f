import type { ApiError } from '@parley/kernel';
import type { Collection } from '@parley/store';
import type { CountDoc } from '../documents.js';

/** Something of which there may be only so much. */
export interface Quota {
  readonly id: string;
  readonly most: number;
  /** When its count may be forgotten, ms; null: never. */
  readonly until: number | null;
  /** Where the count begins; 0 by default. */
  readonly from?: () => Promise<number>;
  readonly refusal: () => ApiError;
}

/** Counts what is taken of quotas, by conditional writes: of calls at the same time no more pass than may. */
export class Allowance {
  constructor(private readonly counts: Collection<CountDoc>) {}

  /** Takes one of each, or rejects with the refusal of the first that is used up and takes none. */
  async take(quotas: readonly Quota[]): Promise<void> {
    for (const [i, quota] of quotas.entries()) {
      if (await this.takeOne(quota)) continue;
      await this.giveBack(quotas.slice(0, i));
      throw quota.refusal();
    }
  }

  /** What was taken was not used. */
  async giveBack(quotas: readonly Quota[]): Promise<void> {
    for (const { id } of quotas)
      for (let done = false; !done;) {
        const doc = await this.counts.get(id);
        done = !doc || (await this.write({ ...doc, count: doc.count - 1 }, doc));
      }
  }

  /** Forgets counts of days that are over. */
  async forget(now: number): Promise<void> {
    await this.counts.deleteWhere({ until: { lte: now } });
  }

  private async takeOne({ id, most, until, from }: Quota): Promise<boolean> {
    // Who loses against another sees a count that is higher, so this ends.
    for (;;) {
      const doc = await this.counts.get(id);
      const count = doc?.count ?? (await from?.()) ?? 0;
      if (count >= most) return false;
      const next = { id, version: 0, until, count: count + 1 };
      if (await this.write(next, doc)) return true;
    }
  }

  private write(next: CountDoc, before: CountDoc | undefined): Promise<boolean> {
    return before
      ? this.counts.replaceIf({ ...next, version: before.version + 1 }, before.version)
      : this.counts.insert({ ...next, version: 1 });
  }
}
