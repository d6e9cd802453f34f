import { isolated } from '@parley/client';
import { type KeyboardEvent, type ReactElement, type UIEvent, useEffect } from 'react';
import { linkTo, navigate } from '../desk/navigation.js';
import { refusalWords } from '../i18n/error-words.js';
import type { MessageKey } from '../i18n/translate.js';
import { type FollowUp, followUpsOf, urgencyOf, WHICH, type Which } from '../state/follow-ups.js';
import { type Route } from '../state/route.js';
import { useDesk, useNow, useStore, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { Avatar, Empty, Failure, Skeleton } from '../ui/parts.js';
import { useNames } from './use-names.js';

const WORDS: Record<Which, MessageKey> = { open: 'laterOpen', mine: 'laterMine', answered: 'laterAnswered' };
const EMPTY: Record<Which, readonly [title: MessageKey, text: MessageKey | undefined]> = {
  open: ['emptyLaterTitle', 'emptyLaterText'],
  mine: ['emptyLaterTitle', 'emptyLaterMineText'],
  answered: ['emptyAnsweredTitle', undefined],
};

/** The messages that visitors left, what is due first. */
export const FollowUpsPage = ({ which, openId }: { which: Which; openId: string }): ReactElement => {
  const { followUps, viewer } = useDesk();
  const { t, formats } = useWords();
  const all = useStore(followUps);
  const rows = followUpsOf(all, which, viewer.userId);
  useEffect(() => followUps.reload(which === 'answered'), [followUps, which]);
  return (
    <section className="list" aria-labelledby="later-title">
      <div className="list-head">
        <h2 id="later-title">{t('later')}</h2>
        {rows && (
          <span className="count" aria-label={t('laterCount', { count: rows.length })}>
            {formats.number(rows.length)}
          </span>
        )}
        {all.overdue > 0 && (
          <span className="late-count">
            <Icon name="alert" size={12} /> {t('overdueCount', { count: all.overdue })}
          </span>
        )}
        <div className="list-filters" role="group" aria-label={t('later')}>
          {WHICH.map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              aria-pressed={one === which}
              onClick={() => navigate({ view: 'later', which: one, id: '' })}
            >
              {t(WORDS[one])}
            </button>
          ))}
        </div>
      </div>
      {!rows && !all.error && <Skeleton kind="row" lines={4} />}
      {!rows && all.error && (
        <Failure
          title={t('laterFailed')}
          message={refusalWords(all.error, t)}
          retry={t('tryAgain')}
          again={() => followUps.reload(which === 'answered')}
        />
      )}
      {rows?.length === 0 && (
        <Empty
          icon="mail"
          title={t(EMPTY[which][0])}
          {...(EMPTY[which][1] ? { text: t(EMPTY[which][1]) } : {})}
        />
      )}
      {rows && rows.length > 0 && <Rows rows={rows} which={which} openId={openId} />}
    </section>
  );
};

const Rows = ({
  rows,
  which,
  openId,
}: {
  rows: readonly FollowUp[];
  which: Which;
  openId: string;
}): ReactElement => {
  const { t } = useWords();
  const { followUps } = useDesk();
  const onScroll = ({ currentTarget: list }: UIEvent<HTMLUListElement>): void => {
    if (list.scrollTop + 2 * list.clientHeight > list.scrollHeight) followUps.more(which === 'answered');
  };
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a')];
    const at = links.indexOf(document.activeElement as HTMLElement);
    links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
  };
  return (
    <ul className="list-scroll plain" aria-label={t('later')} {...{ onKeyDown, onScroll }}>
      {rows.map((row) => (
        <li key={row.conversationId}>
          <Row row={row} which={which} open={row.conversationId === openId} />
        </li>
      ))}
    </ul>
  );
};

const Row = ({ row, which, open }: { row: FollowUp; which: Which; open: boolean }): ReactElement => {
  const { t, formats } = useWords();
  const names = useNames();
  const now = useNow();
  const to: Route = { view: 'later', which, id: row.conversationId };
  const queue = names.queue(row.queueId ?? '');
  const answeredAt = Date.parse(row.answeredAt ?? '') || 0;
  return (
    <a
      className="row"
      {...linkTo(to)}
      aria-current={open ? 'true' : undefined}
      data-late={!answeredAt && urgencyOf(Date.parse(row.dueAt ?? '') || 0, now) === 'late'}
    >
      <Avatar id={row.contactId ?? row.conversationId} name={row.contactName ?? ''} size={32} />
      <span className="row-body">
        <span className="row-top">
          <span className="row-name">{row.contactName || row.contactEmail || t('visitor')}</span>
          {answeredAt ? (
            <span className="row-time">{t('answeredAt', { time: formats.short(answeredAt, now) })}</span>
          ) : (
            <Due at={Date.parse(row.dueAt ?? '') || 0} />
          )}
        </span>
        <span className="row-text">
          <span className="row-last" dir="auto">
            {row.text || row.topic || t('noMessageYet')}
          </span>
        </span>
        <span className="row-foot">
          <span className="row-agent">
            <Icon name="user" size={12} />{' '}
            {row.ownerId ? names.person(row.ownerId) : t('ownedByQueue', { queue })}
          </span>
          <span className="row-queue">
            {[row.ownerId ? queue : '', isolated(row.topic ?? '')].filter(Boolean).join(' · ')}
          </span>
        </span>
      </span>
    </a>
  );
};

/** When something is due: how far from now, and exactly on hover. */
export const Due = ({ at }: { at: number }): ReactElement => {
  const { t, formats } = useWords();
  const now = useNow();
  if (at <= 0) return <span className="due">{t('noDue')}</span>;
  const urgency = urgencyOf(at, now);
  return (
    <time
      className="due"
      data-urgency={urgency}
      dateTime={new Date(at).toISOString()}
      title={formats.full(at)}
    >
      <Icon name={urgency === 'late' ? 'alert' : 'clock'} size={12} />{' '}
      {t(urgency === 'late' ? 'overdue' : 'due', { time: formats.relative(at, now) })}
    </time>
  );
};
