import { describe, expect, it } from '@jest/globals';
import { isolated } from './index.js';

const isolate = (text: string): string => `\u2068${text}\u2069`;

describe('a name in a sentence', () => {
  it('is as it is when it is written from left to right', () => {
    for (const name of ['', 'Zoë Ångström (Support)', '王小明', 'Anna 👋', 'anna@example.com'])
      expect(isolated(name)).toBe(name);
  });

  it('stands by itself when it is written from right to left', () => {
    for (const name of ['نور', 'Dana דנה', '\u{1e900}\u{1e901}']) expect(isolated(name)).toBe(isolate(name));
  });

  it('turns nothing around it, also when it would end its own isolate', () => {
    expect(isolated('Mallory\u202e\u2066')).toBe(isolate('Mallory'));
    expect(isolated('\u2069\u202a\u202b\u202c\u202dMallory\u2067\u2068')).toBe(isolate('Mallory'));
  });
});
