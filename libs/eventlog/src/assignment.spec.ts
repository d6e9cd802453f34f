import { describe, expect, it } from '@jest/globals';
import { assign } from './assignment.js';

describe('assignment', () => {
  it('moves little when a member goes, gives each its share, and nothing to nobody', () => {
    const members = ['a', 'b', 'c', 'd'].map((id) => ({ id, declined: [] }));
    const before = assign('g', 16, members);
    const after = assign('g', 16, members.slice(0, 3));
    const moved = [...before].filter(([p, id]) => id !== 'd' && after.get(p) !== id);
    expect(moved.length).toBeLessThanOrEqual(6);
    for (const { id } of members)
      expect([...before.values()].filter((owner) => owner === id)).toHaveLength(4);
    expect(assign('g', 4, []).size).toBe(0);
    expect(assign('g', 1, [{ id: 'a', declined: [0] }]).size).toBe(0);
  });
});
