import type { routing } from '@parley/contracts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Milliseconds from midnight of the wall clock, from inclusive, to exclusive. */
interface Period {
  readonly from: number;
  readonly to: number;
}

/** A schedule made ready for questions: periods by weekday (0 is Monday) and by date (days since 1970-01-01). */
interface Calendar {
  readonly zone: string;
  readonly weekly: readonly (readonly Period[])[];
  readonly exceptions: ReadonlyMap<number, { readonly name: string; readonly periods: readonly Period[] }>;
  /** The last date with an exception; -Infinity when there is none. */
  readonly lastException: number;
}

/** Open time within one local date. Instants in ms since 1970, from inclusive, to exclusive. */
export interface OpenTime {
  readonly from: number;
  readonly to: number;
}

/** One local date, or, where the clocks are changed, the part of it that has one offset. */
export interface DayPart {
  /** Days since 1970-01-01. */
  readonly date: number;
  readonly open: readonly OpenTime[];
  /** Name of the exception that applies; undefined when none does. */
  readonly exception: string | undefined;
  /** It begins with a change of the clocks. */
  readonly clockChange: boolean;
}

const calendars = new WeakMap<routing.Schedule, Calendar>();

/** True for a zone of the IANA database that this process knows; offsets such as +02:00 are none. */
export const isTimeZone = (zone: string): boolean => {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(zone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
};

/** Days since 1970-01-01 of an ISO date; undefined when there is no such date. */
export const dateOf = (iso: string): number | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return undefined;
  const ms = Date.parse(`${iso}T00:00:00Z`);
  // Date.parse takes 31 February for 3 March.
  return Number.isNaN(ms) || isoOf(ms / DAY_MS) !== iso ? undefined : ms / DAY_MS;
};

/** The ISO date of days since 1970-01-01. */
export const isoOf = (date: number): string => new Date(date * DAY_MS).toISOString().slice(0, 10);

const merged = (periods: readonly routing.DayPeriod[]): Period[] => {
  const found: { from: number; to: number }[] = [];
  for (const { fromMinute, toMinute } of [...periods].sort((a, b) => a.fromMinute - b.fromMinute)) {
    const from = fromMinute * MINUTE_MS;
    const to = Math.min(toMinute * MINUTE_MS, DAY_MS);
    const last = found.at(-1);
    if (from >= to) continue;
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
};

const calendarOf = (schedule: routing.Schedule): Calendar => {
  const known = calendars.get(schedule);
  if (known) return known;
  const exceptions = new Map<number, { name: string; periods: Period[] }>();
  for (const { date, name, periods } of schedule.exceptions) {
    const day = dateOf(date);
    if (day !== undefined) exceptions.set(day, { name, periods: merged(periods) });
  }
  const calendar: Calendar = {
    // A zone is checked when its schedule is stored; should a later zone database have dropped it, hours are not lost.
    zone: isTimeZone(schedule.timeZone) ? schedule.timeZone : 'UTC',
    weekly: [1, 2, 3, 4, 5, 6, 7].map((day) =>
      merged(schedule.weekly.filter((period) => period.day === day)),
    ),
    exceptions,
    lastException: Math.max(...exceptions.keys()),
  };
  calendars.set(schedule, calendar);
  return calendar;
};

/** The last date with an exception, in ms since 1970; -Infinity when there is none. */
export const lastExceptionAt = (schedule: routing.Schedule): number =>
  calendarOf(schedule).lastException * DAY_MS;

/** The first instant (ms) of the local date in which an instant lies. */
export const startOfDay = (schedule: routing.Schedule, at: number): number =>
  zoned(calendarOf(schedule), at).startOfDay().epochMilliseconds;

const zoned = ({ zone }: Calendar, at: number): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);

/**
 * Local dates with their open time, from the date of an instant on, without end. A queue is open exactly when a clock on
 * the wall of its zone shows a time within a period of that date: time that the clocks skip is never open, and time that
 * they repeat is open twice.
 */
export function* dayParts(schedule: routing.Schedule, at: number): Generator<DayPart> {
  const calendar = calendarOf(schedule);
  let from = at;
  let clockChange = false;
  for (;;) {
    const now = zoned(calendar, from);
    const offset = now.offsetNanoseconds / 1_000_000;
    const until = now.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
    // Within this offset, local time is the instant plus a constant.
    const last = (until - 1 + offset) / DAY_MS;
    for (let date = Math.floor((from + offset) / DAY_MS); date <= last; date++) {
      yield { ...dayOf(calendar, date, offset, from, until), clockChange };
      clockChange = false;
    }
    from = until;
    clockChange = true;
  }
}

const dayOf = (
  { weekly, exceptions }: Calendar,
  date: number,
  offset: number,
  from: number,
  until: number,
): Omit<DayPart, 'clockChange'> => {
  const exception = exceptions.get(date);
  // 1970-01-01 was a Thursday.
  const periods = exception?.periods ?? weekly[(((date + 3) % 7) + 7) % 7]!;
  const midnight = date * DAY_MS - offset;
  const open: OpenTime[] = [];
  for (const period of periods) {
    const clipped = {
      from: Math.max(midnight + period.from, from),
      to: Math.min(midnight + period.to, until),
    };
    if (clipped.from < clipped.to) open.push(clipped);
  }
  return { date, open, exception: exception?.name };
};
