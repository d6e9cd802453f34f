import { type AggregateKey, aggregateKey, lastVersion, type Projection, type Run } from '@parley/eventlog';
import type { Collection } from '@parley/store';
import { keyOf, type FollowUpDoc, type InboxDoc, type SeatDoc } from './documents.js';
import { emptyView } from './domain/view.js';
import type { View } from './domain/view-types.js';
import { followUpDocOf, inboxDocOf, sameSeats, seatsOf, viewOf } from './inbox-documents.js';
import { Lru } from './lru.js';
import { foldView, type Views } from './views.js';

/** Documents this process wrote lately; one that is out of date only makes it write again what is there. */
const MOST_WRITTEN = 5_000;

/** The inbox, computed from the conversation log. */
export class InboxProjection implements Projection {
  readonly name = 'inbox';
  /** A busy chat is written once for many messages; a list that is read just then is behind by this. Live rows are not. */
  readonly restMs = 200;
  private readonly written = new Lru<View>(MOST_WRITTEN);

  constructor(
    private readonly inbox: Collection<InboxDoc>,
    private readonly seats: Collection<SeatDoc>,
    private readonly followUps: Collection<FollowUpDoc>,
    private readonly live: Pick<Views, 'peek'>,
  ) {}

  async applied(
    keys: readonly { readonly tenant: string; readonly id: string }[],
  ): Promise<ReadonlyMap<AggregateKey, number>> {
    const views = await this.stored(keys.map(({ tenant, id }) => keyOf(tenant, id)));
    return new Map(
      keys.map(({ tenant, id }) => [aggregateKey(tenant, id), views.get(keyOf(tenant, id))?.version ?? 0]),
    );
  }

  async apply(runs: readonly Run[]): Promise<void> {
    const before = await this.stored(runs.map(({ tenant, id }) => keyOf(tenant, id)));
    const docs: InboxDoc[] = [];
    const seats: SeatDoc[] = [];
    const followUps: FollowUpDoc[] = [];
    for (const run of runs) {
      const key = keyOf(run.tenant, run.id);
      const stored = before.get(key);
      const view = this.viewAfter(run, stored);
      docs.push(inboxDocOf(run.tenant, run.id, view));
      if (!sameSeats(stored, view)) seats.push(...seatsOf(run.tenant, run.id, view));
      const followUp = followUpDocOf(run.tenant, run.id, view);
      if (followUp) followUps.push(followUp);
    }
    if (followUps.length > 0) await this.followUps.upsertNewer(followUps);
    // The inbox last: what is applied is read from the inbox, so that a crash in between repeats both.
    if (seats.length > 0) await this.seats.upsertNewer(seats);
    await this.inbox.upsertNewer(docs);
    for (const doc of docs) this.written.set(doc.id, doc.view);
  }

  /** What is in memory here has been committed, so a view that is ahead of the run saves the next one. */
  private viewAfter(run: Run, stored: View | undefined): View {
    const last = run.commits.at(-1);
    const live = this.live.peek(keyOf(run.tenant, run.id));
    if (last && live && live.version >= lastVersion(last.commit)) return live;
    return foldView(
      stored ?? emptyView,
      run.commits.map(({ commit }) => commit),
    );
  }

  private async stored(ids: readonly string[]): Promise<ReadonlyMap<string, View>> {
    const found = new Map<string, View>();
    const missing: string[] = [];
    for (const id of ids) {
      const view = this.written.get(id);
      if (view) found.set(id, view);
      else missing.push(id);
    }
    if (missing.length > 0)
      for (const [id, doc] of await this.inbox.getMany(missing)) found.set(id, viewOf(doc));
    return found;
  }
}
