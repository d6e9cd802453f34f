import { type ReactElement, useId, useMemo } from 'react';
import { offsetOf } from '../../state/admin/hours.js';
import { Field } from '../../ui/fields.js';
import { useNow } from '../../ui/hooks.js';
import { useAdminWords } from './words.js';

const offsetText = (minutes: number): string => {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
};

/** A zone of the IANA database, found by typing a part of its name. */
export const ZoneField = ({
  value,
  error,
  onChange,
}: {
  value: string;
  error: string | undefined;
  onChange: (zone: string) => void;
}): ReactElement => {
  const { t, formats, tag } = useAdminWords();
  const now = useNow();
  const listId = useId();
  const zones = useMemo(() => ['UTC', ...Intl.supportedValuesOf('timeZone')], []);
  const offset = offsetOf(value, now);
  const time = (): string =>
    new Intl.DateTimeFormat(tag, { timeStyle: 'short', timeZone: value }).format(now);
  return (
    <Field
      label={t('timeZone')}
      error={error ?? (value && offset === undefined ? t('zoneUnknown') : undefined)}
      hint={
        value && offset !== undefined
          ? t('zoneNow', { time: time(), offset: offsetText(offset) })
          : t('zoneHint', { count: formats.number(zones.length) })
      }
    >
      {(described) => (
        <>
          <input
            {...described}
            className="input"
            type="text"
            list={listId}
            autoComplete="off"
            spellCheck={false}
            placeholder="Europe/Berlin"
            value={value}
            onChange={(event) => onChange(event.target.value.trim())}
          />
          <datalist id={listId}>
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
};
