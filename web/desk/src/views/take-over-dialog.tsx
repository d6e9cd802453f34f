import type { ReactElement } from 'react';
import { careFor } from '../desk/care.js';
import { openDialog, write } from '../desk/ui-state.js';
import { Dialog } from '../ui/dialog.js';
import { useDesk, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { useNames } from './use-names.js';
import { useOpen } from './use-open.js';

const close = (): void => openDialog(undefined);

/** Asks before a supervisor becomes a chat's agent. */
export const TakeOverDialog = ({ id, fail }: { id: string; fail: (error: Error) => void }): ReactElement => {
  const desk = useDesk();
  const { t } = useWords();
  const { thread } = useOpen(id, false);
  const names = useNames(thread.agentNames);
  const others = thread.agentIds.filter((agent) => agent !== desk.viewer.userId);
  const go = (): void => {
    close();
    careFor(desk, id, 'TakeOver').then(() => write('reply'), fail);
  };
  return (
    <Dialog label={t('takeOverTitle')} onClose={close}>
      <h2 className="dialog-title">{t('takeOverTitle')}</h2>
      <p className="dialog-text">
        {others.length > 0
          ? t('takeOverText', { names: others.map((agent) => names.person(agent)).join(', ') })
          : t('takeOverTextAlone')}
      </p>
      <div className="transfer-buttons">
        <button type="button" className="button" onClick={close}>
          {t('cancel')}
        </button>
        <button type="button" className="button primary" autoFocus onClick={go}>
          <Icon name="takeOver" /> {t('takeOver')}
        </button>
      </div>
    </Dialog>
  );
};
