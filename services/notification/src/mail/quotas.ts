import { createHash } from 'node:crypto';
import { resourceExhausted, type ApiError } from '@parley/kernel';
import { keyOf } from '../documents.js';
import type { Quota } from './allowance.js';

const DAY_MS = 86_400_000;
const MOST_PER_CONVERSATION = 5;
const MOST_PER_ADDRESS = 10;
const MOST_PER_CONTACT = 10;

/** Whom a mail is of, and where it is to go. */
export interface Mailing {
  readonly tenant: string;
  readonly conversationId: string;
  /** The visitor who asks; empty when staff or a program does. */
  readonly visitorId: string;
  readonly email: string;
}

/**
 * What a transcript by mail takes of: chats cost nothing and their words are the visitor's own, so that a limit of each
 * chat alone would let anybody mail anything to anybody from the company's address. Staff and programs, who may well send
 * every transcript to one mailbox, have that limit only. Days are those of UTC.
 */
export const quotasOf = (
  { tenant, conversationId, visitorId, email }: Mailing,
  now: number,
  mostPerTenant: number,
  askedBefore: () => Promise<number>,
): readonly Quota[] => {
  const day = Math.floor(now / DAY_MS);
  const until = (day + 1) * DAY_MS;
  const daily = (kind: string, of: string, most: number, message: string): Quota => ({
    id: keyOf(tenant, [kind, of, day].join('/')),
    most,
    until,
    refusal: () => refused(`${message} Try again tomorrow.`, until - now),
  });
  const ofConversation: Quota = {
    id: keyOf(tenant, `conversation/${conversationId}`),
    most: MOST_PER_CONVERSATION,
    until: null,
    from: askedBefore,
    refusal: () =>
      refused(`A transcript is mailed at most ${MOST_PER_CONVERSATION} times: forward one that you have.`),
  };
  if (!visitorId) return [ofConversation];
  return [
    ofConversation,
    daily(
      'address',
      mailboxOf(email),
      MOST_PER_ADDRESS,
      `At most ${MOST_PER_ADDRESS} transcripts are mailed to one address a day.`,
    ),
    daily(
      'contact',
      visitorId,
      MOST_PER_CONTACT,
      `At most ${MOST_PER_CONTACT} transcripts are mailed for one contact a day.`,
    ),
    daily('tenant', '', mostPerTenant, 'No more transcripts are mailed today.'),
  ];
};

const refused = (message: string, retryAfterMs?: number): ApiError =>
  resourceExhausted('TOO_MANY_MAILS', message, retryAfterMs === undefined ? {} : { retryAfterMs });

/** Of one mailbox however it is written, and not the address itself, which is to go with the request. */
const mailboxOf = (email: string): string => {
  const [local = '', domain = ''] = email.toLowerCase().split('@');
  return createHash('sha256')
    .update(`${local.replace(/\+.*/, '')}@${domain}`)
    .digest('base64url');
};
