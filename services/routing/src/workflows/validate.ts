import type { routing } from '@parley/contracts';
import type { Catalogue, ConfigProblem } from '../domain/ports.js';
import { expressionProblem } from '../expressions/expressions.js';
import { targetProblems } from './validate-targets.js';

const MOST_FILTERS = 200;
const MOST_SKILLS = 20;
const MOST_COMMENT = 500;
const HIGHEST_PRIORITY = 9;
const LONGEST_PREFERENCE = 3_600;

/** What is named in a problem when there is nothing of the kind to name. */
const first = (ids: ReadonlySet<string>, otherwise: string): string => ids.values().next().value ?? otherwise;

/**
 * Everything that is wrong with a workflow, by field (JSON names, such as filters[0].targets[1].skipIf). It may be saved
 * and published when only warnings are left.
 */
export const workflowProblems = (workflow: routing.Workflow, catalogue: Catalogue): ConfigProblem[] => {
  const { filters, comment } = workflow;
  const problems: ConfigProblem[] = [];
  if (comment.length > MOST_COMMENT)
    problems.push({
      field: 'comment',
      reason: `has more than ${MOST_COMMENT} characters`,
      example: 'Returns in German to the Berlin team',
    });
  if (filters.length > MOST_FILTERS)
    return [
      ...problems,
      {
        field: 'filters',
        reason: `there are ${filters.length}; ${MOST_FILTERS} are allowed: one can name many pages or topics`,
        example: 'topic in ["returns", "refunds"]',
      },
    ];
  if (filters.length === 0)
    problems.push({
      field: 'filters',
      reason: 'there is none: every chat goes to the queue it asks for, or to the default queue',
      example: '{"name": "Everything else", "targets": [{"queueId": "sales"}]}',
      warning: true,
    });
  filters.forEach((filter, i) => problems.push(...filterProblems(filter, `filters[${i}]`, catalogue)));
  return [...problems, ...neverReached(filters)];
};

const filterProblems = (filter: routing.Filter, field: string, catalogue: Catalogue): ConfigProblem[] => {
  const problems: ConfigProblem[] = [];
  if (filter.name.trim() === '' || filter.name.length > 100)
    problems.push({
      field: `${field}.name`,
      reason: 'must have 1 to 100 characters; it stands in explanations',
      example: 'Returns in German',
    });
  const wrong = expressionProblem('filter', filter.when);
  if (wrong) problems.push({ field: `${field}.when`, ...wrong });
  problems.push(...requirementProblems(filter.requirements, `${field}.requirements`, catalogue));
  if (filter.priority > HIGHEST_PRIORITY)
    problems.push({
      field: `${field}.priority`,
      reason: `must be 0 to ${HIGHEST_PRIORITY}; higher goes first`,
      example: '5',
    });
  if (filter.lastAgentSeconds > LONGEST_PREFERENCE)
    problems.push({
      field: `${field}.lastAgentSeconds`,
      reason: `must be 0 (no preference) to ${LONGEST_PREFERENCE} seconds`,
      example: '30',
    });
  return [...problems, ...targetProblems(filter, field, catalogue)];
};

const requirementProblems = (
  requirements: routing.Requirements | undefined,
  field: string,
  { skillIds }: Catalogue,
): ConfigProblem[] => {
  const problems: ConfigProblem[] = [];
  const skills = Object.entries(requirements?.skills ?? {});
  if (skills.length > MOST_SKILLS)
    problems.push({
      field: `${field}.skills`,
      reason: `asks for ${skills.length} skills; ${MOST_SKILLS} are allowed`,
      example: `{"${first(skillIds, 'billing')}": 3}`,
    });
  for (const [skill, level] of skills) {
    if (!skillIds.has(skill))
      problems.push({
        field: `${field}.skills.${skill}`,
        reason: `there is no skill "${skill}"; make it first, or name one there is`,
        example: first(skillIds, 'billing'),
      });
    if (level < 1 || level > 5)
      problems.push({
        field: `${field}.skills.${skill}`,
        reason: `${level} is no level; the least level that will do is 1 to 5`,
        example: '3',
      });
  }
  const language = requirements?.language ?? '';
  if (language !== '' && language !== 'visitor' && !/^[a-z]{2,3}$/.test(language))
    problems.push({
      field: `${field}.language`,
      reason: `"${language.slice(0, 40)}" is no primary language; write two or three small letters, or visitor for the visitor's own`,
      example: 'de',
    });
  return problems;
};

const neverReached = (filters: readonly routing.Filter[]): ConfigProblem[] => {
  const problems: ConfigProblem[] = [];
  const before = new Map<string, number>();
  const names = new Map<string, number>();
  let matchesAll: number | undefined;
  filters.forEach(({ when, name }, i) => {
    const condition = when.trim();
    const same = before.get(condition);
    if (matchesAll !== undefined)
      problems.push({
        field: `filters[${i}]`,
        reason: `is never reached: filters[${matchesAll}] matches every chat and stands before it`,
        example: `move filters[${matchesAll}] to the end, or give it a condition`,
        warning: true,
      });
    else if (same !== undefined)
      problems.push({
        field: `filters[${i}].when`,
        reason: `is never reached: filters[${same}] has the same condition and stands before it`,
        example: 'another condition, or one filter instead of the two',
        warning: true,
      });
    else before.set(condition, i);
    if (matchesAll === undefined && (condition === '' || condition === 'true')) matchesAll = i;
    const named = names.get(name);
    if (name && named !== undefined)
      problems.push({
        field: `filters[${i}].name`,
        reason: `filters[${named}] has the same name; explanations cannot tell them apart`,
        example: `${name.slice(0, 80)} 2`,
        warning: true,
      });
    else names.set(name, i);
  });
  return problems;
};
