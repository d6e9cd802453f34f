import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OrderedSet } from './ordered-set.js';

// Ten numbers share a key each: the order decides between them.
const coarse = (n: number): number => Math.floor(n / 10);
const ascending = (a: number, b: number): number => a - b;

describe('OrderedSet', () => {
  it('is what a sorted array without duplicates is', () => {
    const operation = fc.record({ add: fc.boolean(), value: fc.integer({ min: 0, max: 900 }) });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 3000, size: 'max' }), (operations) => {
        const set = new OrderedSet(coarse, ascending);
        const model = new Set<number>();
        for (const { add, value } of operations) {
          const changed = add ? set.add(value) : set.delete(value);
          // No expect in here: thousands of them take far longer than the set.
          if (changed !== (add !== model.has(value))) throw new Error(`${add ? 'add' : 'delete'} ${value}`);
          if (add) model.add(value);
          else model.delete(value);
        }
        const sorted = [...model].sort(ascending);
        expect([...set]).toEqual(sorted);
        expect(set.size).toBe(sorted.length);
        expect(set.first()).toBe(sorted[0]);
        for (const value of [0, 1, 450, 900]) {
          expect(set.rank(value)).toBe(sorted.filter((other) => other < value).length);
          expect(set.has(value)).toBe(model.has(value));
        }
      }),
      { numRuns: 50 },
    );
  });
});
