import { describe, expect, it } from '@jest/globals';
import { queryTokens, tokensOf } from './tokens.js';

describe('tokensOf', () => {
  it.each([
    ['Hello, hello WORLD', 'hello world'],
    ["don't refund-policy v2.0", 'don t refund policy v2 0'],
    ['Crème brûlée ÅNGSTRÖM Łódź', 'creme brulee angstrom lodz'],
    ['Straße ΟΔΟΣ İstanbul', 'strasse οδοσ istanbul'],
    ['ＦＵＬＬ ４７１１ ﬁne', 'full 4711 fine'],
    ['مُحَمَّد أحمد كـــتاب', 'محمد احمد كتاب'],
    ['हिन्दी हन्दी', 'हिन्दी हन्दी'],
    ['한국어 안녕하세요', '한국어 안녕하세요'],
    ['ガラス カラス', 'ガラス カラス'],
    ['東京都に行く', '東京 都 に 行く'],
    ['😀 -- ?! \u0000', ''],
  ])('divides %j', (text, expected) => {
    expect(tokensOf([text]).join(' ')).toBe(expected);
  });

  it('cuts endless words at the same place in texts and queries, never inside a character', () => {
    const [word] = tokensOf(['𝕏𠮷'.repeat(100)]);
    expect(tokensOf(['a'.repeat(100)])).toEqual(queryTokens('A'.repeat(90)));
    expect(word?.isWellFormed()).toBe(true);
  });
});
