import { Violation } from './engine.js';
import { take } from './happenings.js';
import { scheduleOf, type Step } from './schedule.js';
import { World } from './world.js';

export interface Outcome {
  readonly decisions: number;
  /** The first thing that was wrong, and after how many steps; undefined: nothing. */
  readonly failure: { readonly message: string; readonly steps: number } | undefined;
}

/** Plays a schedule. Anything that throws is a failure. */
export const play = (steps: readonly Step[]): Outcome => {
  const world = new World();
  let taken = 0;
  try {
    for (const step of steps) {
      take(world, step);
      taken++;
    }
    world.engine.restart();
    world.end();
    return { decisions: world.engine.decisions, failure: undefined };
  } catch (error) {
    const message = error instanceof Violation ? error.message : String((error as Error).stack ?? error);
    return { decisions: world.engine.decisions, failure: { message, steps: taken + 1 } };
  }
};

/** Plays the schedule of a seed. */
export const playSeed = (seed: number): Outcome => play(scheduleOf(seed));

const MOST_TRIES = 3000;

/** The same kind of failure: ids, versions and figures may differ. */
const kindOf = (message: string): string =>
  message.split(/[;\n]/)[0]!.replaceAll(/[a-z]?\d+|[a-z]\d+-o\d+/g, '#');

/** A schedule with the same failure from which no step can be left out, and the failure it has. */
export const shrink = (steps: readonly Step[]): { steps: readonly Step[]; message: string } => {
  const first = play(steps).failure;
  if (!first) throw new Error('this schedule does not fail');
  const kind = kindOf(first.message);
  let best = steps.slice(0, first.steps);
  let { message } = first;
  let tries = 0;
  const fails = (candidate: readonly Step[]): boolean => {
    tries++;
    const { failure } = play(candidate);
    if (!failure || kindOf(failure.message) !== kind) return false;
    best = candidate.slice(0, failure.steps);
    ({ message } = failure);
    return true;
  };
  for (let size = Math.ceil(best.length / 2); size >= 1 && tries < MOST_TRIES;) {
    let smaller = false;
    for (let from = best.length - size; from >= 0 && tries < MOST_TRIES; from -= size)
      smaller = fails([...best.slice(0, from), ...best.slice(from + size)]) || smaller;
    if (!smaller || size > 1) size = size === 1 ? 0 : Math.floor(size / 2);
  }
  return { steps: best, message };
};
