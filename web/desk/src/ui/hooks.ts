import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import { second } from '../desk/clock.js';
import type { Desk } from '../desk/desk.js';
import { languageOf, preferences } from '../desk/preferences.js';
import { type Formats, formatsOf } from '../lib/format.js';
import { type Language, LANGUAGES } from '../i18n/languages.js';
import { type Translate, translator } from '../i18n/translate.js';
import type { Store } from '../state/store.js';

/** The present value of a store. */
export const useStore = <T>({ subscribe, get }: Pick<Store<T>, 'subscribe' | 'get'>): T =>
  useSyncExternalStore(subscribe, get);

/** What `select` takes out of a store; only a change of that draws the component again. */
export const useSelect = <T, S>(
  { subscribe, get }: Pick<Store<T>, 'subscribe' | 'get'>,
  select: (value: T) => S,
): S => useSyncExternalStore(subscribe, () => select(get()));

/** The server's time, ms; draws the component again every second. */
export const useNow = (): number => useStore(second);

interface Words {
  readonly t: Translate;
  readonly formats: Formats;
  readonly language: Language;
  /** The language with the viewer's region, for formats of one's own. */
  readonly tag: string;
}

const WORDS = new Map<Language, Words>(
  LANGUAGES.map((language) => {
    // The viewer's own region, where the browser names one for this language.
    const region = navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;
    return [language, { language, tag: region, t: translator(language), formats: formatsOf(region) }];
  }),
);

/** Words and formats of the language in use. */
export const useWords = (): Words => {
  const words = WORDS.get(languageOf(useStore(preferences)));
  if (!words) throw new Error('There is no catalogue of this language.');
  return words;
};

export const DeskContext = createContext<Desk | undefined>(undefined);

/** The desk of the person who is signed in. */
export const useDesk = (): Desk => {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('useDesk is for pages inside the desk.');
  return desk;
};

/** Calls `listener` for keys pressed anywhere on the page. */
export const useKeys = (listener: (event: KeyboardEvent) => void): void =>
  useEffect(() => {
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, [listener]);
