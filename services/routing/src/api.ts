import { configHandlers } from './api/config.js';
import type { ApiDeps, RoutingHandlers } from './api/deps.js';
import { offerHandlers } from './api/offers.js';
import { readHandlers } from './api/reads.js';

export { routingInternalApi } from './api/internal.js';

const own = (deps: ApiDeps) => ({
  ...configHandlers(deps),
  ...offerHandlers(deps),
  ...readHandlers(deps),
});

/** Handlers of schedules, workflows and availability, which are made elsewhere. */
export type RuleHandlers = Omit<RoutingHandlers, keyof ReturnType<typeof own>>;

/** Handlers of RoutingService. */
export const routingApi = (deps: ApiDeps, rules: RuleHandlers): RoutingHandlers => ({
  ...own(deps),
  ...rules,
});
