import { phrasebooks, type Phrasebook } from './phrasebooks.js';

/** A stream of numbers in [0, 1) that is the same for the same seed (mulberry32). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The format of PARLEY_CHATS and of `npm run replay`: one of these a line. */
export interface Chat {
  readonly id: string;
  readonly turns: readonly { readonly from: 'visitor' | 'agent'; readonly text: string }[];
}

export interface GeneratedChat extends Chat {
  /** BCP 47; Arabic and Hebrew are written from right to left. */
  readonly locale: string;
}

const FEWEST_TURNS = 4;
const MOST_TURNS = 14;

/**
 * Chats about orders, the same for the same seed: they start with the visitor, people send several messages in a row,
 * in English, German, Spanish, Arabic, Hebrew and Japanese, with emoji, line breaks, links and mixed directions.
 */
export const generateChats = (seed: number, count: number): readonly GeneratedChat[] => {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const texts = (book: Phrasebook, from: 'visitor' | 'agent', place: 'first' | 'middle' | 'last'): string => {
    const numbered = (phrase: string): string =>
      phrase.replaceAll('{order}', `A-${10_000 + Math.floor(random() * 90_000)}`);
    const text = numbered(pick(place === 'middle' ? book[from] : book[place][from]));
    if (random() < 0.06) return `${text}\n${numbered(pick(book[from]))}`;
    return random() < 0.08
      ? `${text} ${pick(['🙂', '👍🏽', '🙏', '🇯🇵', 'https://shop.example/orders?id=7&x=%20'])}`
      : text;
  };
  return Array.from({ length: count }, (_, n) => {
    const book = pick(phrasebooks);
    const length = FEWEST_TURNS + Math.floor(random() * (MOST_TURNS - FEWEST_TURNS + 1));
    const turns: Chat['turns'][number][] = [];
    let from: 'visitor' | 'agent' = 'visitor';
    for (let i = 0; i < length; i++) {
      const place = i === 0 || (i === 1 && from === 'agent') ? 'first' : i >= length - 2 ? 'last' : 'middle';
      turns.push({ from, text: texts(book, from, place) });
      // The other one answers after most messages; the rest come in a row.
      if (i === 0 || random() < 0.8) from = from === 'visitor' ? 'agent' : 'visitor';
    }
    return { id: `chat-${seed}-${n}`, locale: book.locale, turns };
  });
};
