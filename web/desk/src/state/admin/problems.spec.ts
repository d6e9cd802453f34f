import { describe, expect, it } from '@jest/globals';
import { ApiError, ErrorCode } from '@parley/kernel';
import { notesOf, pathOf, problemsOf } from './problems.js';

describe('problems of a form', () => {
  it('stand at their fields, whatever way the path is written', () => {
    expect(pathOf('filters[0].targets[1].skip_if')).toBe('filters[0].targets[1].skipIf');
    expect(pathOf('schedule.weekly[2].from_minute', 'schedule')).toBe('weekly[2].fromMinute');
    expect(pathOf('schedules', 'schedule')).toBe('schedules');
  });

  it('are about the whole when no field is named', () => {
    const refused = new ApiError(ErrorCode.failedPrecondition, 'A queue names it.', { reason: 'IN_USE' });
    expect([...problemsOf(refused)]).toEqual([['', 'A queue names it.']]);
  });

  it('name every field that was refused', () => {
    const refused = new ApiError(ErrorCode.invalidArgument, 'No.', {
      violations: [
        { field: 'schedule.time_zone', description: 'unknown zone' },
        { field: 'expectedVersion', description: 'too old' },
      ],
    });
    expect([...problemsOf(refused, 'schedule')]).toEqual([
      ['timeZone', 'unknown zone'],
      ['expectedVersion', 'too old'],
    ]);
  });

  it('of a workflow keep their example and whether they are only a warning', () => {
    expect(
      notesOf([{ field: 'workflow.filters[1].when', reason: 'unknown variable', example: 'topic == "x"' }]),
    ).toEqual([
      { path: 'filters[1].when', reason: 'unknown variable', example: 'topic == "x"', warning: false },
    ]);
  });
});
