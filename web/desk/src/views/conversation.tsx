import type { ReactElement } from 'react';
import { reopenConversation } from '../desk/desk.js';
import { goUp } from '../desk/navigation.js';
import { preferences, setPreferences } from '../desk/preferences.js';
import { openDialog, showCustomer, ui } from '../desk/ui-state.js';
import { keysLabel } from '../lib/keys.js';
import type { OpenConversation } from '../state/conversation.js';
import { isClosed, type Thread } from '../state/thread.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { Avatar, Empty, IconButton, Skeleton } from '../ui/parts.js';
import { Composer } from './composer.js';
import { isMac } from './platform.js';
import { ThreadView } from './thread-view.js';
import { STATE, useOpen } from './use-open.js';

/** The middle of the desk: a conversation, or the hint to choose one. */
export const Conversation = ({ id, readOnly }: { id: string; readOnly: boolean }): ReactElement => {
  const { t } = useWords();
  return (
    <section className="conversation" aria-label={t('conversation')}>
      {id ? (
        <OpenOne id={id} readOnly={readOnly} />
      ) : (
        <Empty
          icon="chats"
          title={t('chooseTitle')}
          text={t('chooseText', { keys: keysLabel('Alt+J', isMac) })}
        />
      )}
    </section>
  );
};

const OpenOne = ({ id, readOnly }: { id: string; readOnly: boolean }): ReactElement => {
  const { t } = useWords();
  const { viewer } = useDesk();
  const open = useOpen(id, readOnly);
  const { thread } = open;
  const own = thread.agentIds.includes(viewer.userId);
  if (open.error)
    return (
      <>
        <ConversationHead id={id} open={open} own={false} readOnly />
        <Empty icon="alert" title={t('cannotShow')} text={open.error} />
      </>
    );
  return (
    <>
      <ConversationHead id={id} open={open} own={own} readOnly={readOnly} />
      {thread.version === 0 ? (
        <div className="thread-loading" aria-busy="true" aria-label={t('loading')} role="status">
          <Skeleton kind="bubble" lines={5} />
        </div>
      ) : (
        <ThreadView id={id} open={open} own={own} />
      )}
      {!readOnly && thread.version > 0 && <Foot id={id} thread={thread} own={own} />}
    </>
  );
};

const Foot = ({ id, thread, own }: { id: string; thread: Thread; own: boolean }): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  if (isClosed(thread))
    return (
      <div className="closed-bar">
        <Icon name="closed" />
        <span>{t('closedBar')}</span>
        {(own || desk.viewer.supervises) && (
          <button
            type="button"
            className="button small"
            onClick={() =>
              void reopenConversation(desk, id).catch((error: Error) =>
                desk.notices.show({ kind: 'error', text: error.message }),
              )
            }
          >
            {t('reopen')}
          </button>
        )}
      </div>
    );
  if (!own && !desk.viewer.supervises)
    return (
      <div className="closed-bar">
        <Icon name="clock" />
        <span>{t('waitsForOffer')}</span>
      </div>
    );
  return <Composer key={id} id={id} mayReply={own} />;
};

const ConversationHead = ({
  id,
  open: { thread },
  own,
  readOnly,
}: {
  id: string;
  open: OpenConversation;
  own: boolean;
  readOnly: boolean;
}): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const { panelOpen } = useStore(preferences);
  const { customerShown } = useStore(ui);
  const row = useStore(desk.inbox).rows.get(id);
  const queues = useStore(desk.queues);
  const name = thread.name || row?.contactName || '';
  const queue = queues.get(thread.queueId)?.queue?.name ?? thread.queueId;
  const mayClose = !readOnly && thread.version > 0 && !isClosed(thread) && (own || desk.viewer.supervises);
  return (
    <div className="conversation-head">
      <IconButton className="only-phone" icon="back" label={t('back')} onClick={goUp} />
      <Avatar id={thread.contactId || row?.contactId || id} name={name} size={32} />
      <div className="conversation-who">
        <h2>
          {name || t('visitor')}
          {thread.verified && <Icon name="verified" size={14} label={t('verified')} />}
        </h2>
        <p>
          <StateWord thread={thread} watching={!own && !readOnly} />
          {[queue, thread.topic].filter(Boolean).map((part) => (
            <span key={part}>{part}</span>
          ))}
        </p>
      </div>
      {mayClose && (
        <button
          type="button"
          className="button"
          title={`${t('closeChat')} (${keysLabel('Alt+E', isMac)})`}
          onClick={() => openDialog('close')}
        >
          <Icon name="check" /> <span className="wide-only">{t('close')}</span>
        </button>
      )}
      <IconButton
        icon="panel"
        label={t('toggleCustomer')}
        keys={keysLabel('Alt+I', isMac)}
        aria-pressed={panelOpen}
        className="not-phone"
        onClick={() => setPreferences({ panelOpen: !panelOpen })}
      />
      <IconButton
        icon="user"
        label={t('customer')}
        className="only-phone"
        onClick={() => showCustomer(!customerShown)}
      />
    </div>
  );
};

const StateWord = ({ thread, watching }: { thread: Thread; watching: boolean }): ReactElement | null => {
  const { t } = useWords();
  if (thread.version === 0) return null;
  if (isClosed(thread)) return <span className="state-word">{t('closedWord')}</span>;
  if (thread.state === STATE.CONVERSATION_STATE_QUEUED)
    return (
      <span className="state-word" data-kind="warn">
        <Icon name="clock" size={12} /> {t('waiting')}
      </span>
    );
  return watching ? (
    <span className="state-word" data-kind="accent">
      <Icon name="eye" size={12} /> {t('watching')}
    </span>
  ) : (
    <span className="state-word" data-kind="ok">
      <Icon name="chats" size={12} /> {t('active')}
    </span>
  );
};
