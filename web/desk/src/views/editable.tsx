import { type ReactElement, useState } from 'react';
import { useWords } from '../ui/hooks.js';

/** A text that becomes a field when it is clicked: Enter or leaving it saves, Escape does not. */
export const Editable = ({
  label,
  value,
  placeholder = '–',
  type = 'text',
  className = '',
  onSave,
}: {
  label: string;
  value: string;
  placeholder?: string;
  type?: 'text' | 'email';
  className?: string;
  onSave: (value: string) => void;
}): ReactElement => {
  const { t } = useWords();
  const [editing, setEditing] = useState(false);
  if (!editing)
    return (
      <button
        type="button"
        className={`editable ${className}`}
        data-empty={value === ''}
        aria-label={t('edit', { label, value: value || placeholder })}
        onClick={() => setEditing(true)}
      >
        <span dir="auto">{value || placeholder}</span>
      </button>
    );
  const finish = (next: string): void => {
    setEditing(false);
    if (next.trim() !== value) onSave(next.trim());
  };
  return (
    <input
      className={`editable-field ${className}`}
      type={type}
      autoFocus
      aria-label={label}
      defaultValue={value}
      maxLength={320}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={(event) => finish(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(event.currentTarget.value);
        else if (event.key === 'Escape') setEditing(false);
        else return;
        event.preventDefault();
      }}
    />
  );
};
