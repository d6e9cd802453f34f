import { pickLanguage, directionOf, type Language } from '../i18n/languages.js';
import { readSettings, type Settings } from '../state/settings.js';
import { createStore, type Store } from '../state/store.js';

const KEY = 'parley.desk.settings';

/** The settings of this browser. */
export const preferences: Store<Settings> = createStore(readSettings(localStorage.getItem(KEY)));

/** The language in use. */
export const languageOf = (settings: Settings): Language =>
  settings.language || pickLanguage(navigator.languages);

/** Changes some settings and keeps them. */
export const setPreferences = (change: Partial<Settings>): void => {
  preferences.update((settings) => ({ ...settings, ...change }));
  localStorage.setItem(KEY, JSON.stringify(preferences.get()));
};

/** Puts theme and language on the page, now and whenever they change. */
export const applyPreferences = (): void => {
  const apply = (): void => {
    const settings = preferences.get();
    const root = document.documentElement;
    if (settings.theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = settings.theme;
    root.lang = languageOf(settings);
    root.dir = directionOf(root.lang);
  };
  apply();
  preferences.subscribe(apply);
};
