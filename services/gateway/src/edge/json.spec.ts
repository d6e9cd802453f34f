import { describe, expect, it } from '@jest/globals';
import { parseJson } from './json.js';

describe('parseJson', () => {
  it.each([
    ['{"a": }', 6],
    ['{"a":1}}', 7],
    ['[1,2', 4],
    ['', 0],
    ['{"long":"' + 'x'.repeat(200) + '",!', 211],
    ['"open', 5],
  ])('says where %p breaks off', (text, position) => {
    expect(() => parseJson(text, 'request')).toThrow(`the request is not valid JSON at position ${position}`);
  });

  it('reads the rest', () => expect(parseJson(' {"a":[1,null]} ', 'request')).toEqual({ a: [1, null] }));
});
