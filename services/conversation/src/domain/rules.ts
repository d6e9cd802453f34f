import { common } from '@parley/contracts';
import {
  type ApiError,
  err,
  failedPrecondition,
  notFound,
  ok,
  permissionDenied,
  type Result,
} from '@parley/kernel';
import type { By } from './given.js';
import type { ConversationFact, Fact } from './events.js';
import { isOpen, type State } from './state.js';

export type Decision = Result<readonly ConversationFact[], ApiError>;

/** What may be set by the operator. */
export interface Policy {
  /** A conversation in which nobody wrote for this long is closed, ms. */
  readonly idleCloseMs: number;
  /** A bot that leaves a visitor without an answer for this long has the chat no more, ms. */
  readonly botReplyMs: number;
  /** A parked conversation in which nobody wrote for this long is closed, ms. */
  readonly parkedCloseMs: number;
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

/** The agent of an open chat, also of one they have parked. */
export const inCharge = (state: State, by: By): boolean =>
  state.agentIds.includes(by.actor.id) || (state.parkedBy !== '' && state.parkedBy === by.actor.id);

/** Writes in the chat: its agents, and supervisors who have joined. */
export const takesPart = (state: State, by: By): boolean =>
  state.agentIds.includes(by.actor.id) || state.supervisorIds.includes(by.actor.id);

/** mayAct, and the caller is its agent or stands above. */
export const mayHandle = (state: State, by: By): ApiError | undefined =>
  mayAct(state, by) ?? (standsAbove(by) || inCharge(state, by) ? undefined : notAParticipant());

/** mayAct, and the caller is a supervisor or an admin. */
export const maySupervise = (state: State, by: By): ApiError | undefined =>
  mayAct(state, by) ??
  (by.role === 'supervisor' || by.role === 'admin'
    ? undefined
    : permissionDenied('ROLE_NOT_ALLOWED', 'This is for supervisors and admins: ask one.'));

/** Undefined while an agent is in the chat, on hold or not. */
export const hasAgent = (state: State): ApiError | undefined =>
  state.agentIds.length > 0
    ? undefined
    : failedPrecondition(
        'NO_AGENT_IN_CHAT',
        'No agent is in this chat: assign it, take it over or, when it is parked, unpark it.',
      );

export const notAParticipant = (): ApiError =>
  permissionDenied('NOT_A_PARTICIPANT', 'You are not in this conversation: accept its offer first.');
