import { ErrorCode } from '@parley/kernel';
import { describe, letIn, refused } from '../outcome.js';
import { must, type Case } from '../suite.js';
import { ANYONE, post } from '../transports.js';
import type { World } from '../world.js';

/** More than an address without a token has saved up: five seconds of its rate (see main.ts). */
const TOO_MANY = 600;
const TOO_FAST = 429;
const REFRESH = 'parley.gateway.v1.AuthService/RefreshToken';

/** Who calls without a token is slowed down, told for how long, and let in again; nobody else is kept waiting. */
export const rateCases = ({ httpUrl, acme }: World): Case[] => [
  {
    name: 'calls without a token from one address',
    run: async () => {
      const knock = () => post(httpUrl, REFRESH, JSON.stringify({ refreshToken: 'none' }), ANYONE);
      const outcomes = await Promise.all(Array.from({ length: TOO_MANY }, knock));
      const slowed = outcomes.filter(({ reason }) => reason === 'RATE_LIMITED');
      must(slowed.length > 0, `${TOO_MANY} calls at once, and none was too many`);
      for (const outcome of slowed) {
        refused(outcome, ErrorCode.resourceExhausted, 'RATE_LIMITED');
        must(
          outcome.status === TOO_FAST && outcome.retryAfterMs > 0,
          `no time to wait: ${describe(outcome)}`,
        );
      }
      for (const outcome of outcomes.filter((one) => !slowed.includes(one)))
        refused(outcome, [ErrorCode.unauthenticated, ErrorCode.invalidArgument]);
      // Others are not slowed down with them.
      const request = { page: { limit: 1 } };
      letIn(
        await post(
          httpUrl,
          'parley.conversation.v1.ConversationService/ListInbox',
          JSON.stringify(request),
          acme.person('sam'),
        ),
      );
      // After the time that was named it is answered again; the transport waits as told.
      must((await acme.newVisitor('after the rush')).token !== '', 'not let in again');
    },
  },
];
