import { expect, it } from '@jest/globals';
import { CATALOGUES, translatorOf } from '../../i18n/translate.js';
import { actWords } from './audit-words.js';
import { de } from './i18n/de.js';
import { en } from './i18n/en.js';

const names: Readonly<Record<string, string>> = { bob: 'Bob' };

it('tells failed logins of a person, and of nobody known with their number', () => {
  const said = (language: 'en' | 'de', loginFailed: { userId?: string; count?: number }) => {
    const t = translatorOf(language, { ...CATALOGUES[language], ...{ en, de }[language] });
    const { what, target } = actWords({ event: { loginFailed } }, t, (id) => names[id]);
    return [what, target];
  };
  expect(said('en', { userId: 'bob', count: 1 })).toEqual(['Failed to sign in', 'Bob']);
  // As older releases recorded them.
  expect(said('en', {})).toEqual(['Failed to sign in as nobody known', '']);
  expect(said('en', { count: 7 })).toEqual(['Failed to sign in as nobody known, 7 times', '']);
  expect(said('de', { count: 7 })).toEqual(['7 Anmeldungen als Unbekannte gescheitert', '']);
});
