import type { ReactElement } from 'react';
import type { WorkflowNote } from '../../../state/admin/problems.js';
import { Icon } from '../../../ui/icons.js';
import { useAdminWords } from '../words.js';

/** What is wrong at a place of the workflow, each with what would be right. */
export const Notes = ({
  id,
  notes,
}: {
  id?: string;
  notes: readonly WorkflowNote[];
}): ReactElement | null => {
  const { t } = useAdminWords();
  if (notes.length === 0) return null;
  return (
    <ul className="notes" id={id}>
      {notes.map(({ reason, example, warning, path }, index) => (
        <li key={`${path}-${index}`} className={warning ? 'form-warning' : 'form-error'}>
          <Icon name="alert" size={13} />
          <span>
            {warning && <strong>{t('warning')}: </strong>}
            {reason}
            {example && (
              <span className="note-example">
                {t('forExample')} <code>{example}</code>
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
};
