import type { ReactElement } from 'react';
import { Dialog } from '../../ui/dialog.js';
import { useDesk, useStore } from '../../ui/hooks.js';
import { IconButton } from '../../ui/parts.js';
import { WhyPanel } from './why-panel.js';
import { useWhyWords } from './words.js';

/** The why-panel of a chat, without opening the chat. */
export const WhyDialog = ({
  id,
  name,
  onClose,
}: {
  id: string;
  name: string;
  onClose: () => void;
}): ReactElement => {
  const { t } = useWhyWords();
  const row = useStore(useDesk().inbox).rows.get(id);
  const title = t('routingOf', { name: name || t('visitor') });
  return (
    <Dialog label={title} className="why" onClose={onClose}>
      <div className="dialog-head">
        <h2 className="dialog-title">{title}</h2>
        <IconButton icon="close" label={t('dismiss')} onClick={onClose} />
      </div>
      <div className="why-scroll" tabIndex={0} role="region" aria-label={title}>
        <WhyPanel
          id={id}
          waiting={row?.state === 'CONVERSATION_STATE_QUEUED'}
          version={`${row?.state} ${row?.agentIds?.join()}`}
        />
      </div>
    </Dialog>
  );
};
