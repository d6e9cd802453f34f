/** A seeded source of chance: the same seed gives the same numbers. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 inclusive to 1 exclusive (Mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
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
