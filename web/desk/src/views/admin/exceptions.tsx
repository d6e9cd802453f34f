import type { ReactElement } from 'react';
import { FieldError } from '../../ui/fields.js';
import { Icon } from '../../ui/icons.js';
import { IconButton } from '../../ui/parts.js';
import { DayPeriods } from './day-periods.js';
import type { ScheduleForm } from './schedule-form.js';
import { useAdminWords } from './words.js';

/** Dates with hours of their own: holidays, inventory days, long Saturdays. */
export const Exceptions = ({ form }: { form: ScheduleForm }): ReactElement => {
  const { t } = useAdminWords();
  const exceptions = form.value.exceptions ?? [];
  const change = (at: number, next: Partial<(typeof exceptions)[number]>): void =>
    form.set({
      exceptions: exceptions.map((one, index) => (index === at ? { ...one, ...next } : one)),
    });
  return (
    <div className="exceptions">
      {exceptions.map(({ date = '', name = '', periods = [] }, index) => {
        const path = `exceptions[${index}]`;
        const wrong = (field: string): string | undefined => form.problem(`${path}.${field}`);
        const whole = form.problem(path) ?? wrong('date') ?? wrong('name') ?? wrong('periods');
        return (
          <div key={index} className="exception" role="group" aria-label={name || date || t('newException')}>
            <input
              className="input"
              type="date"
              aria-label={t('date')}
              aria-invalid={Boolean(wrong('date'))}
              value={date}
              onChange={(event) => change(index, { date: event.target.value })}
            />
            <input
              className="input"
              type="text"
              dir="auto"
              maxLength={200}
              aria-label={t('exceptionName')}
              placeholder={t('exceptionName')}
              aria-invalid={Boolean(wrong('name'))}
              value={name}
              onChange={(event) => change(index, { name: event.target.value })}
            />
            <DayPeriods
              day={name || date}
              periods={periods}
              problem={(at) =>
                [...form.problems].find(([field]) => field.startsWith(`${path}.periods[${at}]`))?.[1]
              }
              onChange={(next) => change(index, { periods: next })}
            />
            <IconButton
              icon="trash"
              label={t('removeNamed', { name: name || date })}
              onClick={() => form.set({ exceptions: exceptions.filter((_, other) => other !== index) })}
            />
            {whole && <FieldError error={whole} />}
          </div>
        );
      })}
      <button
        type="button"
        className="quiet-button"
        onClick={() => form.set({ exceptions: [...exceptions, { date: '', name: '', periods: [] }] })}
      >
        <Icon name="plus" size={13} /> {t('addException')}
      </button>
    </div>
  );
};
