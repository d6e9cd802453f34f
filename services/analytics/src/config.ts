import { defineConfig } from '@parley/service';

/** Variables of the analytics service. */
export const config = defineConfig({
  PARLEY_ROLLUP_INTERVAL_MS: {
    type: 'integer',
    min: 100,
    default: 2_000,
    doc: 'how often marked quarter hours are computed anew; reports do so themselves',
  },
});
