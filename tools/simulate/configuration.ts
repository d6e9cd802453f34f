import { routing } from '@parley/contracts';
import type { Command } from '../../services/routing/src/domain.js';
import { LANGUAGES, SKILLS, workflowOf } from './workflows.js';
import type { Operation, Step } from './schedule.js';

const at = <T>(list: readonly T[], n: number): T => list[n % list.length]!;
const QUEUES = ['q0', 'q1', 'q2'] as const;
const TEAMS = ['t0', 't1'] as const;
export const AGENTS = ['a0', 'a1', 'a2', 'a3', 'a4'] as const;
const Action = routing.FailsafeAction;
const ACTIONS = [
  Action.FAILSAFE_ACTION_TELL,
  Action.FAILSAFE_ACTION_MOVE,
  Action.FAILSAFE_ACTION_ESCALATE,
  Action.FAILSAFE_ACTION_OVERFLOW,
];

/** What there is to choose from at this moment. */
export interface Catalogue {
  readonly queueIds: readonly string[];
  readonly teamIds: readonly string[];
  readonly draftRevision: number;
  readonly versions: readonly number[];
}

type Numbers = Step['n'];

const MAKERS: { readonly [O in Operation]?: (n: Numbers, known: Catalogue) => Command[] } = {
  queue: (n) => [{ kind: 'putQueue', queue: queueOf(n), expectedVersion: 0 }],
  removeQueue: ([a]) => [{ kind: 'removeQueue', queueId: at(QUEUES, a) }],
  team: (n) => [{ kind: 'putTeam', team: teamOf(n), expectedVersion: 0 }],
  skill: ([a]) => [putSkill(at(SKILLS, a))],
  agent: (n, known) => [{ kind: 'putAgent', agent: agentOf(n, known), expectedVersion: 0 }],
  removeAgent: ([a]) => [{ kind: 'removeAgent', agentId: at(AGENTS, a) }],
  settings: ([a, b, c]) => [
    {
      kind: 'putSettings',
      settings: {
        channelWeights: weightsOf(b, c),
        ageingSeconds: at([0, 5, 60], a),
        version: 0,
      },
      expectedVersion: 0,
    },
  ],
  schedule: ([, b, c, d]) => [{ kind: 'putSchedule', schedule: scheduleOf(b, c, d), expectedVersion: 0 }],
  workflow: (n, { queueIds, draftRevision }) =>
    queueIds.length === 0
      ? []
      : [
          ...SKILLS.map(putSkill),
          { kind: 'saveWorkflowDraft', workflow: workflowOf(n, queueIds), expectedVersion: 0 },
          { kind: 'publishWorkflow', draftRevision: draftRevision + 1, comment: '', publishedBy: 'admin' },
        ],
  rollBack: ([a], { versions }) =>
    versions.length === 0
      ? []
      : [{ kind: 'rollBackWorkflow', version: at(versions, a), comment: '', publishedBy: 'admin' }],
};

/** The commands of a step that changes the configuration; undefined when it is another kind of step. */
export const configurationOf = ({ op, n }: Step, known: Catalogue): Command[] | undefined =>
  MAKERS[op]?.(n, known);

const weightsOf = (b: number, c: number): Record<string, number> =>
  b % 2 === 0 ? {} : { WEB_CHAT: 1 + (c % 2) };

const putSkill = (skillId: string): Command => ({
  kind: 'putSkill',
  skill: { skillId, name: skillId, version: 0 },
  expectedVersion: 0,
});

const queueOf = ([a, b, c, d]: Step['n']): routing.Queue =>
  routing.Queue.fromPartial({
    queueId: at(QUEUES, a),
    name: 'Queue',
    offerTimeoutSeconds: at([5, 20, 0], b),
    wrapUpSeconds: at([0, 10, 45], c),
    isDefault: d % 3 === 0,
    scheduleId: b % 3 === 0 ? 's0' : '',
    offerTo: at([1, 1, 2, 3], c),
    maxWaiting: at([0, 0, 2], d),
    maxWaitSeconds: at([0, 0, 90], b),
    failsafeSeconds: at([0, 20, 60], a + b),
    failsafeAction: at(ACTIONS, c + d),
    failsafeQueueId: at(QUEUES, a + 1),
  });

const teamOf = ([a, b, c, d]: Step['n']): routing.Team =>
  routing.Team.fromPartial({
    teamId: at(TEAMS, a),
    name: 'Team',
    autoAccept: b % 3 === 0,
    maxUsed: at([0, 0, 3], c),
    rampShifts: at([0, 1, 2], d),
    rampCapacity: at([1, 0, 2], a),
    latencyLimitSeconds: at([0, 60], b),
  });

const agentOf = ([a, b, c, d]: Step['n'], { queueIds, teamIds }: Catalogue): routing.Agent =>
  routing.Agent.fromPartial({
    agentId: at(AGENTS, a),
    name: 'Agent',
    capacity: at([1, 2, 4, 3], b),
    queueIds: queueIds.filter((_, i) => (c + i) % 3 !== 0),
    skills: Object.fromEntries(
      SKILLS.flatMap((skill, i) => ((d + i) % 3 === 0 ? [] : [[skill, 1 + ((d + i) % 5)]])),
    ),
    languages: LANGUAGES.filter((_, i) => (b + i) % 2 === 0),
    teamId: teamIds.length > 0 && c % 2 === 0 ? at(teamIds, d) : '',
    maxChats: at([0, 0, 2], a + d),
  });

/** Hours that open and close within minutes, around the time at which schedules play. */
const scheduleOf = (b: number, c: number, d: number): routing.Schedule => {
  const from = 8 * 60 + (c % 30);
  return routing.Schedule.fromPartial({
    scheduleId: 's0',
    name: 'Hours',
    timeZone: at(['Etc/UTC', 'Etc/UTC', 'Europe/London'], b),
    weekly: [1, 2, 3, 4, 5].map((day) => ({ day, fromMinute: from, toMinute: from + 5 + (d % 60) })),
    exceptions: [],
  });
};
