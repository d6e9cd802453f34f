import { describe, expect, it } from '@jest/globals';
import { emojiQueryAt, findEmoji } from './emoji.js';

describe('emoji', () => {
  it('are found by the beginnings of their words, names first', () => {
    expect(findEmoji('thumbs').map(({ sign }) => sign)).toEqual(['👍', '👎']);
    expect(findEmoji('love')[0]?.sign).toBe('😍');
    expect(findEmoji('heart')[0]?.name).toBe('heart');
    expect(findEmoji('zzz')).toEqual([]);
    expect(findEmoji('', 5)).toHaveLength(5);
  });

  it('are asked for by a colon at the start of a word', () => {
    expect(emojiQueryAt('thanks :thu', 11)).toEqual({ start: 7, query: 'thu' });
    expect(emojiQueryAt(':', 1)).toEqual({ start: 0, query: '' });
    expect(emojiQueryAt('at 10:30', 8)).toBeUndefined();
    expect(emojiQueryAt('https://x', 6)).toBeUndefined();
    expect(emojiQueryAt(':thu is', 7)).toBeUndefined();
  });
});
