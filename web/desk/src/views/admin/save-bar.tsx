import type { ReactElement } from 'react';
import { Icon } from '../../ui/icons.js';
import type { Form } from './use-form.js';
import { useAdminWords } from './words.js';

/** Save and discard, and what is in the way; stays in sight while there is something to save. */
export const SaveBar = <T,>({ form, isNew }: { form: Form<T>; isNew: boolean }): ReactElement => {
  const { t } = useAdminWords();
  const whole = form.problem('');
  const count = form.problems.size - (whole ? 1 : 0);
  return (
    <div className="save-bar" data-dirty={form.dirty}>
      <p className="save-state" role="status">
        {whole && (
          <span className="form-error">
            <Icon name="alert" size={13} /> {whole}
          </span>
        )}
        {count > 0 && (
          <span className="form-error">
            <Icon name="alert" size={13} /> {t('problemCount', { count })}
          </span>
        )}
        {form.problems.size === 0 && form.dirty && t('unsaved')}
      </p>
      {form.dirty && (
        <button type="button" className="button" disabled={form.saving} onClick={form.discard}>
          {t('discardChanges')}
        </button>
      )}
      <button
        type="submit"
        className="button primary"
        disabled={form.saving || form.conflict !== undefined || !(form.dirty || isNew)}
      >
        {t(form.saving ? 'saving' : isNew ? 'create' : 'save')}
      </button>
    </div>
  );
};
