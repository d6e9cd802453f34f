import { type Connection, type conversation, events } from '@parley/client';
import { type FollowUp, type FollowUps, hasHeardOf, identified, noFollowUps } from '../state/follow-ups.js';
import { refusalOf } from '../state/refusal.js';
import { createStore, type Store } from '../state/store.js';

/** How often the list is asked for although nothing was heard, ms. */
const REPAIR_MS = 60_000;
/** Changes that come together are read once, and when the read model has usually heard of them, ms. */
const SETTLE_MS = 400;
/** What it has not heard of by then is read again, after twice as long each time. */
const MOST_TRIES = 6;
/** What was done here is shown at once, and read again when the read model has it for certain, ms. */
const CERTAIN_MS = 1_500;
const PAGE = 200;

/** The messages that wait for an answer. */
export interface FollowUpFeed extends Pick<Store<FollowUps>, 'get' | 'subscribe'> {
  /** Reads again soon; `withAnswered`: from now on the answered ones too. */
  reload(withAnswered?: boolean): void;
  /** Shows another page of the answered or the open ones; nothing when all are shown. */
  more(answered: boolean): void;
  /** One was changed here: shown at once. Undefined: it was answered, and is gone from the open ones. */
  changed(conversationId: string, change: Partial<Pick<FollowUp, 'ownerId' | 'dueAt'>> | undefined): void;
  stop(): void;
}

/** Follows the tenant's follow-ups: read on every connect, when an inbox row tells of one, and from time to time. */
export const followFollowUps = (connection: Connection): FollowUpFeed => {
  const store = createStore(noFollowUps);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wantsAnswered = false;
  const pages = { open: 1, answered: 1 };
  const more = { open: false, answered: false };
  /** What rows have told and was not among the follow-ups yet, by conversation. */
  const news = new Map<string, conversation.InboxRow>();
  let tries = 0;
  /** As many pages as are shown, one after the other. */
  const read = async (which: 'open' | 'answered') => {
    const followUps: FollowUp[] = [];
    let [overdue, cursor] = [0, ''];
    for (let page = 0; page < pages[which] && (page === 0 || cursor); page++) {
      const answer = await connection.call('parley.conversation.v1.ConversationService/ListFollowUps', {
        answered: which === 'answered',
        page: { limit: PAGE, cursor },
      });
      followUps.push(...identified(answer.followUps));
      overdue = answer.overdue ?? 0;
      cursor = answer.nextCursor ?? '';
    }
    more[which] = cursor !== '';
    return { followUps, overdue };
  };
  const load = async (): Promise<void> => {
    try {
      const [open, answered] = await Promise.all([
        read('open'),
        wantsAnswered ? read('answered') : undefined,
      ]);
      store.update((known) => ({
        open: open.followUps,
        answered: answered?.followUps ?? known.answered,
        overdue: open.overdue,
        error: undefined,
      }));
      for (const [id, row] of news) if (more.open || hasHeardOf(open.followUps, row)) news.delete(id);
      if (news.size > 0 && ++tries < MOST_TRIES) loadIn(SETTLE_MS * 2 ** tries);
      else news.clear();
    } catch (error) {
      store.update((known) => ({ ...known, error: refusalOf(error) }));
    }
  };
  const loadIn = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), ms);
  };
  const reload = (withAnswered = false): void => {
    wantsAnswered ||= withAnswered;
    loadIn(SETTLE_MS);
  };
  const leave = [
    connection.on('welcome', () => void load()),
    connection.on('inboxChanged', ({ row }) => {
      const known = store.get().open?.some(({ conversationId }) => conversationId === row?.conversationId);
      const taken = row?.closeReason === events.CloseReason.CLOSE_REASON_MESSAGE_TAKEN;
      if (!row?.conversationId || !(known || row.followUpDueAt || taken)) return;
      news.set(row.conversationId, row);
      tries = 0;
      reload();
    }),
  ];
  const repair = setInterval(() => reload(), REPAIR_MS);
  return {
    get: store.get,
    subscribe: store.subscribe,
    reload,
    more: (answered) => {
      const which = answered ? 'answered' : 'open';
      if (!more[which]) return;
      more[which] = false;
      pages[which]++;
      void load();
    },
    changed: (conversationId, change) => {
      store.update((known) => ({
        ...known,
        open: known.open?.flatMap((one) =>
          one.conversationId === conversationId ? (change ? { ...one, ...change } : []) : one,
        ),
      }));
      loadIn(CERTAIN_MS);
    },
    stop: () => {
      for (const each of leave) each();
      clearTimeout(timer);
      clearInterval(repair);
    },
  };
};
