import { defineConfig } from '@parley/service';

/** Variables of the routing service. */
export const config = defineConfig({
  PARLEY_ROUTING_SNAPSHOT_EVERY: {
    type: 'integer',
    min: 1,
    default: 500,
    doc: 'commits of a routing domain between two snapshots',
  },
  PARLEY_ROUTING_KEEP_DAYS: {
    type: 'integer',
    min: 1,
    max: 3650,
    default: 31,
    doc: 'how long what routing decided is kept: for explanations and dry runs of workflows',
  },
  PARLEY_ROUTING_SWEEP_MS: {
    type: 'integer',
    min: 100,
    default: 60_000,
    doc: 'how often routing is compared with the conversations it holds',
  },
  PARLEY_ROUTING_JOURNAL: {
    type: 'string',
    default: '',
    example: '/data/routing-journal',
    doc: 'a folder where every command to routing is written down with what was decided, to be decided again when something looks wrong; holds personal data, 48 MB a process at most; empty: none',
  },
});
