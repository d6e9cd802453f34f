import { createStore, type Store } from '../../../state/store.js';
import type { AdminWord } from '../words.js';

/** Something that is shown once and never again. */
export interface Secret {
  readonly title: AdminWord;
  readonly lead: AdminWord;
  /** Whom or what it is for. */
  readonly name: string;
  readonly text: string;
}

/** The one that is shown now. */
export const shownSecret: Store<Secret | undefined> = createStore<Secret | undefined>(undefined);

/** Letters and digits that nobody takes for one another. */
const READABLE = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password that can be read out: 4 groups of 5, 99 bits. */
export const newPassword = (): string => {
  const chosen: string[] = [];
  while (chosen.length < 20)
    for (const byte of crypto.getRandomValues(new Uint8Array(32)))
      // Only whole rounds of the alphabet, so that every letter is as likely.
      if (byte < 248 && chosen.length < 20) chosen.push(READABLE[byte % READABLE.length] ?? '');
  return chosen.join('').replace(/.{5}(?=.)/g, '$&-');
};

/** A key for signing, 256 bits, as text. */
export const newSigningKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
