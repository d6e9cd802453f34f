import type { RuleHandlers } from '../api.js';
import { availabilityHandlers, type AvailabilityDeps } from './availability.js';
import { dryRunHandlers, type DryRunDeps } from './dry-run.js';
import { scheduleHandlers } from './schedules.js';
import { workflowHandlers } from './workflows.js';

/** Handlers of hours, workflows and what a visitor may expect. */
export const ruleHandlers = (deps: AvailabilityDeps & DryRunDeps): RuleHandlers => ({
  ...scheduleHandlers(deps),
  ...workflowHandlers(deps),
  ...dryRunHandlers(deps),
  ...availabilityHandlers(deps),
});
