import { describe, expect, it } from '@jest/globals';
import { barsOf, daysOf, quartersOf, ticksOf } from './chart.js';

const at = (time: string): number => Date.parse(`2026-01-01T${time}:00Z`);

describe('a chart of quarter hours', () => {
  it('has a bar for each, also where nothing happened', () => {
    const rows = [
      { key: '2026-01-01T08:15:00Z', figures: { answered: 3, abandoned: 1, messageTaken: 2, waiting: 1 } },
    ];
    const bars = barsOf(rows, quartersOf(rows, at('12:07')));
    expect(bars[0]).toEqual({ at: at('08:15'), answered: 3, missed: 3, waiting: 1 });
    expect(bars.at(-1)).toEqual({ at: at('12:00'), answered: 0, missed: 0, waiting: 0 });
    expect(bars).toHaveLength(16);
  });

  it('shows two hours at least and a day at most', () => {
    expect(barsOf([], quartersOf([], at('12:00')))).toHaveLength(8);
    const old = [{ key: '2025-12-01T00:00:00Z' }];
    expect(barsOf(old, quartersOf(old, at('12:00')))).toHaveLength(96);
  });

  it('or of days, today as the last', () => {
    const rows = [{ key: '2025-12-31T00:00:00.000Z', figures: { answered: 2 } }];
    const bars = barsOf(rows, daysOf(7, at('12:07')));
    expect(bars.map(({ answered }) => answered)).toEqual([0, 0, 0, 0, 0, 2, 0]);
    expect(bars[0]?.at).toBe(Date.parse('2025-12-26T00:00:00Z'));
  });

  it('has round steps that reach the highest bar', () => {
    expect(ticksOf(0)).toEqual([0, 1]);
    expect(ticksOf(3)).toEqual([0, 1, 2, 3]);
    expect(ticksOf(17)).toEqual([0, 5, 10, 15, 20]);
    expect(ticksOf(230)).toEqual([0, 100, 200, 300]);
  });
});
