import { expect, it } from '@jest/globals';
import { CATALOGUES, translatorOf } from '../../i18n/translate.js';
import { actWords } from './audit-words.js';
import { de } from './i18n/de.js';
import { en } from './i18n/en.js';

const said = (language: 'en' | 'de', event: Parameters<typeof actWords>[0]['event']): string[] => {
  const t = translatorOf(language, { ...CATALOGUES[language], ...{ en, de }[language] });
  const { what, target } = actWords({ event }, t, (id) => names[id]);
  return [what, target];
};

const names: Readonly<Record<string, string>> = { bob: 'Bob' };

it('tells failed logins of a person, and of nobody known with their number', () => {
  expect(said('en', { loginFailed: { userId: 'bob', count: 1 } })).toEqual(['Failed to sign in', 'Bob']);
  // As older releases recorded them.
  expect(said('en', { loginFailed: {} })).toEqual(['Failed to sign in as nobody known', '']);
  const seven = { loginFailed: { count: 7 } };
  expect(said('en', seven)).toEqual(['Failed to sign in as nobody known, 7 times', '']);
  expect(said('de', seven)).toEqual(['7 Anmeldungen als Unbekannte gescheitert', '']);
});

it('tells who did not know the password that they wanted to change', () => {
  const loginFailed = { userId: 'bob', count: 1, changingPassword: true };
  expect(said('en', { loginFailed })).toEqual([
    'Failed to change the password: the current one was wrong',
    'Bob',
  ]);
  expect(said('de', { loginFailed })).toEqual([
    'Passwortänderung gescheitert: das bisherige war falsch',
    'Bob',
  ]);
});

it('tells whose password was changed', () => {
  const userChanged = { userId: 'bob', role: 'agent', passwordChanged: true };
  expect(said('en', { userChanged })).toEqual(['Changed the password', 'Bob']);
  expect(said('en', { userChanged: { userId: 'bob' } })).toEqual(['Changed a person', 'Bob']);
});
