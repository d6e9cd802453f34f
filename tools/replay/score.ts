import type { events } from '@parley/client';

/** What one side of a chat has been shown, in the order in which it was shown. */
export class Seen {
  readonly messageIds: string[] = [];
  readonly #versions = new Set<number>();
  /** Events whose version had been delivered before. */
  repeatedVersions = 0;

  add(event: events.RecordedEvent): void {
    const version = event.version ?? 0;
    if (this.#versions.has(version)) this.repeatedVersions++;
    this.#versions.add(version);
    const id = event.event?.messageSent?.messageId;
    if (id) this.messageIds.push(id);
  }
}

export interface Score {
  lost: number;
  duplicated: number;
  reordered: number;
}

/** Compares what a side was shown with what was said. */
export const score = (said: readonly string[], seen: Seen): Score => {
  const counts = new Map<string, number>();
  for (const id of seen.messageIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  const firsts = [...counts.keys()];
  const place = new Map(said.map((id, i) => [id, i]));
  let reordered = 0;
  for (let i = 1; i < firsts.length; i++)
    if ((place.get(firsts[i]!) ?? 0) < (place.get(firsts[i - 1]!) ?? 0)) reordered++;
  return {
    lost: said.filter((id) => !counts.has(id)).length,
    duplicated: [...counts.values()].reduce((sum, n) => sum + n - 1, 0) + seen.repeatedVersions,
    reordered,
  };
};

/** The value below which the given share of the sorted numbers lies; 0 when there are none. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
