import type { Step } from './schedule.js';

/** A schedule that failed once, in its shortest form. */
export interface Regression {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Played in every run, before all others. Kept as steps: the schedule of a seed changes with what can happen in one. */
export const REGRESSIONS: readonly Regression[] = [
  {
    name: 'seed 233237: a take-over, an acceptance whose join is refused and a park cross each other',
    steps: [
      { op: 'presence', n: [442, 457, 691, 725] },
      { op: 'arrive', n: [937, 159, 316, 552] },
      { op: 'takeOver', n: [647, 282, 449, 94] },
      { op: 'deliver', n: [641, 786, 701, 572] },
      { op: 'accept', n: [738, 756, 230, 601] },
      { op: 'park', n: [90, 21, 649, 546] },
      { op: 'deliver', n: [342, 212, 429, 564] },
      { op: 'duplicate', n: [720, 80, 344, 818] },
    ],
  },
  {
    name: 'seed 222006: a chat is kept for its last agent, whose skills are taken away meanwhile',
    steps: [
      { op: 'agent', n: [814, 490, 76, 104] },
      { op: 'workflow', n: [456, 492, 283, 166] },
      { op: 'presence', n: [461, 212, 109, 613] },
      { op: 'agent', n: [951, 136, 94, 442] },
      { op: 'arrive', n: [148, 877, 110, 692] },
      { op: 'deliver', n: [929, 310, 393, 712] },
      { op: 'accept', n: [875, 698, 781, 374] },
      { op: 'deliver', n: [881, 296, 920, 443] },
      { op: 'arrive', n: [410, 495, 317, 239] },
      { op: 'close', n: [115, 735, 661, 382] },
      { op: 'deliver', n: [101, 369, 39, 227] },
      { op: 'reopen', n: [85, 279, 158, 842] },
      { op: 'deliver', n: [61, 323, 683, 978] },
      { op: 'accept', n: [326, 3, 215, 715] },
      { op: 'deliver', n: [790, 504, 712, 278] },
      { op: 'agent', n: [71, 592, 151, 966] },
      { op: 'close', n: [302, 650, 181, 349] },
    ],
  },
];
