import type { ReactElement, ReactNode } from 'react';
import { chatCommands } from '../desk/chat-commands.js';
import { handoverRead, ui } from '../desk/ui-state.js';
import { targetName } from '../i18n/care-words.js';
import type { MessageKey } from '../i18n/translate.js';
import { clockOf } from '../lib/format.js';
import { type Action, actionsOf, isUnseen } from '../state/actions.js';
import type { Handing } from '../state/thread-care.js';
import { isClosed, type Thread } from '../state/thread.js';
import { useDesk, useNow, useStore, useWords } from '../ui/hooks.js';
import { Icon, type IconName } from '../ui/icons.js';
import { useNames } from './use-names.js';
import { STATE } from './use-open.js';

/** What stands above the messages: how the viewer takes part, and what was handed over with the chat. */
export const StripsAbove = ({ id, thread }: { id: string; thread: Thread }): ReactElement | null => {
  const { viewer } = useDesk();
  if (isClosed(thread)) return null;
  const { handedOver, agentIds, supervisorIds } = thread;
  const joined = supervisorIds.includes(viewer.userId);
  const received =
    handedOver?.summary && agentIds.includes(viewer.userId) && handedOver.fromId !== viewer.userId;
  return (
    <>
      {isUnseen(thread, viewer) && (
        <Strip kind="unseen" icon="eye" title="unseenTitle" text="unseenText">
          <Buttons id={id} thread={thread} actions={UNSEEN} />
        </Strip>
      )}
      {joined && (
        <Strip kind="joined" icon="join" title="joinedTitle" text="joinedText">
          <Buttons id={id} thread={thread} actions={JOINED} />
        </Strip>
      )}
      {received && <HandedOver key={handedOver.id} handing={handedOver} thread={thread} />}
    </>
  );
};

/** What stands between the messages and the composer: a transfer under way, the chat on hold. */
export const StripsBelow = ({ id, thread }: { id: string; thread: Thread }): ReactElement | null => {
  const { viewer } = useDesk();
  if (isClosed(thread)) return null;
  const allowed = actionsOf(thread, viewer);
  return (
    <>
      {thread.transfer && (
        <PendingTransfer handing={thread.transfer} thread={thread}>
          {allowed.has('cancelTransfer') && <Buttons id={id} thread={thread} actions={CANCEL} />}
        </PendingTransfer>
      )}
      {thread.state === STATE.CONVERSATION_STATE_ON_HOLD && (
        <Strip kind="held" icon="hold" title="onHold" text="onHoldText">
          <Buttons id={id} thread={thread} actions={RESUME} />
        </Strip>
      )}
    </>
  );
};

type ButtonOf = readonly [Action, MessageKey, IconName];
const UNSEEN: readonly ButtonOf[] = [
  ['whisper', 'whisper', 'whisper'],
  ['join', 'join', 'join'],
  ['takeOver', 'takeOver', 'takeOver'],
];
const JOINED: readonly ButtonOf[] = [
  ['leave', 'leave', 'out'],
  ['takeOver', 'takeOver', 'takeOver'],
];
const CANCEL: readonly ButtonOf[] = [['cancelTransfer', 'cancel', 'close']];
const RESUME: readonly ButtonOf[] = [['resume', 'resume', 'resume']];

const Buttons = ({
  id,
  thread,
  actions,
}: {
  id: string;
  thread: Thread;
  actions: readonly ButtonOf[];
}): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const fail = desk.notices.refused;
  const commands = chatCommands(desk, id, thread, fail);
  return (
    <span className="strip-buttons">
      {actions.map(([action, label, icon]) => {
        const command = commands.find((one) => one.action === action);
        return (
          command?.enabled && (
            <button key={action} type="button" className="button small" onClick={command.run}>
              <Icon name={icon} size={14} /> {t(label)}
            </button>
          )
        );
      })}
    </span>
  );
};

const Strip = ({
  kind,
  icon,
  title,
  text,
  children,
}: {
  kind: string;
  icon: IconName;
  title: MessageKey;
  text: MessageKey;
  children: ReactNode;
}): ReactElement => {
  const { t } = useWords();
  return (
    <div className="strip" data-kind={kind} role="status">
      <Icon name={icon} />
      <span className="strip-words">
        <strong>{t(title)}</strong> <span>{t(text)}</span>
      </span>
      {children}
    </div>
  );
};

const PendingTransfer = ({
  handing,
  thread,
  children,
}: {
  handing: Handing;
  thread: Thread;
  children: ReactNode;
}): ReactElement => {
  const { t } = useWords();
  const names = useNames(thread.agentNames);
  const since = Math.max(0, useNow() - handing.askedAt);
  return (
    <div className="strip" data-kind="pending">
      <Icon name="transfer" />
      <span className="strip-words">
        <strong role="status">
          {t(handing.warm ? 'pendingWarm' : 'pendingTransfer', { to: targetName(handing.to, names) })}
        </strong>{' '}
        <span>{t('sinceTime', { time: clockOf(since) })}</span>
      </span>
      {children}
    </div>
  );
};

/** What the agent before said about the chat; stays until it was read. */
const HandedOver = ({ handing, thread }: { handing: Handing; thread: Thread }): ReactElement | null => {
  const { t } = useWords();
  const names = useNames(thread.agentNames);
  if (useStore(ui).readHandovers.has(handing.id)) return null;
  return (
    <section className="handed" aria-label={t('handoverNote', { name: names.person(handing.fromId) })}>
      <header>
        <Icon name="transfer" size={14} />
        <strong>
          {t(handing.warm ? 'broughtInBy' : 'handedOverBy', { name: names.person(handing.fromId) })}
        </strong>
        <button type="button" className="button small" onClick={() => handoverRead(handing.id)}>
          {t('gotIt')}
        </button>
      </header>
      <p dir="auto">{handing.summary}</p>
    </section>
  );
};
