import { describe, expect, it } from '@jest/globals';
import { best, fit } from './fuzzy.js';

describe('finding by words', () => {
  it('takes words in any order and prefers beginnings', () => {
    expect(fit('chat close', 'Close chat')).toBeGreaterThan(0);
    expect(fit('chat xyz', 'Close chat')).toBe(0);
    expect(best('re', ['Close report', 'Reply', 'Go there'], (text) => text)).toEqual([
      'Reply',
      'Close report',
      'Go there',
    ]);
  });

  it('keeps everything in order for an empty query', () => {
    expect(best(' ', ['b', 'a'], (text) => text)).toEqual(['b', 'a']);
  });
});
