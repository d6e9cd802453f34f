import { describe, expect, it } from '@jest/globals';
import { catalogues, loadLanguage, pickLocale } from './index.js';

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([match]) => match).sort();

describe('the catalogues', () => {
  it.each(Object.keys(catalogues))(
    '%s says everything that English says, with the same placeholders',
    async (name) => {
      const english: Record<string, string> = (await catalogues['en']?.()) ?? {};
      const words: Record<string, string> = (await catalogues[name]?.()) ?? {};
      expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
      for (const [key, text] of Object.entries(english)) {
        expect(words[key]).not.toBe('');
        expect({ key, found: placeholders(words[key] ?? '') }).toEqual({ key, found: placeholders(text) });
      }
    },
  );
});

describe('a language', () => {
  it('is the first wished one that there is', () => {
    expect(pickLocale([undefined, 'xx', 'de-AT', 'en'])).toBe('de-AT');
    expect(pickLocale(['xx'])).toBe('en');
  });

  it('runs from right to left in Arabic and fills in values', async () => {
    const arabic = await loadLanguage('ar');
    expect(arabic.direction).toBe('rtl');
    expect(arabic.say('agentJoined', { name: 'Mara' })).toContain('Mara');
    expect(arabic.say('agentJoined', { name: 'Mara\u202e' })).toContain('\u2068Mara\u2069');
    expect(arabic.list(['Mara\u202e'])).toBe('\u2068Mara\u2069');
    expect((await loadLanguage('de')).say('position', { n: 1200 })).toContain('1.200');
  });
});
