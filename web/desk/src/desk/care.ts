import { events, newId } from '@parley/client';
import type { Desk } from './desk.js';

const { TransferRequested_Mode: Mode } = events;
const SERVICE = 'parley.conversation.v1.ConversationService';

type Deed = 'Hold' | 'Resume' | 'Park' | 'Unpark' | 'Leave' | 'TakeOver';

const METHODS = {
  Hold: `${SERVICE}/HoldConversation`,
  Resume: `${SERVICE}/ResumeConversation`,
  Park: `${SERVICE}/ParkConversation`,
  Unpark: `${SERVICE}/UnparkConversation`,
  Leave: `${SERVICE}/LeaveConversation`,
  TakeOver: `${SERVICE}/TakeOverConversation`,
} as const;

/** Does something with a chat that needs no further words. Rejects with an ApiError. */
export const careFor = async (desk: Desk, conversationId: string, deed: Deed): Promise<void> => {
  // What comes of the viewer's own doing is not announced to them.
  if (deed === 'Unpark' || deed === 'TakeOver') desk.expected.add(conversationId);
  await desk.connection.call(METHODS[deed], { conversationId, commandId: newId() });
};

/** Takes part as a supervisor, seen by all. */
export const joinChat = async (desk: Desk, conversationId: string): Promise<void> => {
  desk.expected.add(conversationId);
  await desk.connection.call(`${SERVICE}/JoinAsSupervisor`, { conversationId, commandId: newId() });
};

/** Says to the audit log that the viewer watches a chat unseen. */
export const monitorChat = async ({ connection }: Desk, conversationId: string): Promise<void> => {
  await connection.call(`${SERVICE}/MonitorConversation`, { conversationId });
};

export interface TransferWish {
  /** An agent or a queue, one of the two. */
  readonly agentId: string;
  readonly queueId: string;
  readonly summary: string;
  readonly warm: boolean;
}

/** Asks for a transfer; the answer comes as an event of the chat. Rejects with an ApiError. */
export const transferChat = async (
  { connection }: Desk,
  conversationId: string,
  { agentId, queueId, summary, warm }: TransferWish,
): Promise<void> => {
  await connection.call(`${SERVICE}/TransferConversation`, {
    conversationId,
    transferId: newId(),
    ...(agentId ? { toAgentId: agentId } : { toQueueId: queueId }),
    summary,
    mode: warm ? Mode.MODE_WARM : Mode.MODE_COLD,
  });
};

export const cancelTransfer = async (
  { connection }: Desk,
  conversationId: string,
  transferId: string,
): Promise<void> => {
  await connection.call(`${SERVICE}/CancelTransfer`, { conversationId, transferId, commandId: newId() });
};

/** Gives a follow-up to somebody (nobody: empty) and, with `dueAt` in ms, changes when it is due. */
export const assignFollowUp = async (
  { connection, followUps }: Desk,
  conversationId: string,
  agentId: string,
  dueAt = 0,
): Promise<void> => {
  const due = dueAt > 0 ? { dueAt: new Date(dueAt).toISOString() } : {};
  await connection.call(`${SERVICE}/AssignFollowUp`, {
    conversationId,
    commandId: newId(),
    agentId,
    ...due,
  });
  followUps.changed(conversationId, { ownerId: agentId, ...due });
};

/** Sends the answer to a message that was left. `messageId`: the same again is sent once. */
export const answerFollowUp = async (
  { connection, followUps }: Desk,
  conversationId: string,
  messageId: string,
  text: string,
): Promise<{ byMail: boolean }> => {
  const { byMail = false } = await connection.call(`${SERVICE}/AnswerFollowUp`, {
    conversationId,
    messageId,
    text,
  });
  followUps.changed(conversationId, undefined);
  return { byMail };
};
