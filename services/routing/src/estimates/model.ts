/** What is known of a queue at the moment somebody asks how long it takes. */
export interface Situation {
  /** Place in line: 1 is next. */
  readonly place: number;
  /** Chats that are being served, offered or wrapped up: each gives its slot back some time. */
  readonly serving: number;
  /** How often a slot is given back, per second and slot. */
  readonly serviceRate: number;
  /** How often somebody who waits leaves, per second and visitor. */
  readonly abandonRate: number;
  /** From an offer to its acceptance, s. */
  readonly ringSeconds: number;
}

/** A distribution of waits: a gamma distribution by its mean (s) and shape. */
export interface WaitModel {
  readonly mean: number;
  readonly shape: number;
}

/** Standard normal score of the 90th percentile. */
export const Z90 = 1.2815515655446004;

/**
 * How long the chat at a place waits: until as many slots as its place have been given back or left by those before it.
 * With j visitors before it, the next such moment comes at the rate of all slots plus j times that of leaving, so the
 * wait is a sum of exponential times: Erlang(place) without abandonment, the wait of Erlang A with it. It is taken for
 * the gamma distribution of the same mean and variance. Undefined when nobody is serving.
 */
export const waitModel = (situation: Situation): WaitModel | undefined => {
  const { place, serving, serviceRate, abandonRate, ringSeconds } = situation;
  const rate = serving * serviceRate;
  if (!(rate > 0) || place < 1) return undefined;
  let mean = 0;
  let variance = 0;
  for (let before = place - 1; before >= 0; before--) {
    const step = 1 / (rate + before * abandonRate);
    mean += step;
    variance += step * step;
  }
  mean += ringSeconds;
  return { mean, shape: (mean * mean) / variance };
};

/**
 * Where a wait (s) lies in its distribution, as a standard normal score: by Wilson and Hilferty (1931) the cube root of a
 * gamma variable is nearly normal. Finite for every wait, so that what the model holds for impossible can be learned from.
 */
export const scoreOf = ({ mean, shape }: WaitModel, wait: number): number =>
  (Math.cbrt(wait / mean) - (1 - 1 / (9 * shape))) * Math.sqrt(9 * shape);

/** The wait (s) with a score; never negative. */
export const waitAt = ({ mean, shape }: WaitModel, score: number): number =>
  mean * Math.max(0, 1 - 1 / (9 * shape) + score / Math.sqrt(9 * shape)) ** 3;
