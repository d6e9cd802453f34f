import type { Ports } from '../domain/ports.js';
import { compileFilter, compileSkip } from '../expressions/expressions.js';
import { hoursAt, openMinutesLater } from '../hours/hours.js';
import { scheduleProblems } from '../hours/validate.js';
import { workflowProblems } from './validate.js';

/** What the engine needs from outside: expressions, hours, and the checks of what is stored. */
export const enginePorts: Ports = {
  compileFilter,
  compileSkip,
  hoursAt,
  openMinutesLater,
  scheduleProblems,
  workflowProblems,
};
