import { invalidArgument } from '@parley/kernel';

/** Raised whenever `tokensOf` gives other tokens for the same text: stored documents are then indexed anew. */
export const TOKENIZER_VERSION = 1;

const MAX_TOKEN = 64;
const MAX_QUERY_WORDS = 32;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts that are written without spaces between words; the dictionary of Intl.Segmenter divides them. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/**
 * Marks that readers leave out when they search: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel
 * signs and the tatweel. Vowel signs of Indic scripts and Japanese voicing marks make other words, so they stay.
 */
const OPTIONAL_MARKS =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]/g;
/** Letters whose stroke or ligature Unicode does not decompose. */
const STROKED: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  æ: 'ae',
  œ: 'oe',
  ς: 'σ',
};
const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** The words of a text, each once, with case, accents and width folded. The same for stored text and for queries. */
export const tokensOf = (texts: Iterable<string>): readonly string[] => {
  const tokens = new Set<string>();
  for (const text of texts) {
    for (const [run] of fold(text).matchAll(WORD)) {
      if (!UNSPACED.test(run)) tokens.add(cut(run));
      else
        for (const { segment, isWordLike } of segmenter.segment(run))
          if (isWordLike) tokens.add(cut(segment));
    }
  }
  return [...tokens];
};

/** The words of a query; none when it has only punctuation. Throws invalidArgument on `text` when there are over 32. */
export const queryTokens = (text: string): readonly string[] => {
  const tokens = tokensOf([text]);
  if (tokens.length > MAX_QUERY_WORDS)
    throw invalidArgument('text', `search for at most ${MAX_QUERY_WORDS} words`);
  return tokens;
};

const fold = (text: string): string => {
  if (/^[ -~\s]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(OPTIONAL_MARKS, '')
    .toUpperCase()
    .toLowerCase()
    .replace(/[łøđðæœς]/g, (letter) => STROKED[letter] ?? letter)
    .normalize('NFC');
};

const cut = (token: string): string =>
  token.length <= MAX_TOKEN ? token : Array.from(token).slice(0, MAX_TOKEN).join('');
