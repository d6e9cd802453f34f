import { describe, expect, it } from '@jest/globals';
import { de as why } from '../../why/i18n/de.js';
import { en as whyEnglish } from '../../why/i18n/en.js';
import { de as wall } from '../../wall/i18n/de.js';
import { en as wallEnglish } from '../../wall/i18n/en.js';
import { de } from './de.js';
import { en } from './en.js';

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe.each([
  ['administration', de, en],
  ['wall', wall, wallEnglish],
  ['why-panels', why, whyEnglish],
])('German of the %s', (_, german: Record<string, string>, english: Record<string, string>) => {
  it('has every key, no empty text, the same placeholders and forms as English', () => {
    expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
    for (const [key, text] of Object.entries(english)) {
      const own = german[key] ?? '';
      expect([key, own.trim().length > 0]).toEqual([key, true]);
      expect([key, placeholders(own)]).toEqual([key, placeholders(text)]);
      expect([key, own.split('|').length]).toEqual([key, text.split('|').length]);
    }
  });
});
