import type { ReactElement } from 'react';
import type { MessageKey } from '../i18n/translate.js';
import { isClosed, type Thread } from '../state/thread.js';
import { useWords } from '../ui/hooks.js';
import { Icon, type IconName } from '../ui/icons.js';
import { STATE } from './use-open.js';

interface Shown {
  readonly kind: 'ok' | 'warn' | 'accent' | 'plain';
  readonly icon?: IconName;
  readonly label: MessageKey;
}

/** How a chat stands, by icon and word. `watching`: the viewer looks on. */
export const StateWord = ({
  thread,
  watching,
}: {
  thread: Thread;
  watching: boolean;
}): ReactElement | null => {
  const { t } = useWords();
  if (thread.version === 0) return null;
  const { kind, icon, label } = shownState(thread, watching);
  return (
    <span className="state-word" data-kind={kind}>
      {icon && <Icon name={icon} size={12} />} {t(label)}
    </span>
  );
};

const shownState = (thread: Thread, watching: boolean): Shown => {
  if (isClosed(thread)) return { kind: 'plain', label: 'closedWord' };
  switch (thread.state) {
    case STATE.CONVERSATION_STATE_QUEUED:
      return { kind: 'warn', icon: 'clock', label: 'waiting' };
    case STATE.CONVERSATION_STATE_ON_HOLD:
      return { kind: 'warn', icon: 'hold', label: 'onHold' };
    case STATE.CONVERSATION_STATE_PARKED:
      return { kind: 'plain', icon: 'park', label: 'parked' };
    case STATE.CONVERSATION_STATE_TAKING_MESSAGE:
      return { kind: 'warn', icon: 'mail', label: 'takingMessage' };
    case STATE.CONVERSATION_STATE_BOT:
      return { kind: 'plain', icon: 'spark', label: 'withBot' };
    case STATE.CONVERSATION_STATE_UNSPECIFIED:
    case STATE.CONVERSATION_STATE_ACTIVE:
    case STATE.CONVERSATION_STATE_CLOSED:
      return watching
        ? { kind: 'accent', icon: 'eye', label: 'watching' }
        : { kind: 'ok', icon: 'chats', label: 'active' };
  }
};
