import { conversation } from '@parley/contracts';
import type { Fact } from './events.js';
import { maskCards } from './mask.js';
import type { State } from './state.js';

type Entered = conversation.QueueEntered;

export const queueEntered = (
  queueId: string,
  reason: conversation.QueueEntered_Reason,
  more: Partial<Pick<Entered, 'preferredAgentId' | 'transferredBy'>> = {},
): Fact => ({
  $case: 'queueEntered',
  value: { queueId, reason, preferredAgentId: '', transferredBy: '', ...more },
});

export const agentLeft = (agentId: string, reason: conversation.AgentLeft_Reason): Fact => ({
  $case: 'agentLeft',
  value: { agentId, reason },
});

/** `effectiveAt`: when it really ended, ms. */
export const closed = (reason: conversation.CloseReason, effectiveAt: number): Fact => ({
  $case: 'closed',
  value: { reason, effectiveAt: new Date(effectiveAt) },
});

/** Card numbers in the text are masked. */
export const messageSent = (messageId: string, text: string, clientSeq: number): Fact => ({
  $case: 'messageSent',
  value: { messageId, content: { $case: 'text', value: { text: maskCards(text) } }, clientSeq },
});

export const identified = (name: string, email: string, externalId: string, verified: boolean): Fact => ({
  $case: 'visitorIdentified',
  value: { name: maskCards(name), email, externalId, verified },
});

/** What ends the transfer under way, before something after which nobody waits for it; nothing when there is none. */
export const transferEnds = (
  state: State,
  reason = conversation.TransferRefused_Reason.REASON_CANCELLED,
  note = '',
): readonly Fact[] =>
  state.transfer
    ? [{ $case: 'transferRefused', value: { transferId: state.transfer.id, reason, note: maskCards(note) } }]
    : [];
