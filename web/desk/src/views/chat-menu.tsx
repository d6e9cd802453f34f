import type { ReactElement } from 'react';
import { chatCommands } from '../desk/chat-commands.js';
import { keysLabel } from '../lib/keys.js';
import type { Thread } from '../state/thread.js';
import { useDesk, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { Menu } from '../ui/menu.js';
import { isMac } from './platform.js';

/** Shown elsewhere already: where one writes, and as a button of its own. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'reply',
  'note',
  'whisper',
  'close',
  'reopen',
  'takeFollowUp',
]);

/** What can be done with the open chat: transfer as a button, the rest in a menu. */
export const ChatMenu = ({ id, thread }: { id: string; thread: Thread }): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const fail = desk.notices.refused;
  const commands = chatCommands(desk, id, thread, fail).filter(
    ({ enabled, action }) => enabled && !ELSEWHERE.has(action),
  );
  const transfer = commands.find(({ action }) => action === 'transfer');
  return (
    <>
      {transfer && (
        <button
          type="button"
          className="button not-phone"
          title={`${t('transferChat')} (${keysLabel('Alt+T', isMac)})`}
          onClick={transfer.run}
        >
          <Icon name="transfer" /> {t('transfer')}
        </button>
      )}
      {commands.length > 0 && (
        <Menu
          label={t('moreActions')}
          className="icon-button"
          button={<Icon name="more" />}
          items={commands.map(({ action, label, icon, keys, run }) => ({
            id: action,
            label: t(label),
            icon: <Icon name={icon} />,
            ...(keys ? { keys: keysLabel(keys, isMac) } : {}),
            run,
          }))}
        />
      )}
    </>
  );
};
