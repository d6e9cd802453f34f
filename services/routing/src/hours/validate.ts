import type { routing } from '@parley/contracts';
import { isId } from '@parley/kernel';
import type { ConfigProblem } from '../domain/ports.js';
import { dateOf, isTimeZone } from './calendar.js';

const DAY_MINUTES = 1440;
const MOST_PERIODS = 100;
const MOST_EXCEPTIONS = 400;

const WEEKLY_EXAMPLE = '{"day": 1, "fromMinute": 540, "toMinute": 1020} (Mondays from 09:00 to 17:00)';
const PERIOD_EXAMPLE = '{"fromMinute": 540, "toMinute": 1020} (from 09:00 to 17:00)';

/** Everything that is wrong with a schedule; empty when it may be stored. */
export const scheduleProblems = (schedule: routing.Schedule): ConfigProblem[] => [
  ...identity(schedule),
  ...weekly(schedule.weekly),
  ...exceptions(schedule.exceptions),
];

const identity = ({ scheduleId, name, timeZone }: routing.Schedule): ConfigProblem[] => {
  const problems: ConfigProblem[] = [];
  if (!isId(scheduleId))
    problems.push({
      field: 'schedule.scheduleId',
      reason: 'must be 1 to 64 letters, digits, "_" or "-"',
      example: 'office-berlin',
    });
  if (name.trim() === '' || name.length > 200)
    problems.push({
      field: 'schedule.name',
      reason: 'must have 1 to 200 characters',
      example: 'Office Berlin',
    });
  if (!isTimeZone(timeZone))
    problems.push({
      field: 'schedule.timeZone',
      reason: timeZone
        ? `"${timeZone.slice(0, 60)}" is no zone of the IANA database; an offset such as +02:00 is none, since it knows no daylight saving`
        : 'a zone of the IANA database is required',
      example: 'Europe/Berlin',
    });
  return problems;
};

const weekly = (periods: readonly routing.WeeklyPeriod[]): ConfigProblem[] => {
  if (periods.length > MOST_PERIODS)
    return [
      {
        field: 'schedule.weekly',
        reason: `has ${periods.length} periods; ${MOST_PERIODS} are allowed`,
        example: WEEKLY_EXAMPLE,
      },
    ];
  const problems: ConfigProblem[] = [];
  const byDay = new Map<number, { period: routing.DayPeriod; field: string }[]>();
  periods.forEach((period, i) => {
    const field = `schedule.weekly[${i}]`;
    if (!Number.isInteger(period.day) || period.day < 1 || period.day > 7)
      problems.push({
        field: `${field}.day`,
        reason: `${period.day} is no day; 1 is Monday, 7 is Sunday`,
        example: '1',
      });
    else byDay.set(period.day, [...(byDay.get(period.day) ?? []), { period, field }]);
    problems.push(...wrongTimes(period, field, WEEKLY_EXAMPLE));
  });
  for (const sameDay of byDay.values()) problems.push(...overlaps(sameDay, WEEKLY_EXAMPLE));
  return problems;
};

const exceptions = (found: readonly routing.ScheduleException[]): ConfigProblem[] => {
  if (found.length > MOST_EXCEPTIONS)
    return [
      {
        field: 'schedule.exceptions',
        reason: `has ${found.length} dates; ${MOST_EXCEPTIONS} are allowed: remove those that are over`,
        example: '2026-12-25',
      },
    ];
  const problems: ConfigProblem[] = [];
  const dates = new Map<string, number>();
  found.forEach(({ date, name, periods }, i) => {
    const field = `schedule.exceptions[${i}]`;
    const year = Number(date.slice(0, 4));
    if (dateOf(date) === undefined || year < 1970 || year > 2199)
      problems.push({
        field: `${field}.date`,
        reason: `"${date.slice(0, 40)}" is no date from 1970-01-01 to 2199-12-31, written year-month-day`,
        example: '2026-12-25',
      });
    const before = dates.get(date);
    if (before !== undefined)
      problems.push({
        field: `${field}.date`,
        reason: `${date} is in exceptions[${before}] already; give all its periods there`,
        example: '2026-12-26',
      });
    else dates.set(date, i);
    if (name.length > 200)
      problems.push({
        field: `${field}.name`,
        reason: 'has more than 200 characters',
        example: 'Christmas Day',
      });
    if (periods.length > MOST_PERIODS)
      problems.push({
        field: `${field}.periods`,
        reason: `has ${periods.length} periods; ${MOST_PERIODS} are allowed`,
        example: PERIOD_EXAMPLE,
      });
    else {
      const each = periods.map((period, p) => ({ period, field: `${field}.periods[${p}]` }));
      for (const one of each) problems.push(...wrongTimes(one.period, one.field, PERIOD_EXAMPLE));
      problems.push(...overlaps(each, PERIOD_EXAMPLE));
    }
  });
  return problems;
};

const isMinute = (minute: number): boolean =>
  Number.isInteger(minute) && minute >= 0 && minute <= DAY_MINUTES;

const wrongTimes = (
  { fromMinute, toMinute }: routing.DayPeriod,
  field: string,
  example: string,
): ConfigProblem[] => {
  if (!isMinute(fromMinute) || fromMinute === DAY_MINUTES)
    return [
      {
        field: `${field}.fromMinute`,
        reason: `${fromMinute} is no minute of a day, 0 (00:00) to 1439 (23:59)`,
        example,
      },
    ];
  if (!isMinute(toMinute))
    return [
      {
        field: `${field}.toMinute`,
        reason: `${toMinute} is no minute of a day, 1 (00:01) to 1440 (24:00); time past midnight belongs to the next day's periods`,
        example,
      },
    ];
  if (toMinute <= fromMinute)
    return [
      {
        field: `${field}.toMinute`,
        reason: 'must be after fromMinute; time past midnight belongs to the next day, from minute 0 on',
        example,
      },
    ];
  return [];
};

const overlaps = (
  periods: readonly { readonly period: routing.DayPeriod; readonly field: string }[],
  example: string,
): ConfigProblem[] => {
  const sorted = [...periods].sort((a, b) => a.period.fromMinute - b.period.fromMinute);
  const problems: ConfigProblem[] = [];
  let last = sorted[0];
  for (const next of sorted.slice(1)) {
    if (last && next.period.fromMinute < last.period.toMinute)
      problems.push({
        field: next.field,
        reason: `overlaps ${last.field}; make one period of the two`,
        example,
      });
    if (last && next.period.toMinute > last.period.toMinute) last = next;
  }
  return problems;
};
