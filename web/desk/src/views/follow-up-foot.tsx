import { newId } from '@parley/client';
import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { answerFollowUp, assignFollowUp } from '../desk/care.js';
import { keysLabel } from '../lib/keys.js';
import { actionsOf } from '../state/actions.js';
import { localInput } from '../state/follow-ups.js';
import type { Later } from '../state/thread-care.js';
import type { Thread } from '../state/thread.js';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { Menu } from '../ui/menu.js';
import { Due } from './follow-ups-page.js';
import { isMac } from './platform.js';
import { useNames } from './use-names.js';

const MOST_CHARS = 8_000;

/** Under a message that waits for its answer: whose it is, when it is due, and the answer. */
export const FollowUpFoot = ({
  id,
  thread,
  later,
}: {
  id: string;
  thread: Thread;
  later: Later;
}): ReactElement => {
  const { viewer } = useDesk();
  const { t } = useWords();
  const names = useNames();
  const mayAnswer = actionsOf(thread, viewer).has('answer');
  return (
    <section className="follow-up" aria-label={t('yourAnswer')}>
      <div className="follow-up-head">
        <Owner id={id} queueId={thread.queueId} later={later} mayAssign={mayAnswer} />
        <DueTime id={id} later={later} mayChange={mayAnswer} />
      </div>
      {mayAnswer ? (
        <Answer id={id} thread={thread} />
      ) : (
        <p className="quiet">{t('ownedBy', { name: names.person(later.ownerId) })}</p>
      )}
    </section>
  );
};

const Owner = ({
  id,
  queueId,
  later,
  mayAssign,
}: {
  id: string;
  queueId: string;
  later: Later;
  mayAssign: boolean;
}): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const names = useNames();
  const active = useStore(desk.activePeople);
  const fail = desk.notices.refused;
  const { userId, supervises } = desk.viewer;
  const give = (agentId: string): void => void assignFollowUp(desk, id, agentId).catch(fail);
  const own = later.ownerId === userId;
  return (
    <span className="follow-up-owner">
      <Icon name="user" size={14} />{' '}
      {later.ownerId ? names.person(later.ownerId) : t('ownedByQueue', { queue: names.queue(queueId) })}
      {mayAssign && !own && (
        <button
          type="button"
          className="button small"
          title={keysLabel('Alt+G', isMac)}
          onClick={() => give(userId)}
        >
          {t('assignMe')}
        </button>
      )}
      {mayAssign && own && (
        <button type="button" className="button small" onClick={() => give('')}>
          {t('giveBack')}
        </button>
      )}
      {mayAssign && supervises && (
        <Menu
          above
          label={t('assignTo')}
          className="button small"
          spoken={false}
          button={
            <>
              {t('assignTo')} <Icon name="down" size={13} />
            </>
          }
          items={[...active].map(([agentId, name]) => ({
            id: agentId,
            label: name,
            checked: agentId === later.ownerId,
            run: () => give(agentId),
          }))}
        />
      )}
    </span>
  );
};

const DueTime = ({
  id,
  later,
  mayChange,
}: {
  id: string;
  later: Later;
  mayChange: boolean;
}): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const fail = desk.notices.refused;
  const [value, setValue] = useState<string>();
  if (value === undefined)
    return (
      <span className="follow-up-due">
        <Due at={later.dueAt} />
        {mayChange && (
          <button type="button" className="link" onClick={() => setValue(localInput(later.dueAt))}>
            {t('changeDue')}
          </button>
        )}
      </span>
    );
  return (
    <form
      className="follow-up-due"
      onSubmit={(event) => {
        event.preventDefault();
        const at = new Date(value).getTime();
        if (Number.isNaN(at)) return;
        setValue(undefined);
        assignFollowUp(desk, id, later.ownerId, at).catch(fail);
      }}
    >
      <input
        className="input"
        type="datetime-local"
        required
        autoFocus
        aria-label={t('dueAtLabel')}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          setValue(undefined);
        }}
      />
      <button type="submit" className="button small">
        {t('saveDue')}
      </button>
    </form>
  );
};

const Answer = ({ id, thread }: { id: string; thread: Thread }): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const fail = desk.notices.refused;
  const row = useStore(desk.followUps).open?.find(({ conversationId }) => conversationId === id);
  const email = thread.email || row?.contactEmail;
  const [text, setText] = useState(() => desk.drafts.get(id, 'answer'));
  // Kept over a failed try, so that the same answer is sent once.
  const [messageId, setMessageId] = useState(newId);
  const [busy, setBusy] = useState(false);
  const ready = text.trim() !== '' && !busy;
  const write = (next: string): void => {
    setText(next);
    desk.drafts.set(id, 'answer', next);
  };
  const send = async (): Promise<void> => {
    if (!ready) return;
    setBusy(true);
    try {
      const { byMail } = await answerFollowUp(desk, id, messageId, text.trim());
      write('');
      setMessageId(newId());
      desk.notices.show({ kind: 'info', text: t(byMail ? 'answerMailed' : 'answerSent') });
    } catch (error) {
      fail(error);
    }
    setBusy(false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void send();
  };
  return (
    <div className="composer follow-up-answer" data-mode="answer">
      <textarea
        rows={3}
        dir="auto"
        maxLength={MOST_CHARS}
        aria-label={t('answerPlaceholder')}
        placeholder={t('answerPlaceholder')}
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="composer-foot">
        <span className="composer-count">
          <Icon name="mail" size={13} /> {email ? t('answerByMail', { email }) : t('answerInChat')}
        </span>
        <span className="composer-keys">{t('sendsWith', { keys: keysLabel('Mod+Enter', isMac) })}</span>
        <button type="button" className="button primary send" disabled={!ready} onClick={() => void send()}>
          {t('sendAnswer')}
        </button>
      </div>
    </div>
  );
};
