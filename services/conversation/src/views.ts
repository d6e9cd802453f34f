import type { log } from '@parley/contracts';
import type { Collection } from '@parley/store';
import { keyOf, type InboxDoc } from './documents.js';
import { conversationCodec, type ConversationFact } from './domain/events.js';
import { emptyView, evolveView } from './domain/view.js';
import type { View } from './domain/view-types.js';
import type { History } from './history.js';
import { viewOf } from './inbox-documents.js';
import { Lru } from './lru.js';

const MOST_VIEWS = 20_000;

/** Folds commits onto a view; what it holds already is skipped. Throws on an event of a newer release. */
export const foldView = (view: View, commits: Iterable<log.Commit>): View => {
  for (const commit of commits) {
    commit.events.forEach((bytes, i) => {
      if (commit.firstVersion + i !== view.version + 1) return;
      const event = conversationCodec.decode(bytes, commit);
      if (!event)
        throw new Error(`event ${commit.firstVersion + i} of ${commit.aggregateId} is of a newer release`);
      view = evolveView(view, event);
    });
  }
  return view;
};

/** What lists show of the conversations that are busy here, in memory; the others from document and log. */
export class Views {
  private readonly views = new Lru<View>(MOST_VIEWS);

  constructor(
    private readonly inbox: Collection<InboxDoc>,
    private readonly history: History,
  ) {}

  /**
   * Applies what was just committed. Returns the view before and after it, or undefined when it is not in memory up
   * to there: then `load` it.
   */
  advance(
    key: string,
    firstVersion: number,
    events: readonly ConversationFact[],
  ): { before: View; after: View } | undefined {
    const before = firstVersion === 1 ? emptyView : this.views.get(key);
    if (before?.version !== firstVersion - 1) return undefined;
    let after = before;
    for (const event of events) after = evolveView(after, event);
    this.views.set(key, after);
    return { before, after };
  }

  /** The view in memory, if any; perhaps behind the log when somebody else owns the conversation. */
  peek(key: string): View | undefined {
    return this.views.peek(key);
  }

  private async stored(key: string): Promise<View> {
    const doc = await this.inbox.get(key);
    return doc ? viewOf(doc) : emptyView;
  }

  /** The view with everything that is in the log by now; `emptyView` when there is no such conversation. */
  async load(tenant: string, id: string): Promise<View> {
    const key = keyOf(tenant, id);
    const known = this.views.get(key) ?? (await this.stored(key));
    const view = foldView(known, await this.history.commits(tenant, id, known.version));
    if (view.version > (this.views.peek(key)?.version ?? 0)) this.views.set(key, view);
    return view;
  }
}
