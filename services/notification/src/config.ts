import { defineConfig } from '@parley/service';

/** Variables of this service beside those that every service reads. */
export const config = defineConfig({
  PARLEY_SECRET: {
    secret: true,
    type: 'list',
    doc: 'secrets that keys are made from, newest first, separated by commas',
    example: 'a-long-random-text',
  },
  SMTP_URL: {
    type: 'url',
    default: '',
    protocols: ['smtp', 'smtps'],
    example: 'smtps://user:password@mail.example.com:465',
    doc: 'server that sends mail; empty: mails stay in the local mailbox',
  },
  PARLEY_MAIL_FROM: {
    type: 'string',
    default: 'Parley <parley@localhost>',
    example: 'Example Shop <chat@example.com>',
    doc: 'sender of mails',
  },
  PARLEY_MAILS_PER_DAY: {
    type: 'integer',
    min: 1,
    default: 2_000,
    doc: 'transcripts that visitors of one tenant may have mailed in a day (UTC)',
  },
  PARLEY_WEBHOOK_ALLOW_PRIVATE: {
    type: 'boolean',
    default: false,
    doc: 'whether webhooks may go to private and loopback addresses',
  },
  PARLEY_WEBHOOK_CONCURRENCY: {
    type: 'integer',
    min: 1,
    max: 100,
    default: 4,
    doc: 'webhooks under way to one endpoint at once',
  },
  PARLEY_WEBHOOK_TIMEOUT_MS: {
    type: 'integer',
    min: 100,
    max: 45_000,
    default: 15_000,
    doc: 'how long an endpoint may take to answer',
  },
  PARLEY_RETRY_BASE_MS: {
    type: 'integer',
    min: 1,
    default: 5_000,
    doc: 'webhooks and mails: the wait before the first retry is random up to twice this at most, then doubles',
  },
  PARLEY_RETRY_CAP_MS: {
    type: 'integer',
    min: 1,
    default: 28_800_000,
    doc: 'webhooks and mails: longest wait before a retry',
  },
  PARLEY_RETRY_ATTEMPTS: {
    type: 'integer',
    min: 1,
    default: 12,
    doc: 'webhooks and mails: tries before it is given up',
  },
});
