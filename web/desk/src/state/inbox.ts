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
  readonly administers: boolean;
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
export const RESYNC_LIMIT = 200;

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
  const joined = row.supervisorIds?.includes(viewer.userId) ?? false;
  switch (list) {
    case 'mine':
      return !isClosed(row) && (own || joined || row.parkedBy === viewer.userId);
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
): Inbox => (incoming ? rowsChanged(inbox, [incoming], viewer) : inbox);

/** Several rows as one change. */
export const rowsChanged = (
  inbox: Inbox,
  incoming: readonly conversation.InboxRow[],
  viewer: Viewer,
): Inbox => {
  let rows: Map<string, Row> | undefined;
  const lists = { ...inbox.lists };
  for (const one of incoming) {
    const { conversationId } = one;
    if (!conversationId) continue;
    const known = (rows ?? inbox.rows).get(conversationId);
    if (known && (known.version ?? 0) >= (one.version ?? 0)) continue;
    const row: Row = { ...one, conversationId };
    rows ??= new Map(inbox.rows);
    rows.set(conversationId, row);
    for (const list of LISTS) {
      const ids = lists[list];
      const should = belongs(row, list, viewer);
      if (!ids || ids.has(conversationId) === should) continue;
      const next = new Set(ids);
      if (should) next.add(conversationId);
      else next.delete(conversationId);
      lists[list] = next;
    }
  }
  return rows ? { rows, lists } : inbox;
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
  const next = rowsChanged({ ...inbox, lists: { ...inbox.lists, [list]: known } }, incoming, viewer);
  const ids = new Set(incoming.length < RESYNC_LIMIT ? [] : known);
  for (const { conversationId } of incoming) {
    const row = conversationId ? next.rows.get(conversationId) : undefined;
    if (row && belongs(row, list, viewer)) ids.add(row.conversationId);
  }
  const same = ids.size === known.size && [...ids].every((id) => known.has(id));
  return same && inbox.lists[list] ? next : { ...next, lists: { ...next.lists, [list]: ids } };
};

/** What a row is sorted by, ms; 0 is none. */
interface Times {
  readonly needs: number;
  readonly queued: number;
  readonly talked: number;
  readonly closed: number;
  readonly parked: boolean;
}

/** Rows are replaced, never changed, so each is parsed once however often it is sorted. */
const parsed = new WeakMap<Row, Times>();
const time = (iso: string | undefined): number => (iso ? Date.parse(iso) : 0);
const timesOf = (row: Row): Times => {
  let times = parsed.get(row);
  if (!times) {
    const queued = time(row.queuedSince);
    times = {
      queued,
      needs: row.unansweredSince ? time(row.unansweredSince) : queued,
      talked: time(row.lastMessageAt),
      closed: time(row.closedAt),
      parked: row.state === ConversationState.CONVERSATION_STATE_PARKED,
    };
    parsed.set(row, times);
  }
  return times;
};

/** Who waits longest first, then the latest talk; what is parked comes last. */
const byNeed = (a: Times, b: Times): number => {
  if (a.parked !== b.parked) return a.parked ? 1 : -1;
  if (a.needs && b.needs) return a.needs - b.needs;
  if (a.needs || b.needs) return a.needs ? -1 : 1;
  return b.talked - a.talked;
};

const ORDER: Record<List, (a: Times, b: Times) => number> = {
  mine: byNeed,
  all: byNeed,
  queue: (a, b) => a.queued - b.queued,
  closed: (a, b) => b.closed - a.closed,
};

/** What is asked of a list by the filters above it. */
export interface Filter {
  readonly queueId: string;
  readonly unreadOnly: boolean;
  /** Only chats on hold, or only parked ones. */
  readonly kept: Kept | '';
}
export type Kept = 'held' | 'parked';

export const noFilter: Filter = { queueId: '', unreadOnly: false, kept: '' };

const KEPT: Record<Kept, conversation.ConversationState> = {
  held: ConversationState.CONVERSATION_STATE_ON_HOLD,
  parked: ConversationState.CONVERSATION_STATE_PARKED,
};

/** How many chats of a list are on hold, or parked. */
export const keptOf = ({ rows, lists }: Inbox, list: List, kept: Kept): number => {
  let count = 0;
  for (const id of lists[list] ?? []) if (rows.get(id)?.state === KEPT[kept]) count++;
  return count;
};

/** The rows of a list in order; undefined while it is not loaded. */
export const rowsOf = (inbox: Inbox, list: List, filter: Filter = noFilter): readonly Row[] | undefined => {
  const ids = inbox.lists[list];
  if (!ids) return undefined;
  return [...ids]
    .flatMap((id) => inbox.rows.get(id) ?? [])
    .filter((row) => !filter.queueId || row.queueId === filter.queueId)
    .filter((row) => !filter.unreadOnly || (row.unread ?? 0) > 0)
    .filter((row) => !filter.kept || row.state === KEPT[filter.kept])
    .sort((a, b) => ORDER[list](timesOf(a), timesOf(b)) || (a.conversationId < b.conversationId ? -1 : 1));
};

/** Unread messages of the viewer's own chats. */
export const unreadOf = ({ rows, lists }: Inbox): number => {
  let sum = 0;
  for (const id of lists.mine ?? []) sum += rows.get(id)?.unread ?? 0;
  return sum;
};

/** The id next to `id` in a list, `step` places on, without going around; the first when `id` is not in it. */
export const neighbour = (
  rows: readonly { readonly conversationId: string }[],
  id: string | undefined,
  step: 1 | -1,
): string | undefined => {
  const at = rows.findIndex((row) => row.conversationId === id);
  return rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))]?.conversationId;
};
