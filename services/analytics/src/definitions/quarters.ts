export const QUARTER_MS = 15 * 60_000;

/** Start of the quarter hour (UTC) that contains this time, ms. */
export const quarterOf = (ms: number): number => Math.floor(ms / QUARTER_MS) * QUARTER_MS;

/** Starts of all quarter hours that a time span touches. */
export const quartersOf = (from: number, to: number): number[] => {
  const quarters: number[] = [];
  for (let quarter = quarterOf(from); quarter < to || quarter === quarterOf(from); quarter += QUARTER_MS)
    quarters.push(quarter);
  return quarters;
};
