import type { ReactElement, ReactNode } from 'react';
import { careFor } from '../desk/care.js';
import { reopenConversation } from '../desk/desk.js';
import { goUp } from '../desk/navigation.js';
import { preferences, setPreferences } from '../desk/preferences.js';
import { openDialog, showCustomer, ui } from '../desk/ui-state.js';
import type { Names } from '../i18n/care-words.js';
import { refusalWords } from '../i18n/error-words.js';
import type { Translate } from '../i18n/translate.js';
import { keysLabel } from '../lib/keys.js';
import { actionsOf, isUnseen } from '../state/actions.js';
import type { OpenConversation } from '../state/conversation.js';
import { isClosed, type Thread } from '../state/thread.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Icon, type IconName } from '../ui/icons.js';
import { Avatar, Empty, IconButton, Skeleton } from '../ui/parts.js';
import { ChatMenu } from './chat-menu.js';
import { Composer } from './composer.js';
import { FollowUpFoot } from './follow-up-foot.js';
import { isMac } from './platform.js';
import { StateWord } from './state-word.js';
import { StripsAbove, StripsBelow } from './thread-strips.js';
import { ThreadView } from './thread-view.js';
import { useMonitor } from './use-monitor.js';
import { useNames } from './use-names.js';
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
  useMonitor(id, !readOnly && isUnseen(thread, viewer));
  if (open.error)
    return (
      <>
        <ConversationHead id={id} open={open} own={false} readOnly />
        <Empty icon="alert" title={t('cannotShow')} text={refusalWords(open.error, t)} />
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
        <>
          {!readOnly && <StripsAbove id={id} thread={thread} />}
          <ThreadView id={id} open={open} own={own} />
        </>
      )}
      {!readOnly && thread.version > 0 && (
        <>
          <StripsBelow id={id} thread={thread} />
          <Foot id={id} thread={thread} />
        </>
      )}
    </>
  );
};

const Foot = ({ id, thread }: { id: string; thread: Thread }): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const names = useNames(thread.agentNames);
  const allowed = actionsOf(thread, desk.viewer);
  const does = (promise: Promise<void>): void => void promise.catch(desk.notices.refused);
  if (isClosed(thread) && thread.later?.answeredAt === 0)
    return <FollowUpFoot id={id} thread={thread} later={thread.later} />;
  if (isClosed(thread))
    return (
      <Bar icon="closed" text={t('closedBar')}>
        {allowed.has('reopen') && (
          <button type="button" className="button small" onClick={() => does(reopenConversation(desk, id))}>
            {t('reopen')}
          </button>
        )}
      </Bar>
    );
  if (thread.parkedBy)
    return (
      <Bar icon="park" text={t('parkedBar', { name: names.person(thread.parkedBy) })}>
        {allowed.has('unpark') && (
          <button type="button" className="button small" onClick={() => does(careFor(desk, id, 'Unpark'))}>
            {t('takeBack')}
          </button>
        )}
      </Bar>
    );
  if (!allowed.has('note')) return <Bar {...waitingBar(thread, t, names)} />;
  return <Composer key={id} id={id} modes={MODES.filter((mode) => allowed.has(mode))} />;
};

const MODES = ['reply', 'note', 'whisper'] as const;

const waitingBar = (
  { state, agentIds }: Thread,
  t: Translate,
  names: Names,
): { icon: IconName; text: string } => {
  if (agentIds.length > 0)
    return { icon: 'user', text: t('withOthers', { names: agentIds.map(names.person).join(', ') }) };
  if (state === STATE.CONVERSATION_STATE_TAKING_MESSAGE) return { icon: 'mail', text: t('takingMessageBar') };
  if (state === STATE.CONVERSATION_STATE_BOT) return { icon: 'spark', text: t('withBotBar') };
  return { icon: 'clock', text: t('waitsForOffer') };
};

const Bar = ({
  icon,
  text,
  children,
}: {
  icon: IconName;
  text: string;
  children?: ReactNode;
}): ReactElement => (
  <div className="closed-bar">
    <Icon name={icon} />
    <span>{text}</span>
    {children}
  </div>
);

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
  const mayClose = !readOnly && actionsOf(thread, desk.viewer).has('close');
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
          <StateWord thread={thread} watching={!own && !readOnly && desk.viewer.supervises} />
          {[queue, thread.topic].filter(Boolean).map((part) => (
            <span key={part}>{part}</span>
          ))}
        </p>
      </div>
      {!readOnly && <ChatMenu id={id} thread={thread} />}
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
