import { partWords } from '../../ui/words.js';
import { de } from './i18n/de.js';
import { en } from './i18n/en.js';

/** Words of the wall. */
export const useWallWords = partWords<keyof typeof en>({ en, de });
