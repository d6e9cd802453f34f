import type { routing } from '@parley/contracts';
import type { Hours } from '../domain/ports.js';
import { dayParts, isoOf, lastExceptionAt, startOfDay, type OpenTime } from './calendar.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Weekly hours that change at all do so within it, even if the clocks skip a period once. */
const REPEATS_WITHIN_MS = 16 * DAY_MS;
const LONGEST_PROMISE_MS = 730 * DAY_MS;
/** Days of a preview when none are asked for. */
const PREVIEW_DAYS = 14;

/** Open time from an instant on, as long as possible in one piece, up to a limit (ms). */
function* openTimes(schedule: routing.Schedule, from: number, limit: number): Generator<OpenTime> {
  let held: OpenTime | undefined;
  for (const { date, open } of dayParts(schedule, from)) {
    for (const time of open) {
      if (held && held.to >= time.from) held = { from: held.from, to: time.to };
      else {
        if (held) yield held;
        held = time;
      }
    }
    // A local date is at most a day away from the same date of UTC.
    if ((date - 1) * DAY_MS > limit) break;
  }
  if (held) yield held;
}

/** Whether a schedule is open at an instant (ms), and until when; no schedule is always open. */
export const hoursAt = (schedule: routing.Schedule | undefined, now: number): Hours => {
  if (!schedule) return { open: true, until: undefined };
  const limit = Math.max(now, lastExceptionAt(schedule)) + REPEATS_WITHIN_MS;
  const [next] = openTimes(schedule, now, limit);
  if (!next) return { open: false, until: undefined };
  if (next.from > now) return { open: false, until: next.from };
  // Beyond the limit only what does not change at all is still open.
  return { open: true, until: next.to > limit ? undefined : next.to };
};

/**
 * The instant (ms) at which so many minutes of open time have passed: when an answer is promised. Undefined when the
 * schedule does not open for so long within two years.
 */
export const openMinutesLater = (
  schedule: routing.Schedule | undefined,
  now: number,
  minutes: number,
): number | undefined => {
  let left = minutes * MINUTE_MS;
  if (!schedule || left === 0) return now + left;
  for (const { from, to } of openTimes(schedule, now, now + LONGEST_PROMISE_MS)) {
    if (left <= to - from) return from + left;
    left -= to - from;
  }
  return undefined;
};

/** The opening times of the local dates from today on; a date that the zone skips altogether is not among them. */
export const previewSchedule = (
  schedule: routing.Schedule,
  now: number,
  days = PREVIEW_DAYS,
): routing.ScheduleDay[] => {
  const found = new Map<number, routing.ScheduleDay>();
  for (const { date, open, exception, clockChange } of dayParts(schedule, startOfDay(schedule, now))) {
    let day = found.get(date);
    if (!day) {
      // Two more than asked for: clocks that are set back over midnight show the end of a date after the next began.
      if (found.size === days + 2) break;
      day = { date: isoOf(date), periods: [], exception: exception ?? '', clockChange: false };
      found.set(date, day);
    }
    if (clockChange) day.clockChange = true;
    for (const time of open) {
      const last = day.periods.at(-1);
      if (last?.to?.getTime() === time.from) last.to = new Date(time.to);
      else day.periods.push({ from: new Date(time.from), to: new Date(time.to) });
    }
  }
  return [...found.values()].slice(0, days);
};
