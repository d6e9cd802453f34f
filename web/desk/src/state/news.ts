import type { events } from '@parley/client';
import type { Inbox } from './inbox.js';
import type { Target } from './thread-care.js';
import type { Thread } from './thread.js';

/** What became of a transfer that the viewer asked for. */
export type TransferNews =
  | { readonly kind: 'taken'; readonly to: Target; readonly warm: boolean }
  | {
      readonly kind: 'refused';
      readonly to: Target;
      readonly reason: events.TransferRefused_Reason | undefined;
      readonly note: string;
    };

/** How the viewer's own transfer ended between two moments of a chat; undefined when none did. */
export const transferNews = (before: Thread, after: Thread, userId: string): TransferNews | undefined => {
  const asked = before.transfer;
  if (asked?.fromId !== userId || after.transfer?.id === asked.id) return undefined;
  for (const item of after.items.slice(before.items.length)) {
    if (item.type !== 'system') continue;
    const { happening } = item;
    if (happening.what === 'transferred') return { kind: 'taken', to: happening.to, warm: happening.warm };
    if (happening.what === 'transferRefused' && happening.reason !== 'REASON_CANCELLED')
      return { kind: 'refused', to: asked.to, reason: happening.reason, note: happening.note };
  }
  return undefined;
};

/**
 * Chats that came to the viewer between two moments without being asked for: accepted for them by their team's
 * setting. Those in which they are as a supervisor were joined on purpose. `expected`: those they took themselves.
 */
export const arrivedChats = (
  before: Inbox,
  after: Inbox,
  { userId, expected }: { readonly userId: string; readonly expected: ReadonlySet<string> },
): readonly string[] => {
  const known = before.lists.mine;
  if (!known) return [];
  const isAgents = (id: string): boolean => after.rows.get(id)?.agentIds?.includes(userId) ?? false;
  return [...(after.lists.mine ?? [])].filter((id) => !known.has(id) && !expected.has(id) && isAgents(id));
};

/** Chats that were escalated between two moments, as far as the viewer's lists have them. */
export const escalatedChats = (before: Inbox, after: Inbox): readonly string[] =>
  [...after.rows]
    .filter(([id, row]) => row.escalated && before.rows.has(id) && !before.rows.get(id)?.escalated)
    .map(([id]) => id);
