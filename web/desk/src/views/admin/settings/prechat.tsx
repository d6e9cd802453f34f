import type { gateway } from '@parley/client';
import type { ReactElement } from 'react';
import { FieldError } from '../../../ui/fields.js';
import { Icon } from '../../../ui/icons.js';
import { IconButton } from '../../../ui/parts.js';
import { useAdminWords } from '../words.js';

const MOST = 10;

/** What the widget asks before a chat begins. */
export const Prechat = ({
  fields,
  problem,
  onChange,
}: {
  fields: readonly gateway.PrechatField[];
  /** What is wrong with a field, by the path after `prechat`. */
  problem: (path: string) => string | undefined;
  onChange: (fields: gateway.PrechatField[]) => void;
}): ReactElement => {
  const { t } = useAdminWords();
  const change = (at: number, next: Partial<gateway.PrechatField>): void =>
    onChange(fields.map((one, index) => (index === at ? { ...one, ...next } : one)));
  return (
    <fieldset className="form-field prechat">
      <legend>{t('prechat')}</legend>
      <p className="form-hint">{t('prechatHint')}</p>
      {fields.map(({ name = '', label = '', required = false }, index) => {
        const wrong = problem(`[${index}].name`) ?? problem(`[${index}].label`) ?? problem(`[${index}]`);
        return (
          <div key={index} className="prechat-field" role="group" aria-label={label || name || t('newField')}>
            <input
              className="input"
              aria-label={t('fieldName')}
              aria-invalid={Boolean(problem(`[${index}].name`))}
              placeholder={t('fieldName')}
              maxLength={64}
              spellCheck={false}
              value={name}
              onChange={({ target }) => change(index, { name: target.value })}
            />
            <input
              className="input"
              dir="auto"
              aria-label={t('fieldLabel')}
              placeholder={t('fieldLabel')}
              maxLength={200}
              value={label}
              onChange={({ target }) => change(index, { label: target.value })}
            />
            <label className="check">
              <input
                type="checkbox"
                checked={required}
                onChange={({ target }) => change(index, { required: target.checked })}
              />
              <span>{t('fieldRequired')}</span>
            </label>
            <IconButton
              icon="trash"
              label={t('removeNamed', { name: label || name || t('newField') })}
              onClick={() => onChange(fields.filter((_, other) => other !== index))}
            />
            {wrong && <FieldError error={wrong} />}
          </div>
        );
      })}
      {fields.length < MOST && (
        <button
          type="button"
          className="quiet-button"
          onClick={() => onChange([...fields, { name: '', label: '', required: false }])}
        >
          <Icon name="plus" size={13} /> {t('addField')}
        </button>
      )}
    </fieldset>
  );
};
