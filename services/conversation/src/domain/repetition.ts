import { alreadyExists, ApiError, ErrorCode } from '@parley/kernel';
import type { By } from './given.js';
import { nothing, refuse, type Decision } from './rules.js';
import { senderKey, type State } from './state.js';

/**
 * What comes of a message whose id is known: nothing when it is a repetition, a refusal when somebody else's has it. All
 * visitors who may write here are one person, who may have been identified between the two.
 */
export const sameId = (state: State, by: By, id: string): Decision | undefined => {
  const known = state.messages.find((message) => message.id === id);
  if (!known) return undefined;
  const kind = senderKey({ ...by.actor, id: '' });
  const own =
    known.sender === senderKey(by.actor) || (by.role === 'visitor' && known.sender.startsWith(kind));
  return own
    ? nothing
    : refuse(alreadyExists('MESSAGE_ID_TAKEN', 'Another message has this id: send yours with a new one.'));
};

/** Refuses a message that is not the sender's next one; undefined when it is, or they do not count. */
export const wrongOrder = (state: State, by: By, clientSeq: number): Decision | undefined => {
  if (clientSeq === 0) return undefined;
  const expected = (state.clientSeqs[senderKey(by.actor)] ?? 0) + 1;
  return clientSeq === expected ? undefined : refuse(outOfOrder(clientSeq, expected));
};

const outOfOrder = (got: number, expected: number): ApiError =>
  new ApiError(
    ErrorCode.failedPrecondition,
    `client_seq is ${got}, expected ${expected}: send your messages in order, one at a time, and go on from ${expected}.`,
    {
      reason: 'OUT_OF_ORDER',
      violations: [{ field: 'clientSeq', description: `expected ${expected}` }],
    },
  );
