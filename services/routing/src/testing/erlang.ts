/** A queue of the textbooks: times are exponential, first come first served. Rates per second. */
export interface TextbookQueue {
  readonly arrivals: number;
  readonly servers: number;
  /** Of one server. */
  readonly service: number;
  /** Of one who waits; 0: nobody leaves. */
  readonly abandon: number;
}

/**
 * The mean time a delayed arrival waits in M/M/m, s: 1 / (mμ − λ) (A. K. Erlang 1917; D. Gross, C. M. Harris,
 * Fundamentals of Queueing Theory, section 2.3). Only where arrivals are fewer than can be served.
 */
export const delayOfErlangC = ({ arrivals, servers, service }: TextbookQueue): number =>
  1 / (servers * service - arrivals);

/**
 * The mean time a delayed arrival would have to wait in M/M/m+M if it were patient, s: from the stationary distribution of
 * the birth-death process (C. Palm 1957; O. Garnett, A. Mandelbaum, M. Reiman, Designing a call center with impatient
 * customers, 2002). One who finds j before them in line waits for j + 1 departures, at the rates mμ + jθ … mμ.
 */
export const offeredDelayOfErlangA = ({ arrivals, servers, service, abandon }: TextbookQueue): number => {
  let weight = 1;
  let total = 0;
  let delay = 0;
  let sum = 0;
  for (let line = 0; line < 100_000 && weight > 1e-15 * Math.max(total, 1); line++) {
    delay += 1 / (servers * service + line * abandon);
    total += weight;
    sum += weight * delay;
    weight *= arrivals / (servers * service + (line + 1) * abandon);
  }
  return sum / total;
};

/** The time within which so many departures happen with this probability: a quantile of Erlang(n), s, by bisection. */
export const erlangQuantile = (n: number, rate: number, probability: number): number => {
  const reached = (time: number): number => {
    let term = Math.exp(-rate * time);
    let less = 0;
    for (let i = 0; i < n; i++) {
      less += term;
      term *= (rate * time) / (i + 1);
    }
    return 1 - less;
  };
  let [low, high] = [0, (10 * n + 50) / rate];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (reached(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};
