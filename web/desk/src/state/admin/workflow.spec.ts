import { describe, expect, it } from '@jest/globals';
import {
  compared,
  destinationOf,
  moved,
  newFilter,
  notesAt,
  notesWithin,
  withDestination,
  withStage,
} from './workflow.js';

const note = (path: string) => ({ path, reason: 'no', example: '', warning: false });

describe('the order of a list', () => {
  it('changes by moving one item', () => {
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  });

  it('stays where there is no place to move to', () => {
    const list = ['a', 'b'];
    expect(moved(list, 0, -1)).toBe(list);
    expect(moved(list, 1, 2)).toBe(list);
  });
});

describe('stages of waiting', () => {
  it('end when a further one is added behind them', () => {
    const [first] = newFilter('All', 'care').targets ?? [];
    expect(withStage([first!], 'orders')).toEqual([
      { queueId: 'care', untilSeconds: 60 },
      { queueId: 'orders' },
    ]);
  });

  it('keep an overflow last, and the ends that are set', () => {
    const overflow = { overflow: 'OVERFLOW_TAKE_MESSAGE' } as const;
    expect(withStage([{ queueId: 'care', untilSeconds: 30 }, overflow], 'orders')).toEqual([
      { queueId: 'care', untilSeconds: 30 },
      { queueId: 'orders' },
      overflow,
    ]);
  });

  it('lead to a queue or to an overflow, never both', () => {
    const bot = withDestination({ queueId: 'care', untilSeconds: 30 }, 'OVERFLOW_BOT');
    expect(bot).toEqual({ overflow: 'OVERFLOW_BOT', untilSeconds: 30 });
    expect(destinationOf(bot)).toBe('OVERFLOW_BOT');
    expect(withDestination(bot, 'queue:orders')).toEqual({ queueId: 'orders', untilSeconds: 30 });
  });
});

describe('notes', () => {
  const notes = [note('filters[1].when'), note('filters[1].targets[0].skipIf'), note('filters[10].name')];

  it('stand at their field', () => {
    expect(notesAt(notes, 'filters[1].when')).toHaveLength(1);
    expect(notesAt(notes, 'filters[1]')).toHaveLength(0);
  });

  it('within a part leave out the fields that show their own', () => {
    expect(notesWithin(notes, 'filters[1]')).toHaveLength(2);
    expect(notesWithin(notes, 'filters[1]', ['when'])).toEqual([notes[1]]);
    expect(notesWithin(notes, 'filters[1]', ['when', 'targets'])).toEqual([]);
  });
});

describe('a comparison', () => {
  it('says what is better', () => {
    expect(compared(10, 8, true).better).toBe(true);
    expect(compared(0.8, 0.7, false).better).toBe(false);
    expect(compared(5, 5, true).better).toBeUndefined();
    expect(compared(undefined, 5, true).better).toBeUndefined();
  });
});
