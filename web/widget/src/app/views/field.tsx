import type { ComponentChildren } from 'preact';

interface Input {
  name: string;
  label: string;
  hint?: string;
  value: string;
  error?: string | undefined;
  onInput: (value: string) => void;
}

const Labelled = ({ name, label, hint, error, children }: Input & { children: ComponentChildren }) => (
  <div class="field">
    <label for={`field-${name}`}>
      {label}
      {hint && <span class="field-hint"> ({hint})</span>}
    </label>
    {children}
    {error && (
      <p id={`field-${name}-error`} class="field-error" role="alert">
        {error}
      </p>
    )}
  </div>
);

/** What input and text area of a field have in common. */
const common = ({ name, value, error }: Input) => ({
  id: `field-${name}`,
  name,
  dir: 'auto' as const,
  value,
  'aria-invalid': !!error,
  'aria-describedby': error ? `field-${name}-error` : undefined,
});

/** A labelled line of input with its error below. */
export const Field = (props: Input & { keyboard?: 'text' | 'email' }) => {
  const { name, keyboard = 'text', onInput } = props;
  return (
    <Labelled {...props}>
      <input
        {...common(props)}
        type="text"
        inputMode={keyboard}
        maxLength={200}
        autocomplete={name === 'email' ? 'email' : name === 'name' ? 'name' : 'off'}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </Labelled>
  );
};

/** A labelled text of several lines with its error below. */
export const Area = (props: Input & { rows: number }) => (
  <Labelled {...props}>
    <textarea
      {...common(props)}
      rows={props.rows}
      maxLength={16_000}
      onInput={({ currentTarget }) => props.onInput(currentTarget.value)}
    />
  </Labelled>
);

/** Good enough to send to; the mail server knows better. */
export const isEmail = (value: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim());
