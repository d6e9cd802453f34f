import { defineConfig } from '@parley/service';

/** Variables of this service beside those that every service reads. */
export const config = defineConfig({
  PARLEY_PURGE_HOLD_MS: {
    type: 'integer',
    min: 0,
    default: 3_600_000,
    doc: 'how long a closed conversation stays in the log before it is kept by transcript alone',
  },
  PARLEY_PURGE_EVERY_MS: {
    type: 'integer',
    min: 100,
    default: 30_000,
    doc: 'how often conversations are looked for that may leave the log',
  },
  PARLEY_PURGE_CONSUMERS: {
    type: 'list',
    default: ['transcript', 'analytics', 'notification', 'inbox', 'routing-input'],
    doc: 'consumers of the conversation log that must have read a conversation before it is purged',
  },
  PARLEY_RETENTION_SWEEP_MS: {
    type: 'integer',
    min: 1000,
    default: 600_000,
    doc: 'how often content is looked for that is older than its tenant keeps it',
  },
});
