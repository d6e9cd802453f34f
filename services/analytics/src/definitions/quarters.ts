export const QUARTER_MS = 15 * 60_000;
/** Days are UTC's. */
export const DAY_MS = 24 * 3_600_000;

/** Start of the quarter hour (UTC) that contains this time, ms. */
export const quarterOf = (ms: number): number => Math.floor(ms / QUARTER_MS) * QUARTER_MS;

/** Starts of all quarter hours that a time span touches. */
export const quartersOf = (from: number, to: number): number[] => {
  const quarters: number[] = [];
  for (let quarter = quarterOf(from); quarter < to || quarter === quarterOf(from); quarter += QUARTER_MS)
    quarters.push(quarter);
  return quarters;
};

/** Start of the UTC day that contains this time, ms. */
export const dayOf = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS;
