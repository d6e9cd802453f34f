import { describe, expect, it } from '@jest/globals';
import { merge, same } from './merge.js';

const base = { name: 'Care', wrapUp: 10, skills: { billing: 2 }, version: 3 };

describe('an edit that somebody else got ahead of', () => {
  it('keeps what the viewer typed and takes over what the other changed', () => {
    const merged = merge(base, { ...base, name: 'Customer care' }, { ...base, wrapUp: 30, version: 4 });
    expect(merged.value).toEqual({ name: 'Customer care', wrapUp: 30, skills: { billing: 2 }, version: 4 });
    expect(merged.theirs).toEqual(['wrapUp']);
    expect(merged.both).toEqual([]);
  });

  it('names what both have changed, and leaves the viewer’s there', () => {
    const merged = merge(
      base,
      { ...base, skills: { billing: 3 } },
      { ...base, skills: { billing: 2, tents: 1 }, version: 4 },
    );
    expect(merged.value.skills).toEqual({ billing: 3 });
    expect(merged.both).toEqual(['skills']);
  });

  it('is no clash when both did the same', () => {
    const merged = merge(base, { ...base, name: 'Help' }, { ...base, name: 'Help', version: 4 });
    expect(merged.both).toEqual([]);
    expect(merged.theirs).toEqual(['name']);
  });
});

describe('same', () => {
  it('compares what plain values say', () => {
    expect(same({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toBe(true);
    expect(same({ a: undefined }, {})).toBe(true);
    expect(same([1, 2], [2, 1])).toBe(false);
    expect(same({ a: 1 }, { a: 1, b: 0 })).toBe(false);
    expect(same([], {})).toBe(false);
  });
});
