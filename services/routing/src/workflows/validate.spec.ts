import { describe, expect, it } from '@jest/globals';
import { routing } from '@parley/contracts';
import type { Catalogue, ConfigProblem } from '../domain/ports.js';
import { workflowProblems } from './validate.js';

const catalogue: Catalogue = {
  queueIds: new Set(['sales', 'support']),
  skillIds: new Set(['billing', 'returns']),
};
const toQueue = (value: string): routing.Target['to'] => ({ $case: 'queueId', value });
const target = (change: Partial<routing.Target> = {}): routing.Target => ({
  to: toQueue('sales'),
  untilSeconds: 0,
  skipIf: '',
  relaxations: [],
  ...change,
});
const overflow = (change: Partial<routing.Target> = {}): routing.Target =>
  target({ to: { $case: 'overflow', value: routing.Overflow.OVERFLOW_TAKE_MESSAGE }, ...change });
const filter = (change: Partial<routing.Filter> = {}): routing.Filter => ({
  name: 'Billing',
  when: 'topic == "billing"',
  requirements: { skills: { billing: 3 }, language: 'visitor' },
  priority: 2,
  lastAgentSeconds: 30,
  targets: [
    target({ untilSeconds: 60 }),
    target({ untilSeconds: 120, relaxations: [{ skill: 'billing', level: 1 }] }),
    target({
      to: toQueue('support'),
      untilSeconds: 300,
      skipIf: '!queue.open',
      relaxations: [
        { skill: 'billing', level: 0 },
        { skill: 'language', level: 0 },
      ],
      priority: 9,
    }),
    overflow(),
  ],
  ...change,
});
const problems = (...filters: routing.Filter[]): ConfigProblem[] =>
  workflowProblems({ version: 0, filters, comment: '', publishedBy: '', publishedAt: undefined }, catalogue);
const errors = (...filters: routing.Filter[]): string[] =>
  problems(...filters)
    .filter(({ warning }) => !warning)
    .map(({ field }) => field);
const warnings = (...filters: routing.Filter[]): string[] =>
  problems(...filters)
    .filter(({ warning }) => warning)
    .map(({ field }) => field);
const withTargets = (...targets: routing.Target[]): routing.Filter => filter({ targets });

describe('a workflow', () => {
  it('without faults has no problems', () => {
    expect(problems(filter(), filter({ name: 'Rest', when: '' }))).toEqual([]);
  });

  it.each<[string, routing.Filter, string]>([
    ['a filter without a name', filter({ name: ' ' }), 'filters[0].name'],
    ['a condition that is none', filter({ when: 'topik == "x"' }), 'filters[0].when'],
    [
      'a skill that does not exist',
      filter({ requirements: { skills: { billing: 3, law: 1 }, language: '' }, targets: [target()] }),
      'filters[0].requirements.skills.law',
    ],
    [
      'a level that does not exist',
      filter({ requirements: { skills: { billing: 6 }, language: '' }, targets: [target()] }),
      'filters[0].requirements.skills.billing',
    ],
    [
      'a language with a region',
      filter({ requirements: { skills: {}, language: 'de-AT' }, targets: [target()] }),
      'filters[0].requirements.language',
    ],
    ['a priority beyond 9', filter({ priority: 10 }), 'filters[0].priority'],
    [
      'an hour and more for the last agent',
      filter({ lastAgentSeconds: 3601 }),
      'filters[0].lastAgentSeconds',
    ],
    ['no target', withTargets(), 'filters[0].targets'],
    ['a target that leads nowhere', withTargets(target({ to: undefined })), 'filters[0].targets[0].to'],
    [
      'a queue that does not exist',
      withTargets(target({ to: toQueue('x') })),
      'filters[0].targets[0].queueId',
    ],
    ['an overflow in between', withTargets(overflow(), target()), 'filters[0].targets[0].overflow'],
    [
      'an overflow to nothing',
      withTargets(overflow({ to: { $case: 'overflow', value: routing.Overflow.OVERFLOW_UNSPECIFIED } })),
      'filters[0].targets[0].overflow',
    ],
    [
      'times that do not increase',
      withTargets(target({ untilSeconds: 60 }), target({ to: toQueue('support'), untilSeconds: 60 })),
      'filters[0].targets[1].untilSeconds',
    ],
    ['a stage of days', withTargets(target({ untilSeconds: 86_401 })), 'filters[0].targets[0].untilSeconds'],
    ['a skip_if that is none', withTargets(target({ skipIf: 'queue.x' })), 'filters[0].targets[0].skipIf'],
    [
      'a skip_if over what is not kept',
      withTargets(target({ skipIf: 'prechat.order == ""' })),
      'filters[0].targets[0].skipIf',
    ],
    [
      'relaxing what is not asked for',
      withTargets(target({ relaxations: [{ skill: 'returns', level: 0 }] })),
      'filters[0].targets[0].relaxations[0].skill',
    ],
    [
      'relaxing to more',
      withTargets(target({ relaxations: [{ skill: 'billing', level: 3 }] })),
      'filters[0].targets[0].relaxations[0].level',
    ],
    [
      'half a language',
      withTargets(target({ relaxations: [{ skill: 'language', level: 1 }] })),
      'filters[0].targets[0].relaxations[0].level',
    ],
    [
      'a dropped skill dropped again',
      withTargets(
        target({ untilSeconds: 60, relaxations: [{ skill: 'billing', level: 0 }] }),
        target({ relaxations: [{ skill: 'billing', level: 0 }] }),
      ),
      'filters[0].targets[1].relaxations[0].skill',
    ],
    ["a target's priority beyond 9", withTargets(target({ priority: 10 })), 'filters[0].targets[0].priority'],
    [
      'an overflow with a time',
      withTargets(overflow({ untilSeconds: 1 })),
      'filters[0].targets[0].untilSeconds',
    ],
    [
      'an overflow that is skipped',
      withTargets(overflow({ skipIf: 'true' })),
      'filters[0].targets[0].skipIf',
    ],
  ])('is refused for %s', (_, wrong, field) => {
    expect(errors(wrong)).toEqual([field]);
    for (const { reason, example } of problems(wrong)) expect([reason, example]).not.toContain('');
  });

  it('is refused for a comment or a list that is too long', () => {
    const long = { version: 0, comment: 'x'.repeat(501), publishedBy: '', publishedAt: undefined };
    const filters = Array.from({ length: 201 }, () => filter());
    expect(workflowProblems({ ...long, filters }, catalogue).map(({ field }) => field)).toEqual([
      'comment',
      'filters',
    ]);
    expect(errors(withTargets(...Array.from({ length: 21 }, () => target())))).toEqual([
      'filters[0].targets',
    ]);
  });

  it('names every problem, not only the first', () => {
    expect(errors(filter({ name: '', when: '1 +', priority: 10 }), filter({ targets: [] }))).toEqual([
      'filters[0].name',
      'filters[0].when',
      'filters[0].priority',
      'filters[1].targets',
    ]);
  });

  it('is warned of what has no effect', () => {
    expect(warnings()).toEqual(['filters']);
    expect(warnings(filter({ when: ' true ' }), filter({ name: 'Later' }))).toEqual(['filters[1]']);
    expect(warnings(filter(), filter({ name: 'Same' }))).toEqual(['filters[1].when']);
    expect(warnings(filter(), filter({ when: '' }))).toEqual(['filters[1].name']);
    expect(warnings(withTargets(target(), overflow()))).toEqual(['filters[0].targets[0].untilSeconds']);
    expect(warnings(withTargets(target({ untilSeconds: 60 }), target()))).toEqual(['filters[0].targets[1]']);
  });
});
