import type { routingEvents } from '@parley/client';

export type Period = routingEvents.DayPeriod;
type Weekly = routingEvents.WeeklyPeriod;

const DAY = 24 * 60;

/** Minutes after midnight of a time as people write it (9, 9:30, 0930, 24:00); undefined when it is none. */
export const minutesOf = (text: string): number | undefined => {
  const found = /^\s*(\d{1,2})(?:[:.h]?(\d{2}))?\s*$/.exec(text);
  if (!found) return undefined;
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  const all = hours * 60 + minutes;
  return minutes < 60 && all <= DAY ? all : undefined;
};

/** A time of the day, such as 09:30; the day's end is 24:00. */
export const timeText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** The periods of one weekday (1 is Monday), each with its index among all. */
export const periodsOf = (weekly: readonly Weekly[], day: number): readonly (Period & { index: number })[] =>
  weekly
    .map((period, index) => ({ ...period, index }))
    .filter((period) => period.day === day)
    .sort((a, b) => (a.fromMinute ?? 0) - (b.fromMinute ?? 0));

/** All periods after those of one day were replaced. */
export const withDay = (weekly: readonly Weekly[], day: number, periods: readonly Period[]): Weekly[] =>
  [
    ...weekly.filter((period) => period.day !== day),
    ...periods.map(({ fromMinute, toMinute }) => ({ day, fromMinute, toMinute })),
  ].sort((a, b) => (a.day ?? 0) - (b.day ?? 0) || (a.fromMinute ?? 0) - (b.fromMinute ?? 0));

/** All periods after those of one day were copied to others. */
export const copyDay = (weekly: readonly Weekly[], from: number, to: readonly number[]): Weekly[] =>
  to.reduce<Weekly[]>((all, day) => withDay(all, day, periodsOf(weekly, from)), [...weekly]);

/** What a further period of a day would be: after the last one, else office hours. Undefined when the day is full. */
export const nextPeriod = (periods: readonly Period[]): Period | undefined => {
  const last = Math.max(0, ...periods.map(({ toMinute = 0 }) => toMinute));
  if (periods.length === 0) return { fromMinute: 9 * 60, toMinute: 17 * 60 };
  if (last >= DAY) return undefined;
  const fromMinute = Math.min(last + 60, DAY - 60) > last ? Math.min(last + 60, DAY - 60) : last;
  return { fromMinute, toMinute: Math.min(DAY, fromMinute + 4 * 60) };
};

/** A zone's distance from UTC at an instant, in minutes east; undefined for an unknown zone. */
export const offsetOf = (zone: string, ms: number): number | undefined => {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      timeZoneName: 'longOffset',
    }).formatToParts(ms);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const found = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name);
    if (!found) return undefined;
    const size = Number(found[2] ?? 0) * 60 + Number(found[3] ?? 0);
    return found[1] === '-' ? -size : size;
  } catch {
    return undefined;
  }
};

/** By how many minutes the clocks of a zone go forward (or, negative, back) on a date; 0 when they do not. */
export const clockShift = (zone: string, date: string): number => {
  const start = (utc: number): number => offsetOf(zone, utc - (offsetOf(zone, utc) ?? 0) * 60_000) ?? 0;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight)) return 0;
  return start(midnight + DAY * 60_000) - start(midnight);
};
