import type { Step } from './schedule.js';

/** A schedule that failed once, in its shortest form. */
export interface Regression {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Played in every run, before all others. Kept as steps: the schedule of a seed changes with what can happen in one. */
export const REGRESSIONS: readonly Regression[] = [
  {
    name: 'seed 1100039583: a chat of the highest priority is escalated, and its next target has a lower one',
    steps: [
      { op: 'queue', n: [369, 895, 784, 394] },
      { op: 'workflow', n: [61, 486, 655, 810] },
      { op: 'arrive', n: [752, 59, 351, 831] },
      { op: 'presence', n: [613, 85, 185, 736] },
      { op: 'deliver', n: [437, 712, 329, 4] },
      { op: 'time', n: [675, 336, 536, 155] },
      { op: 'time', n: [47, 29, 964, 216] },
    ],
  },
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
  {
    name: 'seed 700531494: two are freed at once, and what the first of them looks at is offered to the second as well',
    steps: [
      { op: 'queue', n: [915, 964, 491, 489] },
      { op: 'presence', n: [309, 302, 807, 46] },
      { op: 'presence', n: [703, 757, 627, 484] },
      { op: 'arrive', n: [946, 410, 340, 357] },
      { op: 'arrive', n: [105, 145, 854, 95] },
      { op: 'arrive', n: [780, 587, 345, 598] },
      { op: 'presence', n: [961, 667, 138, 819] },
      { op: 'deliver', n: [88, 202, 258, 338] },
      { op: 'accept', n: [746, 114, 565, 858] },
      { op: 'arrive', n: [87, 385, 684, 763] },
      { op: 'arrive', n: [555, 908, 224, 783] },
      { op: 'arrive', n: [350, 577, 296, 725] },
      { op: 'deliver', n: [149, 88, 115, 472] },
      { op: 'arrive', n: [211, 793, 530, 403] },
      { op: 'accept', n: [874, 72, 820, 701] },
      { op: 'arrive', n: [636, 161, 269, 442] },
      { op: 'agentLeaves', n: [296, 856, 485, 93] },
      { op: 'arrive', n: [718, 532, 209, 913] },
      { op: 'arrive', n: [514, 329, 537, 880] },
      { op: 'visitorLeaves', n: [334, 715, 187, 938] },
    ],
  },
];
