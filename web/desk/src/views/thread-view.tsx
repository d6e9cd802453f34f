import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import { dayOf } from '../lib/format.js';
import { type OpenConversation, type Shown, shownItems } from '../state/conversation.js';
import { threadRows } from '../state/thread-rows.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { MessageBubble } from './message-bubble.js';
import { sentenceOf } from './words.js';
import { useMarkRead } from './use-mark-read.js';
import { useNames } from './use-names.js';
import type { Names } from '../i18n/care-words.js';
import { serverNow } from '../desk/clock.js';
import type { Happening } from '../state/thread.js';
import type { IconName } from '../ui/icons.js';

/** Drawn at first, and added by every click on "earlier". */
const CHUNK = 150;
const NEAR_END_PX = 60;

/**
 * The messages of a conversation. It scrolls from its end, so what arrives moves nothing for who reads the latest, and
 * nothing for who reads what was before.
 */
export const ThreadView = ({
  id,
  open,
  own,
}: {
  id: string;
  open: OpenConversation;
  own: boolean;
}): ReactElement => {
  const { login } = useDesk();
  const { t, formats } = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [chunks, setChunks] = useState(1);
  const shown = useMemo(() => shownItems(open, login.user), [open, login.user]);
  const latest = shown.slice(-chunks * CHUNK);
  const byId = useMemo(() => new Map(shown.map((one) => [one.item.id, one])), [shown]);
  const rows = threadRows(
    latest.map(({ item }) => item),
    dayOf,
  );
  const names = useNames(open.thread.agentNames);
  useMarkRead(id, open.thread, own && atEnd);
  const toEnd = (): void => scroller.current?.scrollTo({ top: 0, behavior: 'smooth' });

  // An own message is always worth seeing.
  const pending = open.outbox.length + open.notes.length;
  useEffect(() => {
    if (pending > 0) scroller.current?.scrollTo({ top: 0 });
  }, [pending]);

  return (
    <div className="thread-frame">
      <div
        className="thread"
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={t('messages')}
        onScroll={(event) => setAtEnd(event.currentTarget.scrollTop > -NEAR_END_PX)}
      >
        <div className="thread-inner">
          {latest.length < shown.length && (
            <button
              type="button"
              className="button small thread-earlier"
              onClick={() => setChunks(chunks + 1)}
            >
              {t('showEarlier', { count: shown.length - latest.length })}
            </button>
          )}
          <div className="thread-log" role="log" aria-label={t('newMessages')} aria-live="polite">
            <ol className="thread-items">
              {rows.map((row) => {
                if (row.type === 'day')
                  return (
                    <li key={row.id} className="day">
                      <span>{formats.day(row.time, serverNow())}</span>
                    </li>
                  );
                const { item, delivery, reason } = byId.get(row.id) ?? ({ item: row.item } as Shown);
                return item.type === 'system' ? (
                  <SystemLine key={row.id} happening={item.happening} time={item.time} names={names} />
                ) : (
                  <MessageBubble
                    key={row.id}
                    {...{
                      item,
                      delivery,
                      reason,
                      first: row.first,
                      last: row.last,
                      conversationId: id,
                      visitorName: open.thread.name,
                    }}
                  />
                );
              })}
            </ol>
          </div>
          <Typists open={open} />
        </div>
      </div>
      {!atEnd && (
        <button type="button" className="to-end" onClick={toEnd}>
          <Icon name="down" size={14} /> {t('toLatest')}
        </button>
      )}
    </div>
  );
};

const LINE_ICONS: Record<Happening['what'], IconName> = {
  started: 'globe',
  identified: 'user',
  queued: 'queue',
  joined: 'join',
  left: 'out',
  closed: 'closed',
  reopened: 'retry',
  rated: 'star',
  converted: 'spark',
  erased: 'close',
  page: 'page',
  transferAsked: 'transfer',
  transferred: 'transfer',
  transferRefused: 'back',
  held: 'hold',
  resumed: 'resume',
  parked: 'park',
  supervisorJoined: 'join',
  supervisorLeft: 'out',
  tookOver: 'takeOver',
  estimate: 'clock',
  informed: 'bell',
  messageAsked: 'mail',
  messageTaken: 'mail',
  followUpAssigned: 'user',
  followUpAnswered: 'check',
  bot: 'spark',
};

const SystemLine = ({
  happening,
  time,
  names,
}: {
  happening: Happening;
  time: number;
  names: Names;
}): ReactElement => {
  const { t, formats } = useWords();
  const sentence = sentenceOf(happening, t, formats, names);
  return (
    <li className="line" data-what={happening.what}>
      <Icon name={LINE_ICONS[happening.what]} size={13} />
      <span dir="auto">{sentence}</span>
      <time dateTime={new Date(time).toISOString()} title={formats.full(time)}>
        {formats.time(time)}
      </time>
    </li>
  );
};

/** Who types now; of a visitor also the words. Its place is always kept, so that it moves nothing. */
const Typists = ({ open: { typists, thread } }: { open: OpenConversation }): ReactElement => {
  const { people } = useDesk();
  const { t } = useWords();
  const names = useStore(people);
  const visitor = typists.find(({ byVisitor }) => byVisitor);
  const agent = typists.find(({ byVisitor }) => !byVisitor);
  const name = visitor
    ? thread.name || t('visitor')
    : agent && (thread.agentNames[agent.authorId] ?? names.get(agent.authorId) ?? t('aColleague'));
  return (
    <div className="typing">
      {name && (
        <>
          <span className="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span className="typing-who">{t('isTyping', { name })}</span>
          {visitor?.preview && (
            <span className="typing-preview" dir="auto">
              {visitor.preview}
            </span>
          )}
        </>
      )}
    </div>
  );
};
