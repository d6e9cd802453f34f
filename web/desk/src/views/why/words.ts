import { type PartWords, partWords } from '../../ui/words.js';
import { de } from './i18n/de.js';
import { en } from './i18n/en.js';

/** Keys of the why-panels' own words. */
export type WhyWord = keyof typeof en;
export type WhyWords = PartWords<WhyWord>;

/** Words of the why-panels. */
export const useWhyWords = partWords<WhyWord>({ en, de });
