import { describe, expect, it } from '@jest/globals';
import type { routing } from '@parley/contracts';
import { hoursAt, openMinutesLater, previewSchedule } from './hours.js';

const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString().replace(':00.000Z', 'Z');

const schedule = (
  timeZone: string,
  weekly: readonly (readonly [day: number, from: string, to: string])[],
  exceptions: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {},
): routing.Schedule => ({
  scheduleId: 's',
  name: 'S',
  timeZone,
  weekly: weekly.map(([day, from, to]) => ({ day, fromMinute: minute(from), toMinute: minute(to) })),
  exceptions: Object.entries(exceptions).map(([date, periods]) => ({
    date,
    name: `holiday ${date}`,
    periods: periods.map(([from, to]) => ({ fromMinute: minute(from), toMinute: minute(to) })),
  })),
  version: 1,
});
const minute = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const daily = (from: string, to: string) => [1, 2, 3, 4, 5, 6, 7].map((day) => [day, from, to] as const);
const weekdays = (from: string, to: string) => daily(from, to).slice(0, 5);

const berlin = schedule('Europe/Berlin', weekdays('09:00', '17:00'), { '2026-12-25': [] });

describe('hours of a schedule', () => {
  it('has no limits without a schedule', () => {
    expect(hoursAt(undefined, 0)).toEqual({ open: true, until: undefined });
  });

  it('opens and closes by the clock of its zone, in winter and in summer', () => {
    const winter = hoursAt(berlin, at('2026-01-12T07:59Z'));
    expect([winter.open, iso(winter.until)]).toEqual([false, '2026-01-12T08:00Z']);
    const summer = hoursAt(berlin, at('2026-07-13T07:00Z'));
    expect([summer.open, iso(summer.until)]).toEqual([true, '2026-07-13T15:00Z']);
  });

  it('is closed at the very instant a period ends, until Monday', () => {
    const friday = hoursAt(berlin, at('2026-01-16T16:00Z'));
    expect([friday.open, iso(friday.until)]).toEqual([false, '2026-01-19T08:00Z']);
  });

  it('is closed on a holiday, which replaces the weekly periods', () => {
    const eve = hoursAt(berlin, at('2026-12-24T16:00Z'));
    expect([eve.open, iso(eve.until)]).toEqual([false, '2026-12-28T08:00Z']);
  });

  it('opens on a date that is otherwise closed', () => {
    const sale = schedule('Europe/Berlin', [], { '2031-06-01': [['10:00', '12:00']] });
    expect(iso(hoursAt(sale, at('2026-01-01T00:00Z')).until)).toBe('2031-06-01T08:00Z');
    expect(hoursAt(sale, at('2031-06-01T10:00Z'))).toEqual({ open: false, until: undefined });
  });

  it('never changes when it is always open, and never when it is never', () => {
    const always = schedule('America/New_York', daily('00:00', '24:00'));
    expect(hoursAt(always, at('2026-03-08T07:00Z'))).toEqual({ open: true, until: undefined });
    expect(hoursAt(schedule('UTC', []), 0)).toEqual({ open: false, until: undefined });
  });

  it('closes for a holiday far away though it is always open', () => {
    const always = schedule('America/New_York', daily('00:00', '24:00'), { '2036-07-04': [] });
    expect(iso(hoursAt(always, at('2026-03-08T07:00Z')).until)).toBe('2036-07-04T04:00Z');
  });

  it('runs over midnight where one period ends at 24:00 and the next day begins at 00:00', () => {
    const night = schedule('Asia/Kathmandu', [
      [1, '20:00', '24:00'],
      [2, '00:00', '06:00'],
    ]);
    expect(hoursAt(night, at('2026-01-12T18:00Z'))).toEqual({ open: true, until: at('2026-01-13T00:15Z') });
  });
});

describe('changes of the clocks', () => {
  it('a period within the skipped hour does not take place', () => {
    const sunday = schedule('Europe/Berlin', [[7, '02:00', '03:00']]);
    expect(iso(hoursAt(sunday, at('2026-03-29T00:00Z')).until)).toBe('2026-04-05T00:00Z');
  });

  it('a period that begins in the skipped hour begins when the clock comes to it', () => {
    const sunday = schedule('Europe/Berlin', [[7, '02:30', '05:00']]);
    const found = hoursAt(sunday, at('2026-03-29T00:59Z'));
    expect([found.open, iso(found.until)]).toEqual([false, '2026-03-29T01:00Z']);
    expect(iso(hoursAt(sunday, at('2026-03-29T01:00Z')).until)).toBe('2026-03-29T03:00Z');
  });

  it('a period that covers the repeated hour lasts an hour longer', () => {
    const sunday = schedule('Europe/Berlin', [[7, '01:00', '04:00']]);
    expect(hoursAt(sunday, at('2026-10-24T23:00Z'))).toEqual({ open: true, until: at('2026-10-25T03:00Z') });
  });

  it('a period within the repeated hour takes place whenever the clock shows it', () => {
    const sunday = schedule('Europe/Berlin', [[7, '02:00', '02:30']]);
    const periods = previewSchedule(sunday, at('2026-10-25T12:00Z'), 1)[0]!.periods;
    expect(periods.map(({ from, to }) => [iso(from?.getTime()), iso(to?.getTime())])).toEqual([
      ['2026-10-25T00:00Z', '2026-10-25T00:30Z'],
      ['2026-10-25T01:00Z', '2026-10-25T01:30Z'],
    ]);
  });

  it('knows half an hour of daylight saving', () => {
    const lordHowe = schedule('Australia/Lord_Howe', daily('09:00', '17:00'));
    expect(iso(hoursAt(lordHowe, at('2026-01-10T00:00Z')).until)).toBe('2026-01-10T06:00Z');
    expect(iso(hoursAt(lordHowe, at('2026-06-10T00:00Z')).until)).toBe('2026-06-10T06:30Z');
  });

  it('leaves out the Friday that Samoa skipped', () => {
    const apia = schedule('Pacific/Apia', daily('09:00', '10:00'));
    expect(
      previewSchedule(apia, at('2011-12-29T20:00Z'), 3).map(({ date, clockChange }) => [date, clockChange]),
    ).toEqual([
      ['2011-12-29', false],
      ['2011-12-31', true],
      ['2012-01-01', false],
    ]);
  });
});

describe('the promised time of an answer', () => {
  it('counts open time only', () => {
    // Friday 16:00 in Berlin: one hour on Friday, one on Monday.
    expect(iso(openMinutesLater(berlin, at('2026-01-16T15:00Z'), 120))).toBe('2026-01-19T09:00Z');
  });

  it('may be the very end of a period', () => {
    expect(iso(openMinutesLater(berlin, at('2026-01-16T15:00Z'), 60))).toBe('2026-01-16T16:00Z');
  });

  it('is simply later without a schedule, and nothing where it does not open', () => {
    expect(openMinutesLater(undefined, 1000, 1)).toBe(61_000);
    expect(openMinutesLater(schedule('UTC', []), 0, 60)).toBeUndefined();
  });
});

describe('a preview', () => {
  it('shows 14 days from the local date on, with exceptions by name and changes of the clocks', () => {
    const days = previewSchedule(berlin, at('2026-12-21T23:30Z'));
    expect(days).toHaveLength(14);
    expect(days[0]).toMatchObject({ date: '2026-12-22', exception: '', clockChange: false });
    expect(days[3]).toEqual({
      date: '2026-12-25',
      periods: [],
      exception: 'holiday 2026-12-25',
      clockChange: false,
    });
    expect(previewSchedule(berlin, at('2026-03-28T12:00Z'), 2).map((day) => day.clockChange)).toEqual([
      false,
      true,
    ]);
  });
});
