import { isolated } from '@parley/client';
import { de } from './de.js';
import { en } from './en.js';
import type { Language } from './languages.js';

/** Every message by its key. Two forms stand as `one|other`, chosen by `count`. */
export type Catalogue = Readonly<Record<MessageKey, string>>;
export type MessageKey = keyof typeof en;
export type Values = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, values?: Values) => string;

export const CATALOGUES: Record<Language, Catalogue> = { en, de };

/** The translating function of a catalogue: `{name}` in a message is replaced by the value of that name, which turns nothing around it. */
export const translatorOf = <K extends string>(
  language: Language,
  catalogue: Readonly<Record<K, string>>,
): ((key: K, values?: Values) => string) => {
  const rules = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const forms = catalogue[key].split('|');
    const form = forms.length > 1 && rules.select(Number(values.count)) !== 'one' ? forms[1] : forms[0];
    return (form ?? '').replace(/\{(\w+)\}/g, (_, name: string) => isolated(String(values[name] ?? '')));
  };
};

/** The translating function of a language. */
export const translator = (language: Language): Translate => translatorOf(language, CATALOGUES[language]);
