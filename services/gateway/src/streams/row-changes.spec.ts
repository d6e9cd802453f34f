import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RowChanges } from './row-changes.js';

const all = (changes: RowChanges, now: number): string[] => {
  const taken: string[] = [];
  for (let turn; (turn = changes.take(now));) taken.push(turn.key);
  return taken;
};

describe('the turns of rows in a stream', () => {
  it('begin with every row, and say which is the last of the beginning', () => {
    const changes = new RowChanges(['a', 'b']);
    expect(changes.take(0)).toEqual({ key: 'a', complete: false });
    changes.changed('c');
    expect(changes.take(0)).toEqual({ key: 'b', complete: true });
    expect(changes.take(0)).toEqual({ key: 'c', complete: false });
    expect(changes.take(0)).toBeUndefined();
  });

  it('come at once after a rest of a second, and at its end when the row changes before', () => {
    const changes = new RowChanges(['a', 'b']);
    all(changes, 0);
    expect(changes.wakeAt()).toBeUndefined();
    changes.changed('a');
    changes.changed('a');
    expect(changes.wakeAt()).toBe(1000);
    expect(all(changes, 999)).toEqual([]);
    expect(all(changes, 1000)).toEqual(['a']);
    expect(changes.wakeAt()).toBeUndefined();
    changes.changed('b');
    expect(all(changes, 1001)).toEqual(['b']);
  });

  it('lose no change and send no row twice within a second, whatever happens', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('change' as const), key: fc.constantFrom('a', 'b', 'c', 'd') }),
      fc.record({ kind: fc.constant('read' as const), most: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 1500 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = 0;
        const changes = new RowChanges(['a', 'b']);
        const unsent = new Set(['a', 'b']);
        const sentAt = new Map<string, number>();
        const read = (most: number): void => {
          for (let turn; most-- > 0 && (turn = changes.take(now));) {
            expect(unsent.delete(turn.key)).toBe(true);
            expect(now - (sentAt.get(turn.key) ?? -Infinity)).toBeGreaterThanOrEqual(1000);
            sentAt.set(turn.key, now);
          }
        };
        for (const each of steps)
          if (each.kind === 'wait') now += each.ms;
          else if (each.kind === 'read') read(each.most);
          else {
            changes.changed(each.key);
            unsent.add(each.key);
          }
        // A reader who only comes when told to gets everything.
        for (read(10); unsent.size > 0; read(10)) {
          const at = changes.wakeAt();
          expect(at).toBeGreaterThan(now);
          now = at ?? Infinity;
        }
      }),
    );
  });
});
