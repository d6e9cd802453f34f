/** A value, or what it is at least: of a visitor who left, the wait is only known to be longer. */
export interface Observation {
  readonly value: number;
  readonly censored: boolean;
}

/** Steps of a survival curve: from `value` on, `left` is the share of values that are greater. */
type Step = readonly [value: number, left: number];

/** Kaplan and Meier's estimate (1958) of how values are distributed, with some of them known only to be at least so much. */
export const survivalOf = (observations: readonly Observation[]): readonly Step[] => {
  // At the same value, what is known happened before what was cut off.
  const sorted = [...observations].sort(
    (a, b) => a.value - b.value || Number(a.censored) - Number(b.censored),
  );
  const steps: Step[] = [];
  let left = 1;
  sorted.forEach(({ value, censored }, i) => {
    if (censored) return;
    left *= 1 - 1 / (sorted.length - i);
    steps.push([value, left]);
  });
  return steps;
};

/** The least value with at least this share of values at or below it; undefined when too many were cut off to know. */
export const quantileOf = (curve: readonly Step[], share: number): number | undefined =>
  curve.find(([, left]) => 1 - left >= share - 1e-9)?.[0];

/** The share of values beyond a value. */
export const shareBeyond = (curve: readonly Step[], value: number): number => {
  let share = 1;
  for (const [at, left] of curve) {
    if (at > value) break;
    share = left;
  }
  return share;
};
