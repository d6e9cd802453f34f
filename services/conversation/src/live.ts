import { conversation, conversationLiveSubject, inboxLiveSubject, log } from '@parley/contracts';
import type { StoredCommit } from '@parley/eventlog';
import type { Bus } from '@parley/messaging';
import { keyOf } from './documents.js';
import type { ConversationFact } from './domain/events.js';
import { isOpenFollowUp, rowOf, showsDifference } from './domain/rows.js';
import type { View } from './domain/view-types.js';
import type { Views } from './views.js';

type Scope = Parameters<typeof inboxLiveSubject>[1];

/**
 * Who sees the row: agents in the chat or just gone, its queue while it waits or has a message to answer and once more
 * when that is over, all.
 */
export const scopesOf = (before: View | undefined, after: View): ReadonlySet<Scope> => {
  const scopes = new Set<Scope>(['all']);
  for (const view of before ? [before, after] : [after]) {
    const { agentIds, supervisorIds, parkedBy, followUp } = view;
    for (const agentId of [...agentIds, ...supervisorIds, parkedBy, followUp?.ownerId ?? ''])
      if (agentId) scopes.add(`agent-${agentId}`);
    if (followUp && isOpenFollowUp(view)) scopes.add(`queue-${followUp.queueId}`);
    if (view.queuedSince > 0 && view.queueId) scopes.add(`queue-${view.queueId}`);
  }
  // What stood there before is not known: its queue must hear of it, and whoever may have left it just now.
  if (!before) {
    if (after.queueId) scopes.add(`queue-${after.queueId}`);
    for (const agentId of after.pastAgentIds) scopes.add(`agent-${agentId}`);
  }
  return scopes;
};

/** Live fan-out of what is durable: the commit to its watchers, the changed row to inboxes. */
export class Live {
  constructor(
    private readonly bus: Pick<Bus, 'publish'>,
    private readonly views: Views,
    private readonly onError: (error: unknown, tenant: string, conversationId: string) => void,
  ) {}

  /** Right after the acknowledgement of the log; does not wait. */
  readonly committed = (stored: StoredCommit, events: readonly ConversationFact[]): void => {
    const { commit, bytes } = stored;
    const { tenant, aggregateId } = commit;
    this.bus.publish(
      conversationLiveSubject(tenant, aggregateId),
      bytes ?? log.Commit.encode(commit).finish(),
    );
    const step = this.views.advance(keyOf(tenant, aggregateId), commit.firstVersion, events);
    if (!step) this.loadAndPublish(tenant, aggregateId);
    else if (showsDifference(step.before, step.after, events))
      this.publishRow(tenant, aggregateId, step.before, step.after);
  };

  private loadAndPublish(tenant: string, id: string): void {
    // Inboxes ask again by themselves, so a row that is lost here is late, not missing.
    this.views
      .load(tenant, id)
      .then((view) => this.publishRow(tenant, id, undefined, view))
      .catch((error: unknown) => this.onError(error, tenant, id));
  }

  private publishRow(tenant: string, id: string, before: View | undefined, after: View): void {
    const row = conversation.InboxRow.encode(rowOf(id, after)).finish();
    for (const scope of scopesOf(before, after)) this.bus.publish(inboxLiveSubject(tenant, scope), row);
  }
}
