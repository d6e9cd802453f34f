/** How well a text fits a query: 0 not at all; higher is better. Words may be given in any order, by beginning or part. */
export const fit = (query: string, text: string): number => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const target = text.toLowerCase();
  let score = 1;
  for (const word of words) {
    const at = target.indexOf(word);
    if (at < 0) return 0;
    score += at === 0 ? 3 : /\s/.test(target[at - 1] ?? '') ? 2 : 1;
  }
  return score;
};

/** What fits, best first; all in their order for an empty query. */
export const best = <T>(query: string, items: readonly T[], textOf: (item: T) => string): readonly T[] =>
  items
    .map((item, index) => ({ item, index, score: fit(query, textOf(item)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ item }) => item);
