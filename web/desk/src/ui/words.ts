import type { Formats } from '../lib/format.js';
import { LANGUAGES, type Language } from '../i18n/languages.js';
import { CATALOGUES, type MessageKey, translatorOf, type Values } from '../i18n/translate.js';
import { useWords } from './hooks.js';

/** Words of a part of the desk, and those of the whole. */
export interface PartWords<K extends string> {
  readonly t: (key: K | MessageKey, values?: Values) => string;
  readonly formats: Formats;
  readonly language: Language;
  readonly tag: string;
}

/**
 * A hook that gives the words of a part of the desk which brings catalogues of its own: they are loaded with that part
 * and not before. A key of its own goes before the same key of the whole.
 */
export const partWords = <K extends string>(
  own: Record<Language, Readonly<Record<K, string>>>,
): (() => PartWords<K>) => {
  const translators = new Map(
    LANGUAGES.map((language) => {
      const catalogue: Readonly<Record<K | MessageKey, string>> = {
        ...CATALOGUES[language],
        ...own[language],
      };
      return [language, translatorOf<K | MessageKey>(language, catalogue)];
    }),
  );
  return function usePartWords() {
    const { formats, language, tag } = useWords();
    const t = translators.get(language);
    if (!t) throw new Error('There is no catalogue of this language.');
    return { t, formats, language, tag };
  };
};
