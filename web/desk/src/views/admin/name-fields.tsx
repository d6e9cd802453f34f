import type { ReactElement } from 'react';
import { TextField } from '../../ui/fields.js';
import type { Form, Versioned } from './use-form.js';
import { useAdminWords } from './words.js';

/** Name and, for something new, the id that cannot be changed later. */
export const NameFields = <T extends Versioned & { name?: string | undefined }>({
  form,
  idField,
  isNew,
}: {
  form: Form<T>;
  idField: keyof T & string;
  isNew: boolean;
}): ReactElement => {
  const { t } = useAdminWords();
  return (
    <div className="name-fields">
      <TextField
        label={t('name')}
        error={form.problem('name')}
        required
        value={form.value.name ?? ''}
        onChange={(name) => form.set({ name } as Partial<T>)}
      />
      {isNew && (
        <TextField
          label={t('idLabel')}
          hint={t('idHint')}
          error={form.problem(idField)}
          maxLength={64}
          placeholder={t('idPlaceholder')}
          value={String(form.value[idField] ?? '')}
          onChange={(id) => form.set({ [idField]: id } as Partial<T>)}
        />
      )}
    </div>
  );
};
