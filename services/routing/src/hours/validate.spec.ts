import { describe, expect, it } from '@jest/globals';
import type { routing } from '@parley/contracts';
import { scheduleProblems } from './validate.js';

const good: routing.Schedule = {
  scheduleId: 'office',
  name: 'Office',
  timeZone: 'Europe/Berlin',
  weekly: [{ day: 1, fromMinute: 540, toMinute: 1440 }],
  exceptions: [{ date: '2028-02-29', name: '', periods: [] }],
  version: 1,
};
const fields = (change: Partial<routing.Schedule>): string[] =>
  scheduleProblems({ ...good, ...change }).map(({ field }) => field);

describe('validation of schedules', () => {
  it('accepts good ones', () => {
    expect(fields({})).toEqual([]);
    expect(fields({ timeZone: 'America/Argentina/Buenos_Aires' })).toEqual([]);
    expect(fields({ timeZone: 'Etc/GMT+5' })).toEqual([]);
    const touching = [
      { day: 1, fromMinute: 0, toMinute: 60 },
      { day: 1, fromMinute: 60, toMinute: 120 },
      { day: 2, fromMinute: 30, toMinute: 90 },
    ];
    expect(fields({ weekly: touching })).toEqual([]);
  });

  it('takes the ids that every request takes', () => {
    expect(fields({ scheduleId: 'o'.repeat(64) })).toEqual([]);
    for (const scheduleId of ['o'.repeat(65), '', 'an office'])
      expect(fields({ scheduleId })).toEqual(['schedule.scheduleId']);
  });

  it.each([['Berlin'], ['+02:00'], ['Europe/Berln'], [''], ['../etc/passwd'], ['2026-01-01[UTC]']])(
    'refuses the zone %p',
    (timeZone) => expect(fields({ timeZone })).toEqual(['schedule.timeZone']),
  );

  it('names each wrong period by its field, with a reason and an example', () => {
    const weekly = [
      { day: 0, fromMinute: 0, toMinute: 60 },
      { day: 1, fromMinute: 1440, toMinute: 1440 },
      { day: 2, fromMinute: 0, toMinute: 1441 },
      { day: 3, fromMinute: 600, toMinute: 600 },
      { day: 4, fromMinute: 600, toMinute: 900 },
      { day: 4, fromMinute: 500, toMinute: 1000 },
    ];
    expect(fields({ weekly })).toEqual([
      'schedule.weekly[0].day',
      'schedule.weekly[1].fromMinute',
      'schedule.weekly[2].toMinute',
      'schedule.weekly[3].toMinute',
      'schedule.weekly[4]',
    ]);
    for (const { reason, example } of scheduleProblems({ ...good, weekly }))
      expect([reason, example]).not.toContain('');
  });

  it.each([['2026-02-29'], ['2026-13-01'], ['25.12.2026'], ['2026-1-1'], ['2300-01-01'], ['']])(
    'refuses the date %p',
    (date) =>
      expect(fields({ exceptions: [{ date, name: '', periods: [] }] })).toEqual([
        'schedule.exceptions[0].date',
      ]),
  );

  it('refuses a date that is given twice, and overlapping periods of a date', () => {
    const twice = { date: '2026-12-25', name: '', periods: [] };
    expect(fields({ exceptions: [twice, twice] })).toEqual(['schedule.exceptions[1].date']);
    const overlapping = [
      { fromMinute: 0, toMinute: 100 },
      { fromMinute: 99, toMinute: 200 },
    ];
    expect(fields({ exceptions: [{ ...twice, periods: overlapping }] })).toEqual([
      'schedule.exceptions[0].periods[1]',
    ]);
  });

  it('refuses more than can be meant', () => {
    expect(fields({ weekly: Array(101).fill({ day: 1, fromMinute: 0, toMinute: 1 }) })).toEqual([
      'schedule.weekly',
    ]);
    const exceptions = Array.from({ length: 401 }, (_, i) => ({
      date: new Date(i * 86_400_000).toISOString().slice(0, 10),
      name: '',
      periods: [],
    }));
    expect(fields({ exceptions })).toEqual(['schedule.exceptions']);
  });
});
