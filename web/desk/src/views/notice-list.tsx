import type { ReactElement } from 'react';
import { useDesk, useStore, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { IconButton } from '../ui/parts.js';

/** Short messages at the edge of the page. */
export const NoticeList = (): ReactElement => {
  const { notices } = useDesk();
  const { t } = useWords();
  const list = useStore(notices.list);
  return (
    <div className="notices" role="status">
      {list.map(({ id, kind, text, action }) => (
        <div key={id} className="notice" data-kind={kind}>
          <Icon name={kind === 'error' ? 'alert' : 'check'} />
          <span>{text}</span>
          {action && (
            <button
              type="button"
              className="link"
              onClick={() => {
                notices.dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <IconButton icon="close" label={t('dismiss')} onClick={() => notices.dismiss(id)} />
        </div>
      ))}
    </div>
  );
};
