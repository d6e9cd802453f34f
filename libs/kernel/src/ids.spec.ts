import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hash32, isId, newAggregateId, newUlid, partitionOf } from './ids.js';

describe('ids', () => {
  it('carry their partition', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9999 }),
        fc.integer({ min: 0, max: 2 ** 45 }),
        (partition, now) => {
          const id = newAggregateId(partition, now);
          expect(partitionOf(id)).toBe(partition);
          expect(isId(id)).toBe(true);
        },
      ),
    );
  });

  it('sort by the time at which they were made', () => {
    expect(newUlid(1000) < newUlid(1001)).toBe(true);
    expect(newUlid(Date.UTC(2026, 0, 1)) < newUlid(Date.UTC(2126, 0, 1))).toBe(true);
  });

  it('do not repeat within a millisecond', () => {
    expect(new Set(Array.from({ length: 1000 }, () => newUlid(1))).size).toBe(1000);
  });

  it.each(['', 'a.b', 'a*', '>', 'ä', 'a b', 'x'.repeat(65), 5, null, undefined])('%j is none', (value) => {
    expect(isId(value)).toBe(false);
  });

  it.each(['abc', '-1', 'x-1', '12345-a', '1-', '1-a.b'])('%j carries no partition', (value) => {
    expect(partitionOf(value)).toBeUndefined();
  });

  it('hash evenly, neighbours included', () => {
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) counts[hash32(`agent-${i}`) % 4]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
