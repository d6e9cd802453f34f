import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { enErrors } from '../web/desk/src/i18n/en-errors.js';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = ['services/*/src/**/*.ts', 'libs/*/src/**/*.ts', 'web/client/src/**/*.ts'];
const NOT_SHIPPED = ['**/gen/**', '**/testing/**', 'libs/testkit/**', '**/*.spec.ts'];
/** Where an error gets its reason. Those that pass and those that sign out are left out: their code says it all. */
const REASONS =
  /\b(?:notFound|permissionDenied|failedPrecondition|alreadyExists|aborted|resourceExhausted)\(\s*'([A-Z_]+)'|\breason: '([A-Z_]+)'/g;

/** Reasons that say no more than their code. */
const BY_CODE = [
  'CANCELLED',
  'DEADLINE_EXCEEDED',
  'DUPLICATE',
  'INTERNAL',
  'INVALID_ARGUMENT',
  'KV_UNAVAILABLE',
  'MESSAGE_TOO_LARGE',
  'NO_REPLY',
  'SERVICE_UNAVAILABLE',
  'UNSENDABLE',
];

/** What no desk meets, by who does. */
const ELSEWHERE = {
  visitors: [
    'AGENT_IN_CHAT',
    'ALREADY_RATED',
    'CONVERSION_WINDOW_OVER',
    'IDENTITY_NOT_PROVEN',
    'NOT_CLOSED',
    'NOT_FOR_VISITORS',
    'NO_IDENTITY_KEY',
    'NO_SUCH_TENANT',
    'RATING_WINDOW_OVER',
    'TOO_MANY_CONVERSIONS',
    'COMMAND_ID_USED',
    'TOO_MANY_MAILS',
  ],
  integrations: [
    'DELIVERY_CHANGED',
    'ENDPOINT_CHANGED',
    'NOT_WITH_BOT',
    'NO_SUCH_DELIVERY',
    'NO_SUCH_ENDPOINT',
    'SCOPE_MISSING',
    'TOO_MANY_ENDPOINTS',
  ],
  services: [
    'GATEWAY_METHOD',
    'MALFORMED_BODY',
    'MALFORMED_CONTEXT',
    'NO_ADDRESS',
    'REPLAY_FAILED',
    'REPLAY_PENDING',
    'SERVICES_ONLY',
    'TENANT_EXISTS',
    'UNKNOWN_METHOD',
  ],
  /** Clients that do not keep to the protocol. */
  protocol: [
    'HELLO_FIRST',
    'HELLO_TWICE',
    'METHOD_NOT_ALLOWED',
    'METHOD_STREAMS',
    'NOT_WATCHED',
    'NO_HELLO',
    'NO_SUCH_METHOD',
    'NO_SUCH_PATH',
    'TOO_SLOW',
    'UNSUPPORTED_MEDIA_TYPE',
  ],
};

const reasonsGiven = (): Set<string> => {
  const found = new Set<string>();
  for (const file of globSync(SOURCES, { cwd: ROOT, exclude: NOT_SHIPPED }))
    for (const [, made, given] of readFileSync(join(ROOT, file), 'utf8').matchAll(REASONS))
      found.add(made ?? given ?? '');
  return found;
};

// The catalogues' own spec sees to the other languages.
it('has words at the desk for every reason that one meets, and for none that nobody gives', () => {
  const given = reasonsGiven();
  const passedOver = [...BY_CODE, ...Object.values(ELSEWHERE).flat()];
  const worded = Object.keys(enErrors).filter((key) => key === key.toUpperCase());
  const known = new Set([...passedOver, ...worded]);
  expect([...given].filter((reason) => !known.has(reason)).sort()).toEqual([]);
  expect([...known].filter((reason) => !given.has(reason)).sort()).toEqual([]);
  expect(worded.filter((reason) => passedOver.includes(reason))).toEqual([]);
});
