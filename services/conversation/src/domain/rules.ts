import { common } from '@parley/contracts';
import {
  ApiError,
  ErrorCode,
  err,
  failedPrecondition,
  notFound,
  ok,
  permissionDenied,
  type Result,
} from '@parley/kernel';
import type { By } from './commands.js';
import type { ConversationFact, Fact } from './events.js';
import { isOpen, type State } from './state.js';

export type Decision = Result<readonly ConversationFact[], ApiError>;

/** What may be set by the operator. */
export interface Policy {
  /** A conversation in which nobody wrote for this long is closed, ms. */
  readonly idleCloseMs: number;
  /** Reopening, rating and counting conversions are possible for this long after closing, ms. */
  readonly afterCloseMs: number;
}

/** The facts as one commit by this actor. */
export const happened = (by: By, now: number, ...facts: readonly Fact[]): Decision =>
  ok(facts.map((fact) => ({ fact, actor: by.actor, time: now })));

/** Nothing to write: it is so already. */
export const nothing: Decision = ok([]);

export const refuse = (error: ApiError): Decision => err(error);

// The same answer for a conversation that is not there and one that is somebody else's: no guessing of ids.
const notThere = (): ApiError =>
  notFound('CONVERSATION_NOT_FOUND', 'There is no such conversation: check the id, or start one.');

/** Only a visitor who is the conversation's contact, and everybody else of the tenant, gets past this. */
export const mayKnow = (state: State, by: By): ApiError | undefined => {
  if (state.version === 0) return notThere();
  if (by.role !== 'visitor') return undefined;
  return state.contactId === by.actor.id || by.formerIds?.has(state.contactId) ? undefined : notThere();
};

/** mayKnow, and the conversation is open. */
export const mayAct = (state: State, by: By): ApiError | undefined =>
  mayKnow(state, by) ??
  (isOpen(state)
    ? undefined
    : failedPrecondition(
        'CONVERSATION_CLOSED',
        'The conversation is closed: reopen it within 24 hours of closing, or start a new one.',
      ));

export const isAgent = (by: By): boolean => by.actor.kind === common.Actor_Kind.KIND_AGENT;
/** Supervisors, admins and integrations act on chats they are not in. */
export const standsAbove = (by: By): boolean =>
  by.role === 'supervisor' || by.role === 'admin' || by.role === 'integration' || by.role === 'system';

export const notAParticipant = (): ApiError =>
  permissionDenied('NOT_A_PARTICIPANT', 'You are not in this conversation: accept its offer first.');

export const outOfOrder = (got: number, expected: number): ApiError =>
  new ApiError(
    ErrorCode.failedPrecondition,
    `client_seq is ${got}, expected ${expected}: send your messages in order, one at a time, and go on from ${expected}.`,
    {
      reason: 'OUT_OF_ORDER',
      violations: [{ field: 'clientSeq', description: `expected ${expected}` }],
    },
  );
