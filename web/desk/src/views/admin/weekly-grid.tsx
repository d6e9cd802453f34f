import type { ReactElement } from 'react';
import { copyDay, periodsOf, withDay } from '../../state/admin/hours.js';
import { FieldError } from '../../ui/fields.js';
import { Icon } from '../../ui/icons.js';
import { Menu } from '../../ui/menu.js';
import { DayBar, DayPeriods } from './day-periods.js';
import type { ScheduleForm } from './schedule-form.js';
import { useAdminWords } from './words.js';

const DAYS = [1, 2, 3, 4, 5, 6, 7];
/** A Monday. */
const MONDAY = Date.UTC(2026, 0, 5);

/** The week's open hours, a day a row. */
export const WeeklyGrid = ({ form }: { form: ScheduleForm }): ReactElement => {
  const { t, tag } = useAdminWords();
  const weekly = form.value.weekly ?? [];
  const names = new Intl.DateTimeFormat(tag, { weekday: 'long', timeZone: 'UTC' });
  const nameOf = (day: number): string => names.format(MONDAY + (day - 1) * 86_400_000);
  const problemAt = (index: number): string | undefined =>
    [...form.problems].find(
      ([path]) => path === `weekly[${index}]` || path.startsWith(`weekly[${index}].`),
    )?.[1];
  const copies = (day: number) => [
    {
      id: 'workdays',
      label: t('copyToWorkdays'),
      run: () => form.set({ weekly: copyDay(weekly, day, DAYS.slice(0, 5)) }),
    },
    { id: 'all', label: t('copyToAll'), run: () => form.set({ weekly: copyDay(weekly, day, DAYS) }) },
  ];
  return (
    <div className="weekly">
      {DAYS.map((day) => {
        const periods = periodsOf(weekly, day);
        return (
          <div key={day} className="weekly-day" role="group" aria-label={nameOf(day)}>
            <span className="weekly-name">{nameOf(day)}</span>
            <DayBar periods={periods} />
            <DayPeriods
              day={nameOf(day)}
              periods={periods}
              problem={(index) => problemAt(periods[index]?.index ?? -1)}
              onChange={(next) => form.set({ weekly: withDay(weekly, day, next) })}
            />
            <Menu
              label={t('copyDay', { day: nameOf(day) })}
              className="icon-button"
              button={<Icon name="copy" />}
              items={copies(day)}
            />
          </div>
        );
      })}
      {form.problem('weekly') && <FieldError error={form.problem('weekly') ?? ''} />}
    </div>
  );
};
