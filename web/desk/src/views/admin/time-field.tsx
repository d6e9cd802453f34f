import { type ReactElement, useState } from 'react';
import { minutesOf, timeText } from '../../state/admin/hours.js';
import { useAdminWords } from './words.js';

/** A time of the day as people write it; 24:00 is the day's end. */
export const TimeField = ({
  label,
  minutes,
  wrong,
  onChange,
}: {
  label: string;
  minutes: number;
  wrong: boolean;
  onChange: (minutes: number) => void;
}): ReactElement => {
  const { t } = useAdminWords();
  const [text, setText] = useState<string>();
  const unreadable = text !== undefined && minutesOf(text) === undefined;
  const take = (): void => {
    const next = minutesOf(text ?? '');
    if (next !== undefined && next !== minutes) onChange(next);
    setText(undefined);
  };
  return (
    <input
      className="input time-field"
      type="text"
      inputMode="numeric"
      aria-label={label}
      aria-invalid={unreadable || wrong}
      title={unreadable ? t('timeExample') : undefined}
      maxLength={5}
      value={text ?? timeText(minutes)}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        if (event.key === 'Escape') setText(undefined);
      }}
    />
  );
};
