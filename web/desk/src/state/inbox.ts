import { conversation } from '@parley/client';

const { InboxScope, ConversationState } = conversation;

/** The lists of the desk. */
export type List = 'mine' | 'queue' | 'closed' | 'all';
export const LISTS: readonly List[] = ['mine', 'queue', 'closed', 'all'];

export type Row = conversation.InboxRow & { conversationId: string };

/** Whose inbox it is. */
export interface Viewer {
  readonly userId: string;
  readonly supervises: boolean;
}

export interface Inbox {
  readonly rows: ReadonlyMap<string, Row>;
  /** Undefined: not loaded yet. */
  readonly lists: Readonly<Record<List, ReadonlySet<string> | undefined>>;
}

export const emptyInbox: Inbox = {
  rows: new Map(),
  lists: { mine: undefined, queue: undefined, closed: undefined, all: undefined },
};

/** How many rows a resync carries at most; what is beyond that is not known to be gone. */
const RESYNC_LIMIT = 200;

const SCOPES: Record<List, conversation.InboxScope> = {
  mine: InboxScope.INBOX_SCOPE_MINE,
  queue: InboxScope.INBOX_SCOPE_QUEUE,
  closed: InboxScope.INBOX_SCOPE_CLOSED,
  all: InboxScope.INBOX_SCOPE_ALL,
};

export const scopeOf = (list: List): conversation.InboxScope => SCOPES[list];

/** The lists that a viewer may see, in the order of the navigation. */
export const listsOf = ({ supervises }: Viewer): readonly List[] =>
  supervises ? LISTS : LISTS.filter((list) => list !== 'all');

const isClosed = (row: Row): boolean => row.state === ConversationState.CONVERSATION_STATE_CLOSED;

const belongs = (row: Row, list: List, viewer: Viewer): boolean => {
  const own = row.agentIds?.includes(viewer.userId) ?? false;
  switch (list) {
    case 'mine':
      return !isClosed(row) && own;
    case 'queue':
      return row.state === ConversationState.CONVERSATION_STATE_QUEUED;
    case 'closed':
      return isClosed(row) && (own || viewer.supervises);
    case 'all':
      return viewer.supervises && !isClosed(row);
  }
};

/** A row came in. An older version than the known one changes nothing; a row that leaves a list disappears there. */
export const rowChanged = (
  inbox: Inbox,
  incoming: conversation.InboxRow | undefined,
  viewer: Viewer,
): Inbox => {
  if (!incoming?.conversationId) return inbox;
  const row: Row = { ...incoming, conversationId: incoming.conversationId };
  const known = inbox.rows.get(row.conversationId);
  if (known && (known.version ?? 0) >= (row.version ?? 0)) return inbox;
  const lists = { ...inbox.lists };
  for (const list of LISTS) {
    const ids = lists[list];
    const inside = ids?.has(row.conversationId) ?? false;
    const should = belongs(row, list, viewer);
    if (!ids || inside === should) continue;
    const next = new Set(ids);
    if (should) next.add(row.conversationId);
    else next.delete(row.conversationId);
    lists[list] = next;
  }
  return { rows: new Map(inbox.rows).set(row.conversationId, row), lists };
};

/** All rows of a list came in: what is missing among them is gone, and newer versions that are known stay. */
export const resynced = (
  inbox: Inbox,
  scope: conversation.InboxScope | undefined,
  incoming: readonly conversation.InboxRow[],
  viewer: Viewer,
): Inbox => {
  const list = LISTS.find((candidate) => SCOPES[candidate] === scope);
  if (!list) return inbox;
  const known = inbox.lists[list] ?? new Set<string>();
  let next: Inbox = { ...inbox, lists: { ...inbox.lists, [list]: known } };
  for (const row of incoming) next = rowChanged(next, row, viewer);
  const ids = new Set(incoming.length < RESYNC_LIMIT ? [] : known);
  for (const { conversationId } of incoming) {
    const row = conversationId ? next.rows.get(conversationId) : undefined;
    if (row && belongs(row, list, viewer)) ids.add(row.conversationId);
  }
  const same = ids.size === known.size && [...ids].every((id) => known.has(id));
  return same && inbox.lists[list] ? next : { ...next, lists: { ...next.lists, [list]: ids } };
};

const time = (iso: string | undefined): number => (iso ? Date.parse(iso) : 0);
const byTime = (a: string | undefined, b: string | undefined): number => time(a) - time(b);

/** Who waits longest first, then the latest talk. */
const byNeed = (a: Row, b: Row): number => {
  const [since, other] = [a.unansweredSince ?? a.queuedSince, b.unansweredSince ?? b.queuedSince];
  if (since && other) return byTime(since, other);
  if (since || other) return since ? -1 : 1;
  return byTime(b.lastMessageAt, a.lastMessageAt);
};

const ORDER: Record<List, (a: Row, b: Row) => number> = {
  mine: byNeed,
  all: byNeed,
  queue: (a, b) => byTime(a.queuedSince, b.queuedSince),
  closed: (a, b) => byTime(b.closedAt, a.closedAt),
};

/** What is asked of a list by the filters above it. */
export interface Filter {
  readonly queueId: string;
  readonly unreadOnly: boolean;
}

export const noFilter: Filter = { queueId: '', unreadOnly: false };

/** The rows of a list in order; undefined while it is not loaded. */
export const rowsOf = (inbox: Inbox, list: List, filter: Filter = noFilter): readonly Row[] | undefined => {
  const ids = inbox.lists[list];
  if (!ids) return undefined;
  return [...ids]
    .flatMap((id) => inbox.rows.get(id) ?? [])
    .filter((row) => !filter.queueId || row.queueId === filter.queueId)
    .filter((row) => !filter.unreadOnly || (row.unread ?? 0) > 0)
    .sort((a, b) => ORDER[list](a, b) || (a.conversationId < b.conversationId ? -1 : 1));
};

/** Unread messages of the viewer's own chats. */
export const unreadOf = (inbox: Inbox): number =>
  (rowsOf(inbox, 'mine') ?? []).reduce((sum, row) => sum + (row.unread ?? 0), 0);

/** The id next to `id` in a list, `step` places on, without going around; the first when `id` is not in it. */
export const neighbour = (rows: readonly Row[], id: string | undefined, step: 1 | -1): string | undefined => {
  const at = rows.findIndex((row) => row.conversationId === id);
  return rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))]?.conversationId;
};
