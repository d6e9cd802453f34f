import { type PartWords, partWords } from '../../ui/words.js';
import { de } from './i18n/de.js';
import { en } from './i18n/en.js';

/** Keys of the administration's own words. */
export type AdminWord = keyof typeof en;
export type AdminWords = PartWords<AdminWord>;

/** Words of the administration. */
export const useAdminWords = partWords<AdminWord>({ en, de });
