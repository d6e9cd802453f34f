import type { Connection, conversation } from '@parley/client';
import { type List, LISTS, RESYNC_LIMIT, scopeOf } from '../state/inbox.js';

/** A page of a list beyond what the socket brings by itself. */
export interface OlderRows {
  /** The next page of a list; nothing while one is on its way, and once the end is reached. Never rejects. */
  load(list: List): Promise<void>;
  /** Begins again at the top: lists are other ones after a lost connection. */
  forget(): void;
}

/** Reads lists beyond the rows that a socket brings, page by page; `onRows` takes them in. */
export const olderRows = (
  connection: Pick<Connection, 'call'>,
  onRows: (rows: readonly conversation.InboxRow[]) => void,
): OlderRows => {
  /** Where each list goes on; undefined: at its end. */
  let cursors = begin();
  const reading = new Set<List>();
  return {
    load: async (list) => {
      const from = cursors;
      const cursor = cursors.get(list);
      if (cursor === undefined || reading.has(list)) return;
      reading.add(list);
      try {
        const request = { scope: scopeOf(list), page: { limit: RESYNC_LIMIT, cursor } };
        const answer = await connection.call('parley.conversation.v1.ConversationService/ListInbox', request);
        from.set(list, answer.nextCursor || undefined);
        onRows(answer.rows ?? []);
      } catch {
        // Asked for again when the list is scrolled again.
      } finally {
        reading.delete(list);
      }
    },
    forget: () => (cursors = begin()),
  };
};

const begin = (): Map<List, string | undefined> => new Map(LISTS.map((list) => [list, '']));
