import { isolated } from '@parley/client';
import { en, type Words } from './en.js';

/** Catalogues by language; all but English are fetched when they are needed. */
export const catalogues: Readonly<Record<string, () => Promise<Words>>> = {
  en: async () => en,
  de: async () => (await import('./de.js')).de,
  ar: async () => (await import('./ar.js')).ar,
};

const RIGHT_TO_LEFT = ['ar', 'he', 'fa', 'ur'];

/** Words, dates and direction of a locale. */
export interface Language {
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  /** The text of a key, with `{x}` replaced by values.x, which turn nothing around them. */
  readonly say: (key: keyof Words, values?: Readonly<Record<string, string | number>>) => string;
  time(at: number): string;
  /** Today, yesterday, or the date. */
  day(at: number): string;
  weekday(at: number): string;
  /** Day and time of something to come: tomorrow 9:00, Monday 9:00, or with its date. */
  moment(at: number): string;
  /** From one time of day to another. */
  times(from: number, to: number): string;
  /** A wait from so many seconds to so many, in minutes. */
  wait(low: number, high: number): string;
  /** Names, joined by "and". */
  list(names: readonly string[]): string;
}

/** The first of the wished locales that has a catalogue; English otherwise. */
export const pickLocale = (wished: readonly (string | undefined)[]): string =>
  wished.find((locale) => locale && languageOf(locale) in catalogues) ?? 'en';

const languageOf = (locale: string): string => locale.toLowerCase().split(/[-_]/)[0] ?? '';

/** Loads a language that pickLocale returned. Falls back to English when its catalogue cannot be fetched. */
export const loadLanguage = async (locale: string): Promise<Language> => {
  const language = languageOf(locale);
  const words = await (catalogues[language] ?? (async () => en))().catch(() => en);
  const tag = locale.replace('_', '-');
  const times = new Intl.DateTimeFormat(tag, { hour: 'numeric', minute: '2-digit' });
  const days = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'long' });
  const numbers = new Intl.NumberFormat(tag);
  const weekdays = new Intl.DateTimeFormat(tag, { weekday: 'long' });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  const minutes = new Intl.NumberFormat(tag, { style: 'unit', unit: 'minute', unitDisplay: 'long' });
  const lists = new Intl.ListFormat(tag);
  const fill = (value: string | number | undefined): string =>
    typeof value === 'number' ? numbers.format(value) : isolated(value ?? '');
  const say: Language['say'] = (key, values = {}) =>
    words[key].replace(/\{(\w+)\}/g, (_, name: string) => fill(values[name]));
  return {
    locale,
    direction: RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr',
    say,
    time: (at) => times.format(at),
    day: (at) => {
      const now = Date.now();
      const date = new Date(at).toDateString();
      if (date === new Date(now).toDateString()) return say('today');
      if (date === new Date(now - 86_400_000).toDateString()) return say('yesterday');
      return days.format(at);
    },
    weekday: (at) => weekdays.format(at),
    moment: (at) => {
      const away = daysAway(at);
      const day = away < 2 ? relative.format(away, 'day') : away < 7 ? weekdays.format(at) : days.format(at);
      return `${day} ${times.format(at)}`;
    },
    times: (from, to) => times.formatRange(from, to),
    wait: (low, high) => {
      const most = Math.max(1, Math.ceil(high / 60));
      const least = Math.floor(low / 60);
      return least === 0
        ? say('waitUpTo', { time: minutes.format(most) })
        : least === most
          ? minutes.format(most)
          : minutes.formatRange(least, most);
    },
    list: (names) => lists.format(names.map(isolated)),
  };
};

/** How many midnights lie between now and then. */
const daysAway = (at: number): number => {
  const noon = (time: number): number => new Date(time).setHours(12, 0, 0, 0);
  return Math.round((noon(at) - noon(Date.now())) / 86_400_000);
};
