import { common, isolated, type conversation } from '@parley/client';
import { memo, type ReactElement, useCallback } from 'react';
import { second, serverNow } from '../desk/clock.js';
import { linkTo } from '../desk/navigation.js';
import type { MessageKey } from '../i18n/translate.js';
import { clockOf } from '../lib/format.js';
import type { List, Row } from '../state/inbox.js';
import { type Route } from '../state/route.js';
import { useDesk, useNow, useSelect, useStore, useWords } from '../ui/hooks.js';
import { Icon, type IconName } from '../ui/icons.js';
import { Avatar } from '../ui/parts.js';
import { CLOSE_WORDS } from './words.js';

/** From then on an unanswered visitor is marked, ms. */
const LATE_MS = 40_000;

/** A chat in a list. */
export const InboxRow = memo(({ row, list, open }: { row: Row; list: List; open: boolean }): ReactElement => {
  const { t, formats } = useWords();
  const name = row.contactName || t('visitor');
  const to: Route = { view: 'list', list, id: row.conversationId };
  const waitsFrom = list === 'closed' ? undefined : (row.queuedSince ?? row.unansweredSince);
  const waitingSince = waitsFrom === undefined ? undefined : Date.parse(waitsFrom);
  const late = useSelect(
    second,
    useCallback((now) => waitingSince !== undefined && now - waitingSince > LATE_MS, [waitingSince]),
  );
  const unread = list === 'closed' ? 0 : (row.unread ?? 0);
  const last = Date.parse(row.closedAt ?? row.lastMessageAt ?? row.startedAt ?? '');
  const byUs = row.lastAuthor === common.Actor_Kind.KIND_AGENT;
  return (
    <a
      className="row"
      {...linkTo(to)}
      aria-current={open ? 'true' : undefined}
      data-late={late}
      data-unread={unread > 0}
    >
      <Avatar id={row.contactId ?? row.conversationId} name={row.contactName ?? ''} size={32} />
      <span className="row-body">
        <span className="row-top">
          <span className="row-name">{name}</span>
          {waitingSince !== undefined ? (
            <Waiting since={waitingSince} late={late} />
          ) : (
            <span className="row-time">{last ? formats.short(last, serverNow()) : ''}</span>
          )}
        </span>
        <span className="row-text">
          <span className="row-last" dir="auto">
            {byUs && <span className="row-you">{t('agentPrefix')} </span>}
            {row.lastText || row.topic || t('noMessageYet')}
          </span>
          {unread > 0 && (
            <span className="badge" title={t('unreadCount', { count: unread })}>
              {formats.number(unread)}
              <span className="hidden"> {t('unreadWord')}</span>
            </span>
          )}
        </span>
        <RowFoot row={row} list={list} />
      </span>
    </a>
  );
});

const STATES: Partial<Record<conversation.ConversationState, { icon: IconName; label: MessageKey }>> = {
  CONVERSATION_STATE_ON_HOLD: { icon: 'hold', label: 'onHold' },
  CONVERSATION_STATE_PARKED: { icon: 'park', label: 'parked' },
  CONVERSATION_STATE_TAKING_MESSAGE: { icon: 'mail', label: 'takingMessage' },
  CONVERSATION_STATE_BOT: { icon: 'spark', label: 'withBot' },
};

/** What is special about a chat, by icon and word. */
const RowState = ({ row }: { row: Row }): ReactElement | null => {
  const { t } = useWords();
  const state = row.transferring
    ? TRANSFERRING
    : row.escalated
      ? ESCALATED
      : STATES[row.state ?? 'CONVERSATION_STATE_UNSPECIFIED'];
  return state ? (
    <span className="row-state">
      <Icon name={state.icon} size={12} /> {t(state.label)}
    </span>
  ) : null;
};

const ESCALATED: { icon: IconName; label: MessageKey } = { icon: 'alert', label: 'escalated' };
const TRANSFERRING: { icon: IconName; label: MessageKey } = { icon: 'transfer', label: 'transferring' };

const Waiting = ({ since, late }: { since: number; late: boolean }): ReactElement => {
  const { t } = useWords();
  const waited = Math.max(0, useNow() - since);
  return (
    <span className="waiting" data-late={late} title={t('waitingFor', { time: clockOf(waited) })}>
      <Icon name={late ? 'alert' : 'clock'} size={12} label={t(late ? 'waitsLong' : 'waiting')} />
      {clockOf(waited)}
    </span>
  );
};

const RowFoot = ({ row, list }: { row: Row; list: List }): ReactElement => {
  const { queues, people } = useDesk();
  const { t } = useWords();
  const queueName = useSelect(
    queues,
    useCallback((known) => known.get(row.queueId ?? '')?.queue?.name ?? row.queueId ?? '', [row.queueId]),
  );
  const names = useStore(people);
  const agents = (row.agentIds ?? []).map((id) => isolated(names.get(id) ?? id)).join(', ');
  return (
    <span className="row-foot">
      {list === 'closed' && row.closeReason && (
        <span className="row-reason">
          <Icon name={row.closeReason === 'CLOSE_REASON_RESOLVED' ? 'check' : 'close'} size={12} />
          {t(CLOSE_WORDS[row.closeReason])}
        </span>
      )}
      <RowState row={row} />
      {(list === 'all' || list === 'closed') && agents && (
        <span className="row-agent">
          <Icon name="user" size={12} /> {agents}
        </span>
      )}
      <span className="row-queue">
        {[queueName, row.lastText ? isolated(row.topic ?? '') : ''].filter(Boolean).join(' · ')}
      </span>
      {list === 'closed' && (row.rating ?? 0) > 0 && (
        <span className="row-rating">
          <Icon name="star" size={12} label={t('rating')} /> {row.rating}
        </span>
      )}
    </span>
  );
};
