import { routing } from '@parley/contracts';
import type { Catalogue, ConfigProblem } from '../domain/ports.js';
import { expressionProblem } from '../expressions/expressions.js';

const MOST_TARGETS = 20;
const LONGEST_STAGE = 86_400;
const HIGHEST_PRIORITY = 9;

/** The skill, or "language", with the least level that is still asked for; a language counts as level 1. */
type Needs = Map<string, number>;

/** Everything that is wrong with the targets of a filter, which has this field. */
export const targetProblems = (
  { targets, requirements }: routing.Filter,
  field: string,
  catalogue: Catalogue,
): ConfigProblem[] => {
  const queue = catalogue.queueIds.values().next().value ?? 'sales';
  if (targets.length === 0 || targets.length > MOST_TARGETS)
    return [
      {
        field: `${field}.targets`,
        reason: targets.length === 0 ? 'needs at least one target' : `has more than ${MOST_TARGETS} targets`,
        example: `[{"queueId": "${queue}"}]`,
      },
    ];
  const problems: ConfigProblem[] = [];
  const needs: Needs = new Map(Object.entries(requirements?.skills ?? {}));
  if (requirements?.language) needs.set('language', 1);
  targets.forEach((target, i) => {
    const at = `${field}.targets[${i}]`;
    problems.push(...destination(target, at, i === targets.length - 1, catalogue, queue));
    problems.push(...timing(targets, i, at));
    if (target.to?.$case === 'queueId') {
      const wrong = expressionProblem('skipIf', target.skipIf);
      if (wrong) problems.push({ field: `${at}.skipIf`, ...wrong });
      problems.push(...relaxations(target, at, needs));
      problems.push(...nothingNew(targets, i, at));
    } else problems.push(...finalFields(target, at));
    if ((target.priority ?? 0) > HIGHEST_PRIORITY)
      problems.push({
        field: `${at}.priority`,
        reason: `must be 0 to ${HIGHEST_PRIORITY}; higher goes first`,
        example: '5',
      });
  });
  return problems;
};

const destination = (
  { to }: routing.Target,
  at: string,
  isLast: boolean,
  { queueIds }: Catalogue,
  queue: string,
): ConfigProblem[] => {
  if (!to)
    return [
      {
        field: `${at}.to`,
        reason: 'must be a queue or an overflow',
        example: `"queueId": "${queue}"`,
      },
    ];
  if (to.$case === 'queueId')
    return queueIds.has(to.value)
      ? []
      : [
          {
            field: `${at}.queueId`,
            reason: `there is no queue "${to.value.slice(0, 128)}"; make it first, or name one there is`,
            example: queue,
          },
        ];
  const known =
    to.value === routing.Overflow.OVERFLOW_TAKE_MESSAGE || to.value === routing.Overflow.OVERFLOW_BOT;
  const problems: ConfigProblem[] = [];
  if (!known)
    problems.push({
      field: `${at}.overflow`,
      reason: 'must say what becomes of the chat: a message is taken, or a bot has it',
      example: 'OVERFLOW_TAKE_MESSAGE',
    });
  if (!isLast)
    problems.push({
      field: `${at}.overflow`,
      reason: 'must be the last target: with it the chat leaves the queue, and nothing behind it is reached',
      example: 'move it to the end',
    });
  return problems;
};

const timing = (targets: readonly routing.Target[], i: number, at: string): ConfigProblem[] => {
  const { untilSeconds, to } = targets[i]!;
  const field = `${at}.untilSeconds`;
  if (to?.$case === 'overflow') return [];
  if (untilSeconds > LONGEST_STAGE)
    return [
      { field, reason: `must be 0 (never over) to ${LONGEST_STAGE} seconds after entry`, example: '120' },
    ];
  const earlier = targets.slice(0, i).map((target) => target.untilSeconds);
  const last = Math.max(0, ...earlier);
  if (untilSeconds !== 0 && untilSeconds <= last)
    return [
      {
        field,
        reason: `is over ${untilSeconds} s after the chat entered, and a target before it only after ${last} s: it is never reached; times count from entry, not from the target's beginning`,
        example: String(last + 60),
      },
    ];
  if (untilSeconds === 0 && i < targets.length - 1)
    return [
      {
        field,
        reason:
          'is never over: what stands behind it is reached only when this target is skipped, closed or full',
        example: String(last + 60),
        warning: true,
      },
    ];
  return [];
};

const finalFields = (
  { to, untilSeconds, skipIf, relaxations, priority }: routing.Target,
  at: string,
): ConfigProblem[] => {
  if (!to) return [];
  const set = [
    ['untilSeconds', untilSeconds !== 0],
    ['skipIf', skipIf.trim() !== ''],
    ['relaxations', relaxations.length > 0],
    ['priority', priority !== undefined],
  ] as const;
  return set
    .filter(([, given]) => given)
    .map(([name]) => ({
      field: `${at}.${name}`,
      reason: 'means nothing for an overflow: the chat leaves the queue there',
      example: 'leave it out',
    }));
};

const relaxations = (target: routing.Target, at: string, needs: Needs): ConfigProblem[] =>
  target.relaxations.flatMap(({ skill, level }, i) => {
    const field = `${at}.relaxations[${i}]`;
    const current = needs.get(skill);
    if (current === undefined)
      return [
        {
          field: `${field}.skill`,
          reason: `"${skill.slice(0, 128)}" is not asked for at this point; only what the filter requires can be relaxed`,
          example: needs.keys().next().value ?? 'remove it',
        },
      ];
    if (level >= current || (skill === 'language' && level > 0))
      return [
        {
          field: `${field}.level`,
          reason:
            skill === 'language'
              ? 'a language is asked for or not: 0 drops it'
              : `level ${level} is no relaxation of level ${current}; 0 drops the skill`,
          example: skill === 'language' ? '0' : String(current - 1),
        },
      ];
    if (level === 0) needs.delete(skill);
    else needs.set(skill, level);
    return [];
  });

const nothingNew = (targets: readonly routing.Target[], i: number, at: string): ConfigProblem[] => {
  const { to, relaxations, priority } = targets[i]!;
  const before = targets[i - 1]?.to;
  const same = to?.$case === 'queueId' && before?.$case === 'queueId' && to.value === before.value;
  if (!same || relaxations.length > 0 || priority !== undefined) return [];
  return [
    {
      field: at,
      reason:
        'is the same queue with the same requirements and priority as the target before it: nothing changes',
      example: '"relaxations": [{"skill": "billing", "level": 0}]',
      warning: true,
    },
  ];
};
