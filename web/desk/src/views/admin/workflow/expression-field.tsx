import { type ReactElement, useId } from 'react';
import type { WorkflowNote } from '../../../state/admin/problems.js';
import { Notes } from './notes.js';

/** A CEL expression; what is wrong with it is shown as it is typed. */
export const ExpressionField = ({
  label,
  hint,
  placeholder,
  value,
  notes,
  onChange,
}: {
  label: string;
  hint: string;
  placeholder: string;
  value: string;
  notes: readonly WorkflowNote[];
  onChange: (value: string) => void;
}): ReactElement => {
  const id = useId();
  return (
    <div className="form-field" data-wrong={notes.some(({ warning }) => !warning)}>
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className="input expression"
        rows={Math.max(1, Math.min(6, value.split('\n').length))}
        spellCheck={false}
        autoComplete="off"
        maxLength={4096}
        dir="ltr"
        placeholder={placeholder}
        aria-describedby={`${id}-notes ${id}-hint`}
        aria-invalid={notes.some(({ warning }) => !warning)}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <Notes id={`${id}-notes`} notes={notes} />
      <p className="form-hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
};
