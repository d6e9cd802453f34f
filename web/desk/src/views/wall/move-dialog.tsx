import { events, newId } from '@parley/client';
import { type ReactElement, useState } from 'react';
import { errorWords } from '../../i18n/error-words.js';
import { agentRows, type Destination, mayMove, type Moving, roomOf, statusOf } from '../../state/wall.js';
import { Dialog } from '../../ui/dialog.js';
import { FieldError } from '../../ui/fields.js';
import { useDesk } from '../../ui/hooks.js';
import { Icon } from '../../ui/icons.js';
import { Avatar, SearchField } from '../../ui/parts.js';
import { useWallRows } from './wall-context.js';
import { useWallWords } from './words.js';

const { TransferRequested_Mode: Mode } = events;

/** Where a chat goes, and for one that an agent has, what the next one needs to know. */
export const MoveDialog = ({
  chat,
  to,
  onClose,
}: {
  chat: Moving;
  to: Destination | undefined;
  onClose: () => void;
}): ReactElement => {
  const { connection, notices } = useDesk();
  const { t } = useWallWords();
  const [chosen, setChosen] = useState(to);
  const [summary, setSummary] = useState('');
  const [warm, setWarm] = useState(false);
  const [refused, setRefused] = useState('');
  const [busy, setBusy] = useState(false);
  const name = chat.name || t('visitor');
  const title = t(chat.agentId ? 'transferTitle' : 'assignTitle', { name });
  const go = async (): Promise<void> => {
    if (!chosen) return;
    setBusy(true);
    try {
      if (chat.agentId)
        await connection.call('parley.conversation.v1.ConversationService/TransferConversation', {
          conversationId: chat.conversationId,
          transferId: newId(),
          ...(chosen.kind === 'agent' ? { toAgentId: chosen.id } : { toQueueId: chosen.id }),
          summary: summary.trim(),
          mode: warm ? Mode.MODE_WARM : Mode.MODE_COLD,
        });
      else await assign(connection, chat, chosen);
      notices.show({ kind: 'info', text: t(chat.agentId ? 'transferAsked' : 'assigned', { name }) });
      onClose();
    } catch (error) {
      setRefused(errorWords(error, t));
      setBusy(false);
    }
  };
  return (
    <Dialog label={title} className="move" onClose={onClose}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <h2 className="dialog-title">{title}</h2>
        <Places chat={chat} chosen={chosen} onChoose={setChosen} />
        {chat.agentId && (
          <>
            <label className="form-field">
              <span>{t('summary')}</span>
              <textarea
                className="input"
                rows={3}
                required
                maxLength={4096}
                dir="auto"
                value={summary}
                onChange={(event) => setSummary(event.target.value)}
              />
              <span className="form-hint">{t('summaryHint')}</span>
            </label>
            {chosen?.kind === 'agent' && (
              <label className="check">
                <input type="checkbox" checked={warm} onChange={(event) => setWarm(event.target.checked)} />
                <span>{t('warm')}</span>
              </label>
            )}
          </>
        )}
        {refused && <FieldError error={refused} />}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button
            type="submit"
            className="button primary"
            disabled={busy || !chosen || (chat.agentId !== '' && summary.trim() === '')}
          >
            {t(chat.agentId ? 'transfer' : 'assign')}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

/** Gives a waiting chat to an agent, or puts it into another queue. Rejects with an ApiError. */
export const assign = async (
  connection: ReturnType<typeof useDesk>['connection'],
  { conversationId }: Moving,
  to: Destination,
): Promise<void> => {
  await connection.call('parley.routing.v1.RoutingService/AssignConversation', {
    commandId: newId(),
    conversationId,
    ...(to.kind === 'agent' ? { agentId: to.id } : { queueId: to.id }),
  });
};

const Places = ({
  chat,
  chosen,
  onChoose,
}: {
  chat: Moving;
  chosen: Destination | undefined;
  onChoose: (to: Destination) => void;
}): ReactElement => {
  const { agents, queues } = useWallRows();
  const { t, formats } = useWallWords();
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLocaleLowerCase();
  const fits = (name: string): boolean => name.toLocaleLowerCase().includes(wanted);
  const option = (
    to: Destination,
    name: string,
    detail: string,
    picture: ReactElement,
  ): ReactElement | null =>
    mayMove(chat, to) && fits(name) ? (
      <label key={`${to.kind}-${to.id}`} className="place">
        <input
          type="radio"
          name="place"
          checked={chosen?.kind === to.kind && chosen.id === to.id}
          onChange={() => onChoose(to)}
        />
        {picture}
        <span className="place-name" dir="auto">
          {name}
        </span>
        <span className="quiet">{detail}</span>
      </label>
    ) : null;
  return (
    <fieldset className="places">
      <legend className="hidden">{t('whereTo')}</legend>
      <SearchField label={t('findPlace')} value={query} onChange={setQuery} />
      <div className="places-list">
        {agentRows(agents.values(), { teamId: '', withOffline: true }).map((state) => {
          const { agent = {}, conversationIds = [] } = state;
          const name = agent.name || (agent.agentId ?? '');
          return option(
            { kind: 'agent', id: agent.agentId ?? '' },
            name,
            t('chatsOf', {
              count: formats.number(conversationIds.length),
              limit: formats.number(roomOf(state).limit),
            }),
            <>
              <span className="status-dot" data-status={statusOf(state)} />
              <Avatar id={agent.agentId ?? ''} name={name} size={22} />
            </>,
          );
        })}
        {queues.map(({ queue = {}, waiting = 0 }) =>
          option(
            { kind: 'queue', id: queue.queueId ?? '' },
            queue.name || (queue.queueId ?? ''),
            t('waitingCount', { count: waiting }),
            <Icon name="queue" />,
          ),
        )}
      </div>
    </fieldset>
  );
};
