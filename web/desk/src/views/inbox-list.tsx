import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  memo,
  type ReactElement,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
} from 'react';
import { setFilter, ui } from '../desk/ui-state.js';
import type { MessageKey } from '../i18n/translate.js';
import { type Kept, keptOf, type List, noFilter, RESYNC_LIMIT, type Row, rowsOf } from '../state/inbox.js';
import { useDesk, useSelect, useStore, useWords } from '../ui/hooks.js';
import { Empty, Skeleton } from '../ui/parts.js';
import { InboxRow } from './inbox-row.js';

const ROW_HEIGHT = 76;

const TITLES: Record<List, MessageKey> = {
  mine: 'myChats',
  queue: 'queue',
  closed: 'closed',
  all: 'allLive',
};
const EMPTY: Record<List, { title: MessageKey; text: MessageKey }> = {
  mine: { title: 'emptyMineTitle', text: 'emptyMineText' },
  queue: { title: 'emptyQueueTitle', text: 'emptyQueueText' },
  closed: { title: 'emptyClosedTitle', text: 'emptyClosedText' },
  all: { title: 'emptyAllTitle', text: 'emptyAllText' },
};

/** One of the lists of chats, with its filters. */
export const InboxList = ({ list, openId }: { list: List; openId: string }): ReactElement => {
  const desk = useDesk();
  const { t, formats } = useWords();
  const inbox = useDeferredValue(useStore(desk.inbox));
  const { filter } = useStore(ui);
  const rows = useMemo(() => rowsOf(inbox, list, filter), [inbox, list, filter]);
  const filtered = filter.queueId !== '' || filter.unreadOnly || filter.kept !== '';
  return (
    <section className="list" aria-labelledby="list-title">
      <div className="list-head">
        <h2 id="list-title">{t(TITLES[list])}</h2>
        {rows && (
          <span className="count" aria-label={t('chatCount', { count: rows.length })}>
            {formats.number(rows.length)}
          </span>
        )}
        <ListFilters list={list} />
      </div>
      {!rows && <Skeleton kind="row" lines={6} />}
      {rows?.length === 0 && (
        <Empty
          icon={
            list === 'mine' ? 'chats' : list === 'queue' ? 'check' : list === 'closed' ? 'closed' : 'live'
          }
          title={t(filtered ? 'emptyFilterTitle' : EMPTY[list].title)}
          text={t(filtered ? 'emptyFilterText' : EMPTY[list].text)}
        >
          {filtered && (
            <button type="button" className="button" onClick={() => setFilter(noFilter)}>
              {t('clearFilter')}
            </button>
          )}
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <VirtualRows rows={rows} known={inbox.lists[list]?.size ?? 0} list={list} openId={openId} />
      )}
    </section>
  );
};

const ListFilters = ({ list }: { list: List }): ReactElement => {
  const { queues } = useDesk();
  const { t } = useWords();
  const { filter } = useStore(ui);
  const all = useSelect(
    queues,
    useCallback((known) => known, []),
  );
  return (
    <div className="list-filters">
      {list !== 'closed' && list !== 'queue' && (
        <button
          type="button"
          className="chip"
          aria-pressed={filter.unreadOnly}
          onClick={() => setFilter({ unreadOnly: !filter.unreadOnly })}
        >
          {t('unreadOnly')}
        </button>
      )}
      {(list === 'mine' || list === 'all') && (
        <>
          <KeptChip list={list} kept="held" />
          <KeptChip list={list} kept="parked" />
        </>
      )}
      {all.size > 1 && (
        <select
          className="chip"
          aria-label={t('filterQueue')}
          value={filter.queueId}
          onChange={(event) => setFilter({ queueId: event.target.value })}
        >
          <option value="">{t('allQueues')}</option>
          {[...all.values()].map(({ queue }) => (
            <option key={queue?.queueId} value={queue?.queueId}>
              {queue?.name || queue?.queueId}
            </option>
          ))}
        </select>
      )}
    </div>
  );
};

/** Shows the chats on hold only, or the parked ones; not there while there are none. */
const KeptChip = ({ list, kept }: { list: List; kept: Kept }): ReactElement | null => {
  const { inbox } = useDesk();
  const { t, formats } = useWords();
  const { filter } = useStore(ui);
  const count = useSelect(
    inbox,
    useCallback((known) => keptOf(known, list, kept), [list, kept]),
  );
  const chosen = filter.kept === kept;
  if (count === 0 && !chosen) return null;
  return (
    <button
      type="button"
      className="chip"
      aria-pressed={chosen}
      onClick={() => setFilter({ kept: chosen ? '' : kept })}
    >
      {t(kept === 'held' ? 'heldOnly' : 'parkedOnly')} {formats.number(count)}
    </button>
  );
};

interface VirtualRowsProps {
  readonly rows: readonly Row[];
  /** Rows of the list that are known, filtered out or not. */
  readonly known: number;
  readonly list: List;
  readonly openId: string;
}

const estimateSize = (): number => ROW_HEIGHT;

/** So many rows before the end the next page is asked for. */
const BEFORE_THE_END = 20;

const VirtualRows = memo(({ rows, known, list, openId }: VirtualRowsProps): ReactElement => {
  const { t } = useWords();
  const { olderRows } = useDesk();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize,
    getItemKey: useCallback((index: number) => rows[index]?.conversationId ?? index, [rows]),
    overscan: 6,
  });
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0;
  const nearEnd = known >= RESYNC_LIMIT && last >= rows.length - BEFORE_THE_END;
  useEffect(() => {
    if (nearEnd) void olderRows.load(list);
  }, [nearEnd, known, list, olderRows]);
  const openAt = rows.findIndex((row) => row.conversationId === openId);
  const shownId = useRef('');
  useEffect(() => {
    // Only when another chat is opened: a row that moves must not take the list with it.
    if (openAt < 0 || shownId.current === openId) return;
    shownId.current = openId;
    virtual.scrollToIndex(openAt, { align: 'auto' });
  }, [openId, openAt, virtual]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const at = Number(
      (event.target as HTMLElement).closest<HTMLElement>('[data-index]')?.dataset.index ?? -1,
    );
    const to = Math.min(rows.length - 1, Math.max(0, at + by));
    event.preventDefault();
    virtual.scrollToIndex(to, { align: 'auto' });
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"] a`)?.focus({ preventScroll: true }),
    );
  };

  return (
    <div className="list-scroll" ref={scroller}>
      <div
        role="list"
        aria-label={t('chats')}
        className="list-rows"
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index];
          return row ? (
            <div
              key={key}
              role="listitem"
              data-index={index}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              className="list-item"
              style={{ transform: `translateY(${start}px)` }}
            >
              <InboxRow row={row} list={list} open={row.conversationId === openId} />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
});
