import { common, conversation } from '@parley/contracts';
import { fold, type ApiError } from '@parley/kernel';
import { conversationDecider } from '../domain.js';
import type { Command } from '../domain/commands.js';
import type { By } from '../domain/given.js';
import type { ConversationFact, Fact } from '../domain/events.js';
import type { State } from '../domain/state.js';

/** A Monday morning in ms: where every story starts. */
export const T0 = Date.UTC(2026, 0, 5, 9);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const policy = {
  idleCloseMs: 30 * MINUTE,
  botReplyMs: MINUTE,
  parkedCloseMs: 8 * HOUR,
  afterCloseMs: 24 * HOUR,
};
export const decider = conversationDecider(policy);

const { Actor_Kind: Kind } = common;
const person = (role: By['role'], kind: common.Actor_Kind, id: string, name: string): By => ({
  role,
  actor: { kind, id, name },
});
export const visitor = person('visitor', Kind.KIND_VISITOR, 'contact-1', '');
export const stranger = person('visitor', Kind.KIND_VISITOR, 'contact-2', '');
export const ann = person('agent', Kind.KIND_AGENT, 'ann', 'Ann');
export const bob = person('agent', Kind.KIND_AGENT, 'bob', 'Bob');
export const boss = person('supervisor', Kind.KIND_AGENT, 'boss', 'Boss');
export const integration = person('integration', Kind.KIND_INTEGRATION, 'key-1', 'CRM');
export const system = person('system', Kind.KIND_SYSTEM, 'routing', 'routing');

type Wish = Command extends infer C ? (C extends Command ? Omit<C, 'by' | 'now'> : never) : never;
/** A command by somebody at T0 plus `at` ms. */
export const by = (who: By, wish: Wish, at = 0): Command => ({ ...wish, by: who, now: T0 + at });

export const startWish: Extract<Wish, { type: 'start' }> = {
  type: 'start',
  contactId: 'contact-1',
  channel: 1,
  locale: 'en-GB',
  page: { url: 'https://shop.example/tea', title: 'Tea' },
  topic: 'tea',
  prechat: {},
  name: '',
  email: '',
  queueId: '',
  messageId: '',
  text: '',
};
export const joinWish = (agentId: string): Extract<Wish, { type: 'join' }> => ({
  type: 'join',
  agentId,
  agentName: agentId,
  queueId: '',
  offerId: 'offer-1',
  transferId: '',
  queueVersion: 0,
});
export const sendWish = (
  messageId: string,
  clientSeq = 0,
  text = 'hello',
): Extract<Wish, { type: 'send' }> => ({
  type: 'send',
  messageId,
  text,
  clientSeq,
});

/** All events of a series of commands, each of which must be accepted. */
export const after = (...commands: readonly Command[]): ConversationFact[] => {
  const events: ConversationFact[] = [];
  let state = decider.initialState;
  for (const command of commands) {
    const decision = decider.decide(state, command);
    if (!decision.ok) throw decision.error;
    events.push(...decision.value);
    state = fold(decider, state, decision.value);
  }
  return events;
};

export const stateAfter = (...commands: readonly Command[]): State =>
  fold(decider, decider.initialState, after(...commands));

/** What the command leads to after the others: its facts, or the reason of the refusal. */
export const given = (...commands: readonly Command[]) => ({
  when: (command: Command): { facts: readonly Fact[]; error?: ApiError } => {
    const decision = decider.decide(stateAfter(...commands), command);
    return decision.ok
      ? { facts: decision.value.map(({ fact }) => fact) }
      : { facts: [], error: decision.error };
  },
});

/** The series that most stories begin with: started, joined by Ann. */
export const started = by(visitor, startWish);
export const annJoined = by(system, joinWish('ann'), 1000);
export const annAnswered = by(ann, sendWish('a1', 1, 'How can I help?'), 2000);

/** A wish of Ann's to hand her chat on, to Bob unless it says otherwise. */
export const transferWish = (
  more: Partial<Extract<Wish, { type: 'transfer' }>> = {},
): Extract<Wish, { type: 'transfer' }> => ({
  type: 'transfer',
  transferId: 't1',
  toAgentId: 'bob',
  toQueueId: '',
  summary: 'Knows more about tea.',
  mode: conversation.TransferRequested_Mode.MODE_COLD,
  ...more,
});
/** Bob takes the transfer `t1`. */
export const bobTook = by(system, { ...joinWish('bob'), transferId: 't1' }, 4000);
/** Ann asks Bob to help, and he joins her. */
export const bobJoinedToo: readonly Command[] = [
  by(ann, transferWish({ mode: conversation.TransferRequested_Mode.MODE_WARM }), 3000),
  bobTook,
];
/** The visitor has waited in vain: they are asked for a message, and promised an answer after a day. */
export const messageRequested = by(
  system,
  {
    type: 'requestMessage',
    reason: conversation.MessageRequested_Reason.REASON_WAITED_TOO_LONG,
    replyBy: T0 + 24 * HOUR,
    opensAt: 0,
    queueVersion: 0,
  },
  MINUTE,
);
export const leaveMessageWish: Extract<Wish, { type: 'leaveMessage' }> = {
  type: 'leaveMessage',
  messageId: 'm9',
  text: 'Please tell me about oolong.',
  name: 'Mia',
  email: 'mia@example.org',
  clientSeq: 0,
  replyBy: T0 + 48 * HOUR,
};
/** A message is left; its follow-up is open. */
export const messageLeft: readonly Command[] = [
  started,
  messageRequested,
  by(visitor, leaveMessageWish, 2 * MINUTE),
];
