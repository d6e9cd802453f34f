import { describe, expect, it } from '@jest/globals';
import type { routing } from '@parley/contracts';
import fc from 'fast-check';
import { hoursAt, openMinutesLater, previewSchedule } from './hours.js';
import { scheduleProblems } from './validate.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Zones with an instant near which their clocks do something worth testing. */
const MOMENTS: readonly (readonly [zone: string, near: string])[] = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['Europe/London', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['America/St_Johns', '2010-11-07T02:31Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00Z'],
  ['America/Havana', '2026-11-01T05:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Africa/Casablanca', '2026-03-22T02:00Z'],
  ['Asia/Beirut', '2026-03-28T22:00Z'],
  ['Asia/Kathmandu', '2026-05-01T00:00Z'],
  ['Asia/Kathmandu', '1985-12-31T18:30Z'],
  ['Asia/Pyongyang', '2018-05-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Pacific/Kwajalein', '1993-08-21T12:00Z'],
  ['Pacific/Chatham', '2026-09-26T14:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00Z'],
  ['UTC', '2026-01-01T00:00Z'],
];

const periods = fc
  .uniqueArray(fc.integer({ min: 0, max: 96 }), { maxLength: 6 })
  .map((quarters) => [...quarters].sort((a, b) => a - b))
  .map((edges) =>
    Array.from({ length: Math.floor(edges.length / 2) }, (_, i) => ({
      fromMinute: edges[2 * i]! * 15,
      toMinute: edges[2 * i + 1]! * 15,
    })),
  );

const scenario = fc
  .record({
    moment: fc.constantFrom(...MOMENTS),
    shift: fc.integer({ min: -2 * 1440, max: 2 * 1440 }),
    week: fc.array(periods, { minLength: 7, maxLength: 7 }),
    exceptions: fc.uniqueArray(fc.record({ days: fc.integer({ min: -3, max: 5 }), periods }), {
      maxLength: 3,
      selector: ({ days }) => days,
    }),
  })
  .map(({ moment: [timeZone, near], shift, week, exceptions }) => {
    const start = Date.parse(near) + shift * MINUTE;
    const schedule: routing.Schedule = {
      scheduleId: 's',
      name: 'S',
      timeZone,
      weekly: week.flatMap((day, i) => day.map((period) => ({ day: i + 1, ...period }))),
      exceptions: exceptions.map((exception) => ({
        date: new Date(Date.parse(near) + exception.days * DAY).toISOString().slice(0, 10),
        name: 'E',
        periods: exception.periods,
      })),
      version: 1,
    };
    return { schedule, start };
  });

/** What a clock on the wall and the printed hours say: as slow and as simple as can be. */
const openByTheWall = (schedule: routing.Schedule, at: number): boolean => {
  const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(schedule.timeZone);
  const date = wall.toPlainDate().toString();
  const exception = schedule.exceptions.find((one) => one.date === date);
  const today = exception?.periods ?? schedule.weekly.filter(({ day }) => day === wall.dayOfWeek);
  const minute = wall.hour * 60 + wall.minute;
  return today.some(({ fromMinute, toMinute }) => fromMinute <= minute && minute < toMinute);
};

const RUNS = { numRuns: 150 };

describe('hours against stepping minute by minute', () => {
  it('opens, closes and changes when the wall clock says so', () => {
    fc.assert(
      fc.property(scenario, ({ schedule, start }) => {
        expect(scheduleProblems(schedule)).toEqual([]);
        const { open, until } = hoursAt(schedule, start);
        expect(open).toBe(openByTheWall(schedule, start));
        const last = Math.min(until ?? Infinity, start + 2 * DAY);
        for (let at = start; at < last; at += MINUTE)
          if (openByTheWall(schedule, at) !== open)
            throw new Error(`changes at ${new Date(at).toISOString()} already`);
        if (until !== undefined) expect(openByTheWall(schedule, until)).toBe(!open);
      }),
      RUNS,
    );
  });

  it('previews exactly the open minutes, without holes or overlaps', () => {
    fc.assert(
      fc.property(scenario, ({ schedule, start }) => {
        const days = previewSchedule(schedule, start, 5);
        const spans = days
          .flatMap((day) => day.periods.map(({ from, to }) => [from!.getTime(), to!.getTime()] as const))
          .sort(([a], [b]) => a - b);
        spans.slice(1).forEach(([from], i) => expect(from).toBeGreaterThanOrEqual(spans[i]![1]));
        for (const { date, periods: shown } of days) {
          const dayOf = (at: number): string =>
            Temporal.Instant.fromEpochMilliseconds(at)
              .toZonedDateTimeISO(schedule.timeZone)
              .toPlainDate()
              .toString();
          for (const { from, to } of shown)
            expect([dayOf(from!.getTime()), dayOf(to!.getTime() - 1)]).toEqual([date, date]);
        }
        const within = (at: number): boolean => spans.some(([from, to]) => from <= at && at < to);
        for (let at = start; at < start + 3 * DAY; at += 5 * MINUTE)
          if (within(at) !== openByTheWall(schedule, at))
            throw new Error(`wrong at ${new Date(at).toISOString()}`);
      }),
      RUNS,
    );
  });

  it('promises a time before which exactly so many open minutes have passed', () => {
    fc.assert(
      fc.property(scenario, fc.integer({ min: 1, max: 600 }), ({ schedule, start }, minutes) => {
        const by = openMinutesLater(schedule, start, minutes);
        if (by === undefined || by > start + 3 * DAY) return;
        let open = 0;
        for (let at = start; at < by; at += MINUTE) if (openByTheWall(schedule, at)) open++;
        expect(open).toBe(minutes);
        expect(openByTheWall(schedule, by - MINUTE)).toBe(true);
      }),
      RUNS,
    );
  });
});
