import type { ReactElement } from 'react';
import { clockOf } from '../../lib/format.js';
import type { Row } from '../../state/inbox.js';
import { alarmOf } from '../../state/wall.js';
import { useNow } from '../../ui/hooks.js';
import { Icon } from '../../ui/icons.js';
import { ChatChip } from './chat-chip.js';
import { useWallRows } from './wall-context.js';
import { useWallWords } from './words.js';

/** The chats that wait, longest first, to be dragged to whoever shall have them. */
export const WaitingList = ({ rows }: { rows: readonly Row[] }): ReactElement => {
  const { t, formats } = useWallWords();
  const { queues } = useWallRows();
  const now = useNow();
  return (
    <section className="card wall-card wall-waiting" aria-labelledby="wall-waiting">
      <div className="wall-card-head">
        <h3 id="wall-waiting">{t('waitingChats')}</h3>
        <span className="count">{formats.number(rows.length)}</span>
      </div>
      {rows.length === 0 && <p className="quiet">{t('nobodyWaits')}</p>}
      <ul className="wall-chats">
        {rows.map((row) => {
          const queue = queues.find((state) => state.queue?.queueId === row.queueId)?.queue;
          const waited = now - Date.parse(row.queuedSince ?? '');
          const alarm = alarmOf(waited, queue?.serviceLevelSeconds ?? 0);
          return (
            <li key={row.conversationId} data-alarm={alarm}>
              <ChatChip
                chat={{
                  conversationId: row.conversationId,
                  name: row.contactName ?? '',
                  agentId: '',
                  queueId: row.queueId ?? '',
                }}
              >
                <span className="wall-chat-top">
                  <strong dir="auto">{row.contactName || t('visitor')}</strong>
                  <span className="quiet" dir="auto">
                    {queue?.name ?? row.queueId}
                  </span>
                  <span className="waiting">
                    {alarm > 0 && <Icon name="alert" size={12} label={t('overServiceLevel')} />}{' '}
                    {clockOf(waited)}
                  </span>
                </span>
                <span className="wall-chat-text" dir="auto">
                  {row.lastText || row.topic || t('noMessageYet')}
                </span>
              </ChatChip>
            </li>
          );
        })}
      </ul>
    </section>
  );
};
