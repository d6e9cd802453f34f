import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { delayOfErlangC, erlangQuantile, offeredDelayOfErlangA } from '../testing/erlang.js';
import { scoreOf, waitAt, waitModel, Z90, type WaitModel } from './model.js';
import { quantileOf, shareBeyond, survivalOf } from './survival.js';

const queue = { serving: 10, serviceRate: 1 / 300, abandonRate: 0, ringSeconds: 0 };
const modelOf = (place: number, change: Partial<typeof queue> = {}): WaitModel => {
  const model = waitModel({ ...queue, ...change, place });
  if (!model) throw new Error('no model');
  return model;
};

describe('the model of a wait', () => {
  it.each([1, 2, 5, 20, 100])('is Erlang at place %d without abandonment, within 7 %', (place) => {
    const model = modelOf(place);
    expect(model.mean).toBeCloseTo(place * 30, 6);
    for (const [score, share] of [
      [-Z90, 0.1],
      [0, 0.5],
      [Z90, 0.9],
    ] as const) {
      const exact = erlangQuantile(place, 10 / 300, share);
      expect(Math.abs(waitAt(model, score) - exact) / exact).toBeLessThan(0.07);
    }
  });

  it('has the mean delay of Erlang C over the places that arrivals find', () => {
    // In M/M/m a delayed arrival finds the place n with the probability (1 − ρ) ρ^(n−1).
    const rho = 0.9;
    let mean = 0;
    for (let place = 1; place < 400; place++) mean += (1 - rho) * rho ** (place - 1) * modelOf(place).mean;
    expect(mean).toBeCloseTo(
      delayOfErlangC({ arrivals: 9 / 300, servers: 10, service: 1 / 300, abandon: 0 }),
      3,
    );
  });

  it('has the offered delay of Erlang A over the places that arrivals find', () => {
    const textbook = { arrivals: 12 / 300, servers: 10, service: 1 / 300, abandon: 1 / 600 };
    let [weight, total, mean] = [1, 0, 0];
    for (let place = 1; place < 400; place++) {
      total += weight;
      mean += weight * modelOf(place, { abandonRate: 1 / 600 }).mean;
      weight *= textbook.arrivals / (10 / 300 + place / 600);
    }
    expect(mean / total).toBeCloseTo(offeredDelayOfErlangA(textbook), 6);
  });

  it('says nothing when nobody serves', () => {
    expect(waitModel({ ...queue, place: 1, serving: 0 })).toBeUndefined();
    expect(waitModel({ ...queue, place: 1, serviceRate: 0 })).toBeUndefined();
  });

  it('gives every wait a score, and the wait of that score back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (place, wait) => {
          const model = modelOf(place, { abandonRate: 1 / 900, ringSeconds: 5 });
          const score = scoreOf(model, wait);
          expect(Number.isFinite(score)).toBe(true);
          expect(waitAt(model, score)).toBeCloseTo(wait, 3);
          expect(waitAt(model, score + 1)).toBeGreaterThanOrEqual(wait - 1e-6);
        },
      ),
    );
  });
});

describe('survival', () => {
  const known = (...values: number[]) => values.map((value) => ({ value, censored: false }));

  it('is the plain share when nothing was cut off', () => {
    const curve = survivalOf(known(4, 1, 3, 2, 5));
    expect([0.2, 0.5, 1].map((share) => quantileOf(curve, share))).toEqual([1, 3, 5]);
    expect([0, 1, 2.5, 5].map((value) => shareBeyond(curve, value))).toEqual([
      1,
      0.8,
      expect.closeTo(0.6),
      0,
    ]);
  });

  it('counts what was cut off as longer, not as gone', () => {
    // The example of every textbook: 6 waits, two of them cut off.
    const curve = survivalOf([
      ...known(1, 3, 4, 6),
      { value: 2, censored: true },
      { value: 5, censored: true },
    ]);
    expect(shareBeyond(curve, 1)).toBeCloseTo(5 / 6);
    expect(shareBeyond(curve, 3)).toBeCloseTo((5 / 6) * (3 / 4));
    expect(shareBeyond(curve, 4)).toBeCloseTo((5 / 6) * (3 / 4) * (2 / 3));
    expect(quantileOf(curve, 1)).toBe(6);
  });

  it('knows no quantile beyond what was seen', () => {
    const curve = survivalOf([...known(1), { value: 2, censored: true }]);
    expect(quantileOf(curve, 0.9)).toBeUndefined();
    expect(quantileOf(survivalOf([]), 0.1)).toBeUndefined();
  });
});
