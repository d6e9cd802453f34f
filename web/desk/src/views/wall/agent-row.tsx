import { routingEvents } from '@parley/client';
import { memo, type ReactElement } from 'react';
import type { MessageKey } from '../../i18n/translate.js';
import { secondsOf, spanOf } from '../../lib/format.js';
import { type AgentState, type Moving, roomOf, statusOf, statusSince } from '../../state/wall.js';
import { useDesk, useNow } from '../../ui/hooks.js';
import { Icon } from '../../ui/icons.js';
import { Menu } from '../../ui/menu.js';
import { Avatar } from '../../ui/parts.js';
import { ChatChip } from './chat-chip.js';
import { useDrop } from './use-drop.js';
import { useWallWords } from './words.js';

const { AgentStatus } = routingEvents;
const WORDS: Record<routingEvents.AgentStatus, MessageKey> = {
  AGENT_STATUS_UNSPECIFIED: 'offline',
  AGENT_STATUS_OFFLINE: 'offline',
  AGENT_STATUS_AVAILABLE: 'available',
  AGENT_STATUS_AWAY: 'away',
  AGENT_STATUS_NOT_RESPONDING: 'notResponding',
  AGENT_STATUS_BUSY: 'busy',
};
const TO_SET = [
  AgentStatus.AGENT_STATUS_AVAILABLE,
  AgentStatus.AGENT_STATUS_BUSY,
  AgentStatus.AGENT_STATUS_AWAY,
  AgentStatus.AGENT_STATUS_OFFLINE,
] as const;
const MOST_BARS = 10;

interface AgentRowProps {
  readonly state: AgentState;
  readonly chats: readonly Moving[];
}

/** A wall with thousands of agents changes many times a second: most rows stay as they are. */
const sameRow = (a: AgentRowProps, b: AgentRowProps): boolean =>
  a.state === b.state &&
  a.chats.length === b.chats.length &&
  a.chats.every((chat, at) => {
    const other = b.chats[at];
    return (
      chat.conversationId === other?.conversationId &&
      chat.name === other.name &&
      chat.queueId === other.queueId
    );
  });

/** An agent: status since when, chats of the limit, how fast the last reply was, and the chats themselves. */
export const AgentRow = memo(({ state, chats }: AgentRowProps): ReactElement => {
  const { t, formats } = useWallWords();
  const { agent = {}, overdue = 0, lastReplySeconds, inWrapUp = 0, pendingOffers = 0 } = state;
  const id = agent.agentId ?? '';
  const name = agent.name || id;
  const drop = useDrop({ kind: 'agent', id });
  return (
    <li className="person" data-status={statusOf(state)} {...drop}>
      <Avatar id={id} name={name} size={28} />
      <span className="person-name" dir="auto">
        {name}
      </span>
      <StatusMenu state={state} name={name} />
      <Load state={state} />
      <span className="person-reply" title={t('lastReplyText')}>
        {lastReplySeconds !== undefined && secondsOf(lastReplySeconds, formats)}
      </span>
      <span className="person-notes">
        {overdue > 0 && (
          <span className="tag tag-danger">
            <Icon name="alert" size={12} /> {t('overdue', { count: overdue })}
          </span>
        )}
        {pendingOffers > 0 && (
          <span className="tag">
            <Icon name="bell" size={12} /> {t('ringing')}
          </span>
        )}
        {inWrapUp > 0 && <span className="tag">{t('inWrapUp')}</span>}
      </span>
      {chats.length > 0 && (
        <ul className="person-chats">
          {chats.map((chat) => (
            <li key={chat.conversationId}>
              <ChatChip chat={chat}>
                <span dir="auto">{chat.name || t('visitor')}</span>
              </ChatChip>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}, sameRow);

const StatusMenu = ({ state, name }: { state: AgentState; name: string }): ReactElement => {
  const { connection, notices } = useDesk();
  const { t } = useWallWords();
  const now = useNow();
  const status = statusOf(state);
  const since = statusSince(state);
  const set = (next: routingEvents.AgentStatus): void => {
    connection
      .call('parley.presence.v1.PresenceService/SetStatus', {
        status: next,
        agentId: state.agent?.agentId ?? '',
      })
      .then(
        () => notices.show({ kind: 'info', text: t('statusSet', { name, status: t(WORDS[next]) }) }),
        notices.refused,
      );
  };
  return (
    <span className="person-status">
      <Menu
        label={t('statusOf', { name, status: t(WORDS[status]) })}
        className="status-button"
        spoken={false}
        button={
          <>
            <span className="hidden">{name}: </span>
            <span className="status-dot" data-status={status} />
            <span className="status-word">{t(WORDS[status])}</span>
            {since !== undefined && <span className="quiet">{spanOf(now - since)}</span>}
            <Icon name="down" size={12} />
          </>
        }
        items={TO_SET.map((one) => ({
          id: one,
          label: t(WORDS[one]),
          icon: <span className="status-dot" data-status={one} />,
          checked: one === status,
          run: () => set(one),
        }))}
      />
    </span>
  );
};

const Load = ({ state }: { state: AgentState }): ReactElement => {
  const { t, formats } = useWallWords();
  const { capacity = 0, conversationIds = [] } = state;
  const { used, limit, full } = roomOf(state);
  const words = t('chatsOf', {
    count: formats.number(conversationIds.length),
    limit: formats.number(limit),
  });
  return (
    <span className="person-load" title={t('usedOf', { used, capacity })}>
      {limit <= MOST_BARS && (
        <span className="load-bars" aria-hidden="true" data-full={full}>
          {Array.from({ length: Math.max(limit, used) }, (_, index) => (
            <i key={index} data-used={index < used} data-over={index >= capacity} />
          ))}
        </span>
      )}
      <span className="number">{words}</span>
    </span>
  );
};
