import { describe, expect, it } from '@jest/globals';
import { availabilityOf, weekOf } from './availability.js';

const at = (day: number, hour: number): string => new Date(2026, 2, day, hour).toISOString();
const open = (day: number, from: number, to: number) => ({ from: at(day, from), to: at(day, to) });

describe('what is known before a chat', () => {
  it('is nothing when the answer is of a kind that is not known', () => {
    expect(availabilityOf({})).toBeUndefined();
    expect(availabilityOf({ availability: 'AVAILABILITY_ASLEEP' as 'AVAILABILITY_CLOSED' })).toBeUndefined();
  });

  it('tells a range only when it goes beyond half a minute, and when it opens only while it is closed', () => {
    const busy = availabilityOf({
      availability: 'AVAILABILITY_BUSY',
      estimate: { lowSeconds: 20, highSeconds: 90 },
      hoursChangeAt: at(2, 18),
    });
    expect(busy).toMatchObject({ standing: 'busy', wait: { low: 20, high: 90 }, opensAt: 0 });
    const soon = availabilityOf({
      availability: 'AVAILABILITY_BUSY',
      estimate: { lowSeconds: 1, highSeconds: 30 },
    });
    expect(soon?.wait).toBeUndefined();
    const closed = availabilityOf({ availability: 'AVAILABILITY_CLOSED', hoursChangeAt: at(3, 9) });
    expect(closed?.opensAt).toBe(Date.parse(at(3, 9)));
  });

  it('puts opening times on the days of the visitor, closed ones and named ones too', () => {
    const closed = availabilityOf({
      availability: 'AVAILABILITY_CLOSED',
      days: [
        // A day of the schedule may lie on two days of the visitor.
        { date: '2026-03-02', periods: [open(2, 9, 12), open(2, 13, 17), open(3, 1, 2)] },
        { date: '2026-03-04', periods: [], exception: 'Founders’ Day' },
      ],
    });
    const week = weekOf(closed ?? (undefined as never), Date.parse(at(2, 23)));
    expect(week.map(({ periods }) => periods.length)).toEqual([2, 1, 0, 0, 0, 0, 0]);
    expect(week.map(({ name }) => name)).toEqual(['', '', 'Founders’ Day', '', '', '', '']);
    expect(new Date(week[6]?.at ?? 0).getDate()).toBe(8);
  });
});
