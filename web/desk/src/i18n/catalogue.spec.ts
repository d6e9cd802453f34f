import { describe, expect, it } from '@jest/globals';
import { directionOf, LANGUAGES, pickLanguage } from './languages.js';
import { CATALOGUES, translator } from './translate.js';

const placeholders = (text: string) => [...text.split('|')[0]!.matchAll(/\{\w+\}/g)].map(String).sort();

describe('message catalogues', () => {
  it.each(LANGUAGES)(
    '%s has every key, no empty text, the same placeholders and forms as English',
    (language) => {
      const [own, english] = [CATALOGUES[language], CATALOGUES.en];
      expect(Object.keys(own).sort()).toEqual(Object.keys(english).sort());
      for (const key of Object.keys(english) as (keyof typeof english)[]) {
        expect([key, own[key].trim().length > 0]).toEqual([key, true]);
        expect([key, placeholders(own[key])]).toEqual([key, placeholders(english[key])]);
        expect([key, own[key].split('|').length]).toEqual([key, english[key].split('|').length]);
      }
    },
  );

  it('fills in values and chooses the form by count', () => {
    const t = translator('en');
    expect(t('unreadCount', { count: 1 })).toBe('1 unread message');
    expect(t('unreadCount', { count: 3 })).toBe('3 unread messages');
  });

  it('lets a name turn nothing around it', () => {
    const t = translator('en');
    expect(t('newChatFrom', { name: 'Mika' })).toBe('New chat from Mika');
    expect(t('newChatFrom', { name: '\u2069\u202eMika' })).toBe('New chat from \u2068Mika\u2069');
  });

  it('picks the language of the browser, and knows directions', () => {
    expect(pickLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(pickLanguage(['fr'])).toBe('en');
    expect([directionOf('ar-EG'), directionOf('de')]).toEqual(['rtl', 'ltr']);
  });
});
