import { conversation, routing } from '@parley/contracts';
import type { InputDoc } from './store.js';

/** A conversation's event with what stands around it. */
export interface Told {
  readonly version: number;
  /** Time of its commit, ms. */
  readonly time: number;
  readonly byAgent: string;
  readonly byVisitor: boolean;
  readonly event: conversation.ConversationEvent['event'];
  /** The cases of all events of its commit. */
  readonly together: ReadonlySet<string>;
}

/** A command that an event of a conversation means to routing. Its id is made of where the event stands. */
export type Input =
  | {
      readonly kind: 'enqueue';
      readonly commandId: string;
      readonly entry: routing.ConversationEnqueued;
    }
  | {
      readonly kind: 'end';
      readonly commandId: string;
      readonly reason: routing.AssignmentEnded_Reason;
      readonly agentId: string;
      readonly sourceVersion: number;
    }
  | {
      readonly kind: 'transfer';
      readonly commandId: string;
      readonly transfer: routing.TransferRequested;
    }
  | { readonly kind: 'cancelTransfer'; readonly commandId: string; readonly transferId: string }
  | {
      readonly kind: 'takeOver';
      readonly commandId: string;
      readonly agentId: string;
      readonly sourceVersion: number;
    };

/** How long the other agent has to accept a transfer, ms: from the wish on, so that an old wish asks nobody. */
const TRANSFER_MS = 30_000;

const Ended = routing.AssignmentEnded_Reason;
const Left = conversation.AgentLeft_Reason;

/** What an event means to routing; undefined: nothing. */
export const commandOf = (conversationId: string, doc: InputDoc, told: Told): Input | undefined => {
  const { version: sourceVersion, event, together } = told;
  const id = (what: string): string => `${conversationId}-v${sourceVersion}-${what}`;
  if (event?.$case === 'queueEntered') {
    const entry = entryOf(conversationId, doc, told, event.value);
    return { kind: 'enqueue', commandId: id('enqueue'), entry };
  }
  if (event?.$case === 'closed')
    return { kind: 'end', commandId: id('end'), reason: Ended.REASON_CLOSED, agentId: '', sourceVersion };
  if (event?.$case === 'parked') {
    const { agentId } = event.value;
    return { kind: 'end', commandId: id('parked'), reason: Ended.REASON_PARKED, agentId, sourceVersion };
  }
  if (event?.$case === 'agentLeft') {
    // The entry, or the take-over, of the same commit says it all.
    if (together.has('queueEntered') || together.has('takenOver')) return undefined;
    const { agentId } = event.value;
    const transferred = event.value.reason === Left.REASON_TRANSFERRED;
    const reason = transferred ? Ended.REASON_TRANSFERRED : Ended.REASON_AGENT_LEFT;
    return { kind: 'end', commandId: id('left'), reason, agentId, sourceVersion };
  }
  if (event?.$case === 'takenOver')
    return { kind: 'takeOver', commandId: id('taken'), agentId: event.value.supervisorId, sourceVersion };
  if (event?.$case === 'transferRequested') {
    // Done with the entry into the other queue.
    if (together.has('queueEntered')) return undefined;
    const transfer = transferOf(conversationId, told, event.value);
    return { kind: 'transfer', commandId: id('transfer'), transfer };
  }
  if (event?.$case === 'transferRefused') {
    // What routing refused itself it knows.
    if (event.value.reason !== conversation.TransferRefused_Reason.REASON_CANCELLED) return undefined;
    return { kind: 'cancelTransfer', commandId: id('cancel'), transferId: event.value.transferId };
  }
  return undefined;
};

const entryOf = (
  conversationId: string,
  doc: InputDoc,
  { version, time }: Told,
  { queueId, reason, preferredAgentId, transferredBy }: conversation.QueueEntered,
): routing.ConversationEnqueued =>
  routing.ConversationEnqueued.fromPartial({
    conversationId,
    queueId,
    reason,
    preferredAgentId,
    transferredBy,
    enteredAt: new Date(time),
    contactId: doc.contactId,
    lastAgentId: doc.lastAgentId,
    language: doc.locale,
    topic: doc.topic,
    channel: doc.channel,
    pageUrl: doc.pageUrl,
    pageTitle: doc.pageTitle,
    sourceVersion: version,
  });

const transferOf = (
  conversationId: string,
  { version, time }: Told,
  { transferId, fromAgentId, toAgentId, toQueueId, mode }: conversation.TransferRequested,
): routing.TransferRequested => ({
  conversationId,
  transferId,
  fromAgentId,
  toAgentId,
  toQueueId,
  warm: mode === conversation.TransferRequested_Mode.MODE_WARM,
  expiresAt: new Date(time + TRANSFER_MS),
  sourceVersion: version,
});
