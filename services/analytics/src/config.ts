import { defineConfig } from '@parley/service';

/** Variables of the analytics service. */
export const config = defineConfig({
  PARLEY_ROLLUP_INTERVAL_MS: {
    type: 'integer',
    min: 100,
    default: 10_000,
    doc: 'how often quarter hours that have settled are rolled up; reports are exact without it',
  },
  PARLEY_FIGURES_INTERVAL_MS: {
    type: 'integer',
    min: 100,
    default: 10_000,
    doc: 'how often the business figures on /metrics are computed',
  },
  PARLEY_FIGURES_TENANTS: {
    type: 'integer',
    min: 0,
    default: 50,
    doc: 'how many tenants a process shows under their own names on /metrics; the others are together in "other"',
  },
  PARLEY_FIGURES_QUEUES: {
    type: 'integer',
    min: 0,
    default: 200,
    doc: 'likewise queues, over all of these tenants',
  },
  PARLEY_ANALYTICS_REST_MS: {
    type: 'integer',
    min: 0,
    default: 500,
    doc: 'pause after each batch of events: figures are behind by at most that, and busy chats cost less',
  },
});
