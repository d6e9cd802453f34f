import { de } from './de.js';
import { en } from './en.js';
import type { MailKey, MailWords } from './words.js';

/** The words of mails by language; English is complete by definition, a test holds the others to it. */
export const catalogues: Readonly<Record<string, MailWords>> = { en, de };

const RTL = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);

/** The words and formats of one language. */
export interface MailLanguage {
  /** BCP 47, of the words. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  say(key: MailKey, values?: Readonly<Record<string, string>>): string;
  date(at: Date): string;
  time(at: Date): string;
}

/** The language of the words for a BCP 47 locale: the best that there is, English otherwise. */
export const mailLanguage = (locale: string): MailLanguage => {
  const language = locale.split('-')[0]?.toLowerCase() ?? '';
  const tag = Object.hasOwn(catalogues, language) ? language : 'en';
  const words = catalogues[tag] ?? en;
  // The region decides how a date is written, when the words are of its language.
  const formats = tag === language ? usable(locale, tag) : tag;
  const date = new Intl.DateTimeFormat(formats, { dateStyle: 'long', timeZone: 'UTC' });
  const time = new Intl.DateTimeFormat(formats, { timeStyle: 'short', timeZone: 'UTC' });
  return {
    tag,
    direction: RTL.has(tag) ? 'rtl' : 'ltr',
    say: (key, values = {}) => words[key].replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ''),
    date: (at) => date.format(at),
    time: (at) => time.format(at),
  };
};

const usable = (locale: string, otherwise: string): string => {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? otherwise;
  } catch {
    return otherwise;
  }
};
