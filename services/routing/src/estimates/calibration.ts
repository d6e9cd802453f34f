import { Z90 } from './model.js';
import { quantileOf, shareBeyond, survivalOf } from './survival.js';

/** Resolved waits that are learned from; older ones are forgotten. */
const WINDOW = 400;
/** Waits that may end before ranges are computed anew: sorting them all each time would cost more than it tells. */
const STALE_AFTER = 8;
/** Waits that ended with an agent before anything is shown. */
const LEAST_RESOLVED = 30;
/** Of these waits the share in the range is to be 80 %. */
const AIM = 0.8;
const TOLERANCE = 0.08;
/** A wait that cannot be told from its range by this much is taken for the model's. */
const NARROWEST = 0.2;
const NARROWEST_AIM = 0.7;
const WIDEST_AIM = 0.96;

/** A range of scores: 10th percentile, median, 90th percentile. */
export interface ScoreRange {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

const BY_THE_MODEL: ScoreRange = { low: -Z90, median: 0, high: Z90 };

interface Computed {
  readonly range: ScoreRange;
  readonly coverage: number | undefined;
}

/** One resolved wait: its score, and where it lay in the range that was given for it (0 is its low, 1 its high end). */
type Resolved = readonly [score: number, place: number, censored: boolean];

/**
 * What was learned from resolved waits about the model's errors. The range is conformal: its ends are the scores that
 * the last waits really had, so it becomes wider, narrower or longer as the model turns out to be wrong. Those who left
 * count as waits that are at least so long.
 */
export class Calibration {
  #resolved: Resolved[];
  #computed: Computed | undefined;
  #since = 0;

  constructor(resolved: readonly Resolved[] = []) {
    this.#resolved = resolved.slice(-WINDOW);
  }

  /** The range that a new wait is given. */
  range(): ScoreRange {
    return this.#now().range;
  }

  /** Takes in how a wait ended, with the range it was given. */
  resolve(score: number, given: ScoreRange, censored: boolean): void {
    const width = Math.max(given.high - given.low, Number.EPSILON);
    this.#resolved.push([score, (score - given.low) / width, censored]);
    if (this.#resolved.length > WINDOW) this.#resolved.shift();
    if (this.#resolved.length <= 2 * LEAST_RESOLVED || ++this.#since >= STALE_AFTER)
      this.#computed = undefined;
  }

  /** The share of waits that lay in their ranges; undefined with too few of them. */
  coverage(): number | undefined {
    return this.#now().coverage;
  }

  /** True when ranges may be shown: enough waits are known, and as many of them lay in their ranges as should have. */
  isTrusted(): boolean {
    const coverage = this.coverage();
    if (coverage === undefined) return false;
    // What chance may do to a share of so few.
    const chance = Math.sqrt((AIM * (1 - AIM)) / this.#resolved.length);
    return Math.abs(coverage - AIM) <= TOLERANCE + chance;
  }

  toJSON(): readonly Resolved[] {
    return this.#resolved;
  }

  #now(): Computed {
    if (this.#computed) return this.#computed;
    this.#since = 0;
    const answered = this.#resolved.filter(([, , censored]) => !censored).length;
    if (answered < LEAST_RESOLVED) return (this.#computed = { range: BY_THE_MODEL, coverage: undefined });
    const coverage = coverageOf(this.#resolved);
    return (this.#computed = { range: rangeOf(this.#resolved, coverage), coverage });
  }
}

const coverageOf = (resolved: readonly Resolved[]): number => {
  const places = survivalOf(resolved.map(([, value, censored]) => ({ value, censored })));
  return shareBeyond(places, -1e-9) - shareBeyond(places, 1 + 1e-9);
};

const rangeOf = (resolved: readonly Resolved[], coverage: number): ScoreRange => {
  const curve = survivalOf(resolved.map(([value, , censored]) => ({ value, censored })));
  // Waits of the same hour resemble each other, so the next ones stray further than the last ones did among themselves:
  // what was missed lately is added to what is aimed at.
  const aim = Math.min(WIDEST_AIM, Math.max(NARROWEST_AIM, AIM + (AIM - coverage)));
  const median = quantileOf(curve, 0.5) ?? 0;
  const low = quantileOf(curve, (1 - aim) / 2) ?? median - Z90;
  const high = quantileOf(curve, (1 + aim) / 2) ?? Math.max(curve.at(-1)?.[0] ?? 0, median + 2 * Z90);
  return { low: Math.min(low, median - NARROWEST), median, high: Math.max(high, median + NARROWEST) };
};
