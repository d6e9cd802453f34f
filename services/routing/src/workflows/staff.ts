import { routing } from '@parley/contracts';
import type { ConfigProblem } from '../domain/ports.js';
import type { RoutingState } from '../domain/state.js';

/** What is asked for at a target: what the filter requires, with all relaxations up to it. */
const requirementsAt = (
  { requirements, targets }: routing.Filter,
  target: number,
): { skills: ReadonlyMap<string, number>; language: string } => {
  const skills = new Map(Object.entries(requirements?.skills ?? {}));
  let language = requirements?.language ?? '';
  for (const { relaxations } of targets.slice(0, target + 1))
    for (const { skill, level } of relaxations)
      if (skill === 'language') language = '';
      else if (level === 0) skills.delete(skill);
      else skills.set(skill, level);
  // Which language the visitor's own is, is not known before they come.
  return { skills, language: language === 'visitor' ? '' : language };
};

const speaks = ({ languages }: routing.Agent, language: string): boolean =>
  language === '' || languages.some((each) => each.toLowerCase().split('-')[0] === language);

/** Warnings of targets for which there is no agent, as agents are configured at present. */
export const staffProblems = (workflow: routing.Workflow, { queues }: RoutingState): ConfigProblem[] =>
  workflow.filters.flatMap((filter, f) =>
    filter.targets.flatMap(({ to }, t): ConfigProblem[] => {
      const field = `filters[${f}].targets[${t}]`;
      const warning = true;
      if (to?.$case === 'overflow' && to.value === routing.Overflow.OVERFLOW_BOT)
        return [
          {
            field: `${field}.overflow`,
            reason:
              'an integration has to answer for the bot: visitors whom none answers within a minute are asked for a message',
            example: 'a webhook for conversation.handed_to_bot, and an API key that sends messages',
            warning,
          },
        ];
      const queue = to?.$case === 'queueId' ? queues.get(to.value) : undefined;
      if (!queue) return [];
      if (queue.agents.size === 0)
        return [
          {
            field: `${field}.queueId`,
            reason: `nobody serves "${queue.config.name}"`,
            example: 'give the queue to an agent',
            warning,
          },
        ];
      const { skills, language } = requirementsAt(filter, t);
      for (const { config } of queue.agents)
        if (
          config &&
          speaks(config, language) &&
          [...skills].every(([skill, level]) => (config.skills[skill] ?? 0) >= level)
        )
          return [];
      return [
        {
          field,
          reason: `nobody who serves "${queue.config.name}" meets what is asked for here`,
          example: "raise an agent's level, or relax the requirement",
          warning,
        },
      ];
    }),
  );
