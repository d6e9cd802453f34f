import type { ReactElement } from 'react';
import { closeConversation, reopenConversation } from '../desk/desk.js';
import { goUp } from '../desk/navigation.js';
import { openDialog } from '../desk/ui-state.js';
import type { MessageKey } from '../i18n/translate.js';
import { Dialog } from '../ui/dialog.js';
import { useDesk, useWords } from '../ui/hooks.js';
import { Icon, type IconName } from '../ui/icons.js';
import { Keys } from '../ui/parts.js';

type Reason = Parameters<typeof closeConversation>[2];

const REASONS: readonly { reason: Reason; label: MessageKey; detail: MessageKey; icon: IconName }[] = [
  { reason: 'CLOSE_REASON_RESOLVED', label: 'resolved', detail: 'resolvedDetail', icon: 'check' },
  { reason: 'CLOSE_REASON_UNRESOLVED', label: 'unresolved', detail: 'unresolvedDetail', icon: 'clock' },
  { reason: 'CLOSE_REASON_SPAM', label: 'spam', detail: 'spamDetail', icon: 'close' },
];

/** Asks how the conversation ended: by click, or 1, 2 and 3. */
export const CloseDialog = ({ id, fail }: { id: string; fail: (error: Error) => void }): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const close = (reason: Reason, label: MessageKey): void => {
    openDialog(undefined);
    goUp();
    closeConversation(desk, id, reason).then(
      () =>
        desk.notices.show({
          kind: 'info',
          text: t('closedNotice', { reason: t(label) }),
          action: { label: t('reopen'), run: () => void reopenConversation(desk, id).catch(fail) },
        }),
      fail,
    );
  };
  return (
    <Dialog label={t('closeTitle')} onClose={() => openDialog(undefined)}>
      <h2 className="dialog-title">{t('closeTitle')}</h2>
      <div
        className="choices"
        onKeyDown={(event) => {
          const choice = REASONS[Number(event.key) - 1];
          if (choice) close(choice.reason, choice.label);
        }}
      >
        {REASONS.map(({ reason, label, detail, icon }, index) => (
          <button
            key={reason}
            type="button"
            className="choice"
            autoFocus={index === 0}
            onClick={() => close(reason, label)}
          >
            <Icon name={icon} />
            <span className="menu-words">
              <span>{t(label)}</span>
              <span className="menu-detail">{t(detail)}</span>
            </span>
            <Keys keys={String(index + 1)} />
          </button>
        ))}
      </div>
    </Dialog>
  );
};
