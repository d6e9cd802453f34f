/** Digits with at most one space or dash between them: what a card number may look like. */
const RUN = /\d(?:[ \u00a0-]?\d){12,}/g;
const SHORTEST = 13;
const LONGEST = 19;

/** Luhn's check of a string of digits. */
const passesLuhn = (digits: string): boolean => {
  let sum = 0;
  for (let i = digits.length - 1, double = false; i >= 0; i--, double = !double) {
    let digit = digits.charCodeAt(i) - 48;
    if (double && (digit *= 2) > 9) digit -= 9;
    sum += digit;
  }
  return sum % 10 === 0;
};

/**
 * The text with every card number (13 to 19 digits that pass Luhn's check, in one piece or in groups) masked but for
 * its last four digits. Separators stay where they are.
 */
export const maskCards = (text: string): string => {
  if (text.length < SHORTEST) return text;
  return text.replace(RUN, maskRun);
};

// A number may have a neighbour ("4111 1111 1111 1111 123", the last being the check code): every sequence of whole
// groups is tried, the longest first. Digits in one piece that are too many are no card.
const maskRun = (run: string): string => {
  const groups = run.split(/([ \u00a0-])/);
  for (let from = 0; from < groups.length; from += 2) {
    const to = endOfCard(groups, from);
    if (to === undefined) continue;
    let keep = 4;
    for (let i = to; i >= from; i -= 2) {
      const group = groups[i] ?? '';
      const kept = Math.min(keep, group.length);
      groups[i] = '*'.repeat(group.length - kept) + group.slice(group.length - kept);
      keep -= kept;
    }
    from = to;
  }
  return groups.join('');
};

/** Index of the last group of the longest card number that begins with group `from`. */
const endOfCard = (groups: readonly string[], from: number): number | undefined => {
  let digits = '';
  let found: number | undefined;
  for (let i = from; i < groups.length; i += 2) {
    digits += groups[i] ?? '';
    if (digits.length > LONGEST) break;
    if (digits.length >= SHORTEST && passesLuhn(digits)) found = i;
  }
  return found;
};

/** `maskCards` over every value of a form. */
export const maskValues = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, maskCards(value)]));
