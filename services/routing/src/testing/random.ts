import { seededRandom } from '@parley/testkit';

/** A seeded source of chance: the same seed gives the same numbers. */
export class Random {
  /** From 0 inclusive to 1 exclusive. */
  readonly next: () => number;

  constructor(seed: number) {
    this.next = seededRandom(seed);
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** With this mean and this ratio of standard deviation to mean. */
  lognormal(mean: number, variation: number): number {
    const sigma2 = Math.log(1 + variation * variation);
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return mean * Math.exp(normal * Math.sqrt(sigma2) - sigma2 / 2);
  }
}
