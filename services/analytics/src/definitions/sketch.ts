/**
 * A mergeable quantile sketch with a relative error of 1 % (the DDSketch of Masson, Rim and Lee, VLDB 2019): values are
 * counted in buckets whose bounds grow by a constant factor, so two sketches merge by adding their counts, and a
 * quantile read from it is within 1 % of the true one, whatever the distribution.
 */
const RELATIVE_ERROR = 0.01;
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Below a millisecond is counted as zero: clocks here are not finer. */
const SMALLEST = 0.001;

/** Seconds. Plain JSON, as it stands in documents. */
export interface Sketch {
  count: number;
  sum: number;
  max: number;
  /** How many were (as good as) zero. */
  zeros: number;
  /** Bucket index to count. */
  buckets: Record<number, number>;
}

export const emptySketch = (): Sketch => ({ count: 0, sum: 0, max: 0, zeros: 0, buckets: {} });

/** Counts a duration in seconds; negative ones (clocks of two logs) count as zero. */
export const addTo = (sketch: Sketch, seconds: number): void => {
  const value = Math.max(0, seconds);
  sketch.count++;
  sketch.sum += value;
  sketch.max = Math.max(sketch.max, value);
  if (value < SMALLEST) sketch.zeros++;
  else {
    const index = Math.ceil(Math.log(value) / LOG_GAMMA);
    sketch.buckets[index] = (sketch.buckets[index] ?? 0) + 1;
  }
};

/** Adds all that `other` has counted. */
export const mergeInto = (sketch: Sketch, other: Sketch): void => {
  sketch.count += other.count;
  sketch.sum += other.sum;
  sketch.max = Math.max(sketch.max, other.max);
  sketch.zeros += other.zeros;
  for (const [index, count] of Object.entries(other.buckets))
    sketch.buckets[Number(index)] = (sketch.buckets[Number(index)] ?? 0) + count;
};

/** The value below which this share (0 to 1) of the values lies; undefined when nothing was counted. */
export const quantileOf = (sketch: Sketch, share: number): number | undefined => {
  if (sketch.count === 0) return undefined;
  const rank = share * (sketch.count - 1);
  let seen = sketch.zeros;
  if (rank < seen) return 0;
  const indexes = Object.keys(sketch.buckets)
    .map(Number)
    .sort((a, b) => a - b);
  for (const index of indexes) {
    seen += sketch.buckets[index] ?? 0;
    // The middle of a bucket in the sense of relative error; never beyond what was seen.
    if (rank < seen) return Math.min(sketch.max, (2 * GAMMA ** index) / (GAMMA + 1));
  }
  return sketch.max;
};
