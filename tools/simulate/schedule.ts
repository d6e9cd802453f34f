import { Chance } from './chance.js';

/** What can happen in a schedule. What it happens to follows from the step's numbers, whatever is there by then. */
export type Operation =
  | 'queue'
  | 'team'
  | 'skill'
  | 'agent'
  | 'removeAgent'
  | 'removeQueue'
  | 'settings'
  | 'schedule'
  | 'workflow'
  | 'rollBack'
  | 'presence'
  | 'stalePresence'
  | 'arrive'
  | 'accept'
  | 'acceptForeign'
  | 'decline'
  | 'close'
  | 'visitorLeaves'
  | 'agentLeaves'
  | 'noReply'
  | 'park'
  | 'unpark'
  | 'transfer'
  | 'cancelTransfer'
  | 'takeOver'
  | 'assign'
  | 'overdue'
  | 'caughtUp'
  | 'endWrapUp'
  | 'reopen'
  | 'botHandsOver'
  | 'deliver'
  | 'duplicate'
  | 'time'
  | 'restart';

/** One step as data, so that a schedule can be written down, cut shorter and repeated. */
export interface Step {
  readonly op: Operation;
  /** Picks, each from 0 to 999. */
  readonly n: readonly [number, number, number, number];
}

const WEIGHTS: readonly (readonly [number, Operation])[] = [
  [2, 'queue'],
  [1.5, 'team'],
  [0.5, 'skill'],
  [3, 'agent'],
  [0.6, 'removeAgent'],
  [0.4, 'removeQueue'],
  [0.7, 'settings'],
  [1, 'schedule'],
  [2, 'workflow'],
  [0.4, 'rollBack'],
  [10, 'presence'],
  [1, 'stalePresence'],
  [14, 'arrive'],
  [16, 'accept'],
  [1, 'acceptForeign'],
  [4, 'decline'],
  [7, 'close'],
  [3, 'visitorLeaves'],
  [2, 'agentLeaves'],
  [1, 'noReply'],
  [3, 'park'],
  [4, 'unpark'],
  [5, 'transfer'],
  [1, 'cancelTransfer'],
  [2, 'takeOver'],
  [3, 'assign'],
  [2, 'overdue'],
  [2, 'caughtUp'],
  [2, 'endWrapUp'],
  [2, 'reopen'],
  [2, 'botHandsOver'],
  [22, 'deliver'],
  [3, 'duplicate'],
  [16, 'time'],
  [3, 'restart'],
];

/** Something to begin with, so that few schedules are spent on an empty house. */
const PROLOGUE: readonly Operation[] = [
  ...(['team', 'queue', 'queue', 'agent', 'agent', 'agent', 'workflow'] as const),
  ...(['presence', 'presence', 'presence', 'deliver'] as const),
];

const LONGEST = 90;

/** The schedule of a seed: 11 to 100 steps. */
export const scheduleOf = (seed: number): Step[] => {
  const chance = new Chance(seed);
  const step = (op: Operation): Step => ({
    op,
    n: [chance.below(1000), chance.below(1000), chance.below(1000), chance.below(1000)],
  });
  const length = 10 + chance.below(LONGEST - 10);
  return [...PROLOGUE.map(step), ...Array.from({ length }, () => step(chance.weighted(WEIGHTS)))];
};
