import { type ComponentProps, type ReactElement, type ReactNode, useId } from 'react';
import { Icon } from './icons.js';

interface Described {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with it, in words; shown at the field and read out with it. */
  readonly error?: string | undefined;
}

/** A labelled control with its hint and its error. */
export const Field = ({
  label,
  hint,
  error,
  className = '',
  children,
}: FieldProps & {
  className?: string;
  children: (described: Described) => ReactNode;
}): ReactElement => {
  const id = useId();
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div className={`form-field ${className}`} data-wrong={Boolean(error)}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': describedBy || undefined, 'aria-invalid': Boolean(error) })}
      {error && <FieldError id={`${id}-error`} error={error} />}
      {hint && (
        <p className="form-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
};

/** What is wrong with a field. */
export const FieldError = ({ id, error }: { id?: string; error: string }): ReactElement => (
  <p className="form-error" id={id}>
    <Icon name="alert" size={13} /> <span>{error}</span>
  </p>
);

/** A line that is typed, of any kind. */
const LineField = ({
  field,
  onChange,
  ...input
}: {
  field: FieldProps;
  onChange: (value: string) => void;
} & Omit<ComponentProps<'input'>, 'onChange'>): ReactElement => (
  <Field {...field}>
    {(described) => (
      <input {...described} className="input" {...input} onChange={(event) => onChange(event.target.value)} />
    )}
  </Field>
);

/** A line of text. */
export const TextField = ({
  value,
  onChange,
  maxLength = 200,
  readOnly = false,
  required = false,
  placeholder,
  ...field
}: FieldProps & {
  value: string;
  onChange: (value: string) => void;
  maxLength?: number;
  readOnly?: boolean;
  required?: boolean;
  placeholder?: string;
}): ReactElement => (
  <LineField
    type="text"
    dir="auto"
    aria-required={required || undefined}
    {...{ field, value, onChange, maxLength, readOnly, placeholder }}
  />
);

/** A password. `autoComplete`: which one, for password managers. */
export const SecretField = ({
  value,
  onChange,
  autoComplete,
  ...field
}: FieldProps & {
  value: string;
  onChange: (value: string) => void;
  autoComplete: 'current-password' | 'new-password';
}): ReactElement => (
  <LineField type="password" required maxLength={1024} {...{ field, value, onChange, autoComplete }} />
);

/** A whole number; 0 is shown as an empty field, and `none` says what that means. */
export const NumberField = ({
  value,
  onChange,
  unit,
  none,
  max,
  min = 0,
  ...field
}: FieldProps & {
  value: number;
  onChange: (value: number) => void;
  unit?: string;
  /** What an empty field means, such as "20 (default)". */
  none: string;
  min?: number;
  max: number;
}): ReactElement => (
  <Field {...field} className="form-number">
    {(described) => (
      <span className="input-unit">
        <input
          {...described}
          className="input"
          type="number"
          inputMode="numeric"
          step={1}
          {...{ min, max }}
          placeholder={none}
          value={value || ''}
          onChange={({ target }) => {
            const next = Math.trunc(Number(target.value));
            onChange(Number.isFinite(next) ? Math.max(0, next) : 0);
          }}
        />
        {unit && <span aria-hidden="true">{unit}</span>}
      </span>
    )}
  </Field>
);

/** One of several values. */
export const SelectField = <T extends string>({
  value,
  onChange,
  options,
  ...field
}: FieldProps & {
  value: T;
  onChange: (value: T) => void;
  options: readonly (readonly [T, string])[];
}): ReactElement => (
  <Field {...field}>
    {(described) => (
      <select
        {...described}
        className="input"
        value={value}
        onChange={(event) => {
          const chosen = options.find(([option]) => option === event.target.value);
          if (chosen) onChange(chosen[0]);
        }}
      >
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    )}
  </Field>
);

/** On or off. */
export const SwitchField = ({
  label,
  hint,
  error,
  on,
  onChange,
}: FieldProps & { on: boolean; onChange: (on: boolean) => void }): ReactElement => {
  const id = useId();
  return (
    <div className="form-field">
      <label className="toggle">
        <input
          type="checkbox"
          role="switch"
          aria-describedby={hint ? `${id}-hint` : undefined}
          checked={on}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span className="setting-words">
          <span className="setting-name">{label}</span>
          {hint && (
            <span className="setting-detail" id={`${id}-hint`}>
              {hint}
            </span>
          )}
        </span>
      </label>
      {error && <FieldError error={error} />}
    </div>
  );
};

/** Some of several values. */
export const CheckGroup = ({
  label,
  hint,
  error,
  chosen,
  options,
  onChange,
}: FieldProps & {
  chosen: readonly string[];
  options: readonly (readonly [string, string])[];
  onChange: (chosen: string[]) => void;
}): ReactElement => {
  const id = useId();
  return (
    <fieldset className="form-field" aria-describedby={hint ? `${id}-hint` : undefined}>
      <legend>{label}</legend>
      <div className="check-group">
        {options.map(([option, words]) => (
          <label key={option} className="check">
            <input
              type="checkbox"
              checked={chosen.includes(option)}
              onChange={(event) =>
                onChange(
                  event.target.checked ? [...chosen, option] : chosen.filter((other) => other !== option),
                )
              }
            />
            <span dir="auto">{words}</span>
          </label>
        ))}
      </div>
      {error && <FieldError error={error} />}
      {hint && (
        <p className="form-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </fieldset>
  );
};
