import type { routing } from '@parley/contracts';
import { failedPrecondition, invalidArgument, notFound } from '@parley/kernel';
import { refreshHours } from './decide-hours.js';
import type { Decision } from './decision.js';
import { MOST_UNITS } from './lanes.js';
import { refusedFor } from './problems.js';
import type { Refusal } from './refusal.js';
import { unlessAt, unlessExpected, type Expected } from './versions.js';

/** Makes or renames a skill. */
export const putSkill = (decision: Decision, skill: routing.Skill, expected: Expected): Refusal => {
  const version = decision.state.skills.get(skill.skillId)?.version ?? 0;
  const refused = unlessExpected('skill', ['skillId', skill.skillId], version, expected);
  if (refused) return refused;
  decision.emit({ $case: 'skillConfigured', value: { skill: { ...skill, version: version + 1 } } });
  return undefined;
};

/** Removes a skill that no agent has and the published workflow does not ask for. */
export const removeSkill = (decision: Decision, skillId: string, expected: Expected): Refusal => {
  const { state } = decision;
  const skill = state.skills.get(skillId);
  if (!skill)
    return notFound('NO_SUCH_SKILL', `There is no skill "${skillId}"; ListSkills shows those there are.`);
  const stale = unlessAt('skill', skill.version, expected);
  if (stale) return stale;
  let agents = 0;
  for (const { config } of state.agents.values()) if (config && skillId in config.skills) agents++;
  if (agents > 0)
    return failedPrecondition('SKILL_IN_USE', `${agents} agents have this skill; take it from them first.`);
  const filter = state.workflows
    .get(state.published)
    ?.filters.find(({ requirements }) => requirements && skillId in requirements.skills);
  if (filter)
    return failedPrecondition(
      'SKILL_IN_USE',
      `The filter "${filter.name}" of the published workflow asks for it; publish one that does not first.`,
    );
  decision.emit({ $case: 'skillRemoved', value: { skillId } });
  return undefined;
};

/** Makes or changes a schedule; queues by it open or close at once. */
export const putSchedule = (decision: Decision, schedule: routing.Schedule, expected: Expected): Refusal => {
  const { state, ports } = decision;
  const version = state.schedules.get(schedule.scheduleId)?.version ?? 0;
  const refusal =
    unlessExpected('schedule', ['schedule.scheduleId', schedule.scheduleId], version, expected) ??
    refusedFor('schedule', ports.scheduleProblems(schedule));
  if (refusal) return refusal;
  decision.emit({ $case: 'scheduleConfigured', value: { schedule: { ...schedule, version: version + 1 } } });
  for (const queue of state.queues.values())
    if (queue.config.scheduleId === schedule.scheduleId) refreshHours(decision, queue);
  return undefined;
};

/** Removes a schedule that no queue goes by. */
export const removeSchedule = (decision: Decision, scheduleId: string, expected: Expected): Refusal => {
  const { state } = decision;
  const schedule = state.schedules.get(scheduleId);
  if (!schedule)
    return notFound('NO_SUCH_SCHEDULE', `There is no schedule "${scheduleId}"; ListSchedules shows all.`);
  const stale = unlessAt('schedule', schedule.version, expected);
  if (stale) return stale;
  for (const { config } of state.queues.values())
    if (config.scheduleId === scheduleId)
      return failedPrecondition(
        'SCHEDULE_IN_USE',
        `The queue "${config.name}" is open by it; give that queue other hours, or none, first.`,
      );
  decision.emit({ $case: 'scheduleRemoved', value: { scheduleId } });
  return undefined;
};

/** Changes what chats weigh and what priority is worth; waiting chats are sorted anew, weights apply to new ones. */
export const putSettings = (
  decision: Decision,
  settings: routing.RoutingSettings,
  expected: Expected,
): Refusal => {
  const { version } = decision.state.settings;
  const stale = unlessAt('settings', version, expected);
  if (stale) return stale;
  for (const [channel, weight] of Object.entries(settings.channelWeights))
    if (!Number.isInteger(weight) || weight < 1 || weight > MOST_UNITS)
      return invalidArgument(
        `channelWeights.${channel}`,
        `must be a whole number from 1 to ${MOST_UNITS}, such as 1 for a web chat`,
      );
  decision.emit({ $case: 'settingsConfigured', value: { settings: { ...settings, version: version + 1 } } });
  return undefined;
};
