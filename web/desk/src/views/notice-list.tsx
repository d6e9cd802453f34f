import type { ReactElement } from 'react';
import { refusalWords } from '../i18n/error-words.js';
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
      {list.map((notice) => (
        <div key={notice.id} className="notice" data-kind={notice.kind}>
          <Icon name={notice.kind === 'error' ? 'alert' : 'check'} />
          <span>{'text' in notice ? notice.text : refusalWords(notice.refusal, t)}</span>
          {'text' in notice && notice.action && <Act id={notice.id} {...notice.action} />}
          <IconButton icon="close" label={t('dismiss')} onClick={() => notices.dismiss(notice.id)} />
        </div>
      ))}
    </div>
  );
};

const Act = ({ id, label, run }: { id: number; label: string; run: () => void }): ReactElement => {
  const { notices } = useDesk();
  return (
    <button
      type="button"
      className="link"
      onClick={() => {
        notices.dismiss(id);
        run();
      }}
    >
      {label}
    </button>
  );
};
