import type { ReactElement } from 'react';
import { nextPeriod, type Period } from '../../state/admin/hours.js';
import { FieldError } from '../../ui/fields.js';
import { IconButton } from '../../ui/parts.js';
import { TimeField } from './time-field.js';
import { useAdminWords } from './words.js';

/** The open periods of a day as bars on 24 hours. */
export const DayBar = ({ periods }: { periods: readonly Period[] }): ReactElement => (
  <span className="day-bar" aria-hidden="true">
    {periods.map(({ fromMinute = 0, toMinute = 0 }, index) => (
      <i
        key={index}
        style={{
          insetInlineStart: `${fromMinute / 14.4}%`,
          inlineSize: `${Math.max(0, toMinute - fromMinute) / 14.4}%`,
        }}
      />
    ))}
  </span>
);

/** The open periods of a day, to be changed. `problem`: what is wrong with the one at an index. */
export const DayPeriods = ({
  day,
  periods,
  problem,
  onChange,
}: {
  /** For screen readers. */
  day: string;
  periods: readonly Period[];
  problem: (index: number) => string | undefined;
  onChange: (periods: Period[]) => void;
}): ReactElement => {
  const { t } = useAdminWords();
  const further = nextPeriod(periods);
  const change = (at: number, change: Period): void =>
    onChange(periods.map((period, index) => (index === at ? { ...period, ...change } : period)));
  return (
    <div className="day-periods">
      {periods.length === 0 && <span className="quiet">{t('closedAllDay')}</span>}
      {periods.map(({ fromMinute = 0, toMinute = 0 }, index) => (
        <span key={index} className="day-period">
          <TimeField
            label={t('opensOn', { day })}
            minutes={fromMinute}
            wrong={problem(index) !== undefined}
            onChange={(next) => change(index, { fromMinute: next })}
          />
          <span aria-hidden="true">–</span>
          <TimeField
            label={t('closesOn', { day })}
            minutes={toMinute}
            wrong={problem(index) !== undefined || toMinute <= fromMinute}
            onChange={(next) => change(index, { toMinute: next })}
          />
          <IconButton
            icon="close"
            label={t('removePeriod', { day })}
            onClick={() => onChange(periods.filter((_, other) => other !== index))}
          />
        </span>
      ))}
      {further && (
        <IconButton
          icon="plus"
          label={t('addPeriod', { day })}
          onClick={() => onChange([...periods, further])}
        />
      )}
      {periods.map((_, index) => problem(index) && <FieldError key={index} error={problem(index) ?? ''} />)}
    </div>
  );
};
