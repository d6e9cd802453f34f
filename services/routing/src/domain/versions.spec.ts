import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import { agent, given, publish, queue, skill, team, workflow } from '../testing/world.js';
import { enginePorts } from '../workflows/engine-ports.js';
import type { ConfigCommand } from './commands.js';
import { decide } from './decide.js';
import type { Expected } from './versions.js';

const draft = () => workflow({ targets: [{ queue: 'sales' }] });
const schedule = routing.Schedule.fromPartial({
  scheduleId: 'office',
  name: 'Office',
  timeZone: 'Europe/Berlin',
});

/** A world in which everything that can be configured is there, and has been changed once. */
const configured = () => {
  const puts = [
    queue('main', { isDefault: true }),
    queue('sales'),
    team('red'),
    skill('billing'),
    { kind: 'putSchedule', schedule } as const,
    agent('ann', ['main']),
    {
      kind: 'putSettings',
      settings: routing.RoutingSettings.fromPartial({ ageingSeconds: 60 }),
    } as const,
    draft(),
  ];
  return given(...puts, ...puts, publish(2));
};

const PUTS: readonly [field: string, command: ConfigCommand][] = [
  ['queueId', queue('sales') as ConfigCommand],
  ['agentId', agent('ann', ['main']) as ConfigCommand],
  ['teamId', team('red') as ConfigCommand],
  ['skillId', skill('billing') as ConfigCommand],
  ['schedule.scheduleId', { kind: 'putSchedule', schedule }],
];
const REMOVALS: readonly ConfigCommand[] = [
  { kind: 'removeQueue', queueId: 'sales' },
  { kind: 'removeAgent', agentId: 'ann' },
  { kind: 'removeTeam', teamId: 'red' },
  { kind: 'removeSkill', skillId: 'billing' },
  { kind: 'removeSchedule', scheduleId: 'office' },
];

/** What is said of a change by somebody who expects this; undefined when it is made. */
const refusal = (command: ConfigCommand, expected: Expected, world = configured()) => {
  const done = decide(world.state, { ...command, ...expected }, world.now(), enginePorts);
  return done.ok ? undefined : done.error.details;
};

describe('a change of the configuration', () => {
  it.each(PUTS)(
    'that is to make %s makes nothing over what there is, and says where it was wrong',
    (field, put) => {
      expect(refusal(put, { mustBeNew: true })).toMatchObject({
        reason: 'ALREADY_EXISTS',
        violations: [
          { field, description: expect.stringMatching(/already; choose another id such as ".+-2"/) },
        ],
      });
      expect(refusal(put, { mustBeNew: true }, given(queue('main')))).toBeUndefined();
    },
  );

  it.each([...PUTS.map(([, put]) => put), ...REMOVALS])(
    '$kind is made on top of the version that it expects only',
    (change) => {
      expect(refusal(change, { expectedVersion: 1 })).toMatchObject({
        reason: 'VERSION_CONFLICT',
        violations: [{ field: 'expectedVersion', description: expect.stringContaining('version 2 by now') }],
      });
      const free = change.kind === 'removeQueue' || change.kind === 'removeSkill' ? given() : configured();
      if (free.state.queues.size > 0) expect(refusal(change, { expectedVersion: 2 }, free)).toBeUndefined();
      expect(refusal(change, { expectedVersion: 0 })?.reason).not.toBe('VERSION_CONFLICT');
    },
  );

  it('that is the first of settings or of a draft is not made over another’s', () => {
    const put = { kind: 'putSettings', settings: routing.RoutingSettings.fromPartial({}) } as const;
    const first = draft() as ConfigCommand;
    for (const [change, field] of [
      [put, 'expectedVersion'],
      [first, 'expectedRevision'],
    ] as const) {
      expect(refusal(change, { mustBeNew: true }, given(queue('sales')))).toBeUndefined();
      expect(refusal(change, { mustBeNew: true })).toMatchObject({
        reason: 'VERSION_CONFLICT',
        violations: [{ field }],
      });
    }
  });

  it('that goes back to an earlier workflow expects which is in force', () => {
    const world = configured();
    world.when(draft());
    world.when(publish(3));
    const back = { kind: 'rollBackWorkflow', version: 1, comment: '', publishedBy: 'boss' } as const;
    expect(refusal(back, { expectedVersion: 1 }, world)?.reason).toBe('VERSION_CONFLICT');
    expect(refusal(back, { expectedVersion: 2 }, world)).toBeUndefined();
  });
});
