/** A labelled line of input with its error below. */
export const Field = (props: {
  name: string;
  label: string;
  hint?: string;
  keyboard?: 'text' | 'email';
  value: string;
  error?: string;
  onInput: (value: string) => void;
}) => {
  const { name, label, hint, keyboard = 'text', value, error, onInput } = props;
  const id = `field-${name}`;
  return (
    <div class="field">
      <label for={id}>
        {label}
        {hint && <span class="field-hint"> ({hint})</span>}
      </label>
      <input
        id={id}
        name={name}
        type="text"
        inputMode={keyboard}
        dir="auto"
        maxLength={200}
        autocomplete={name === 'email' ? 'email' : name === 'name' ? 'name' : 'off'}
        value={value}
        aria-invalid={!!error}
        aria-describedby={error ? `${id}-error` : undefined}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {error && (
        <p id={`${id}-error`} class="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
};

/** Good enough to send to; the mail server knows better. */
export const isEmail = (value: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim());
