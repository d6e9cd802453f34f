import { describe, expect, it } from '@jest/globals';
import {
  clockShift,
  copyDay,
  minutesOf,
  nextPeriod,
  offsetOf,
  periodsOf,
  timeText,
  withDay,
} from './hours.js';

describe('times of the day', () => {
  it.each([
    ['9', 540],
    ['9:30', 570],
    ['0930', 570],
    [' 17.45 ', 1065],
    ['24:00', 1440],
    ['0:00', 0],
    ['24:01', undefined],
    ['12:60', undefined],
    ['noon', undefined],
    ['', undefined],
  ])('%j is %j', (text, minutes) => expect(minutesOf(text)).toBe(minutes));

  it('are written with two digits each', () => {
    expect([0, 570, 1440].map(timeText)).toEqual(['00:00', '09:30', '24:00']);
  });
});

describe('a week', () => {
  const weekly = [
    { day: 1, fromMinute: 780, toMinute: 1020 },
    { day: 1, fromMinute: 540, toMinute: 720 },
    { day: 3, fromMinute: 600, toMinute: 660 },
  ];

  it('keeps each period’s index, in the order of the day', () => {
    expect(periodsOf(weekly, 1).map(({ index }) => index)).toEqual([1, 0]);
  });

  it('is changed a day at a time', () => {
    const next = withDay(weekly, 3, [{ fromMinute: 0, toMinute: 1440 }]);
    expect(periodsOf(next, 3)).toMatchObject([{ fromMinute: 0, toMinute: 1440 }]);
    expect(periodsOf(next, 1)).toHaveLength(2);
  });

  it('copies a day over others', () => {
    const next = copyDay(weekly, 1, [2, 3]);
    expect([2, 3].map((day) => periodsOf(next, day).length)).toEqual([2, 2]);
  });

  it('proposes a period that begins after the last', () => {
    expect(nextPeriod([])).toEqual({ fromMinute: 540, toMinute: 1020 });
    expect(nextPeriod([{ fromMinute: 540, toMinute: 720 }])).toEqual({ fromMinute: 780, toMinute: 1020 });
    expect(nextPeriod([{ fromMinute: 0, toMinute: 1430 }])).toEqual({ fromMinute: 1430, toMinute: 1440 });
    expect(nextPeriod([{ fromMinute: 0, toMinute: 1440 }])).toBeUndefined();
  });
});

describe('clocks', () => {
  it('go forward and back on the days of their zone', () => {
    expect(clockShift('Europe/Berlin', '2027-03-28')).toBe(60);
    expect(clockShift('Europe/Berlin', '2026-10-25')).toBe(-60);
    expect(clockShift('Europe/Berlin', '2026-10-26')).toBe(0);
    expect(clockShift('America/New_York', '2027-03-14')).toBe(60);
    expect(clockShift('Australia/Lord_Howe', '2027-04-04')).toBe(-30);
    expect(clockShift('Asia/Kathmandu', '2027-03-28')).toBe(0);
  });

  it('of an unknown zone say nothing', () => {
    expect(offsetOf('Mars/Olympus', 0)).toBeUndefined();
    expect(clockShift('Mars/Olympus', '2027-03-28')).toBe(0);
    expect(offsetOf('Asia/Kathmandu', 0)).toBe(330);
  });
});
