import type { conversation } from '@parley/client';

/** A message that is answered later. */
export interface LaterMessage {
  readonly messageId: string;
  readonly name: string;
  readonly email: string;
  /** May be empty when something was written in the chat. */
  readonly text: string;
}

/** The request that ends an open conversation with this message; the same for the same message. */
export const messageRequest = (
  conversationId: string,
  { messageId, name, email, text }: LaterMessage,
): conversation.LeaveMessageRequest => ({
  conversationId,
  messageId,
  ...(text ? { text } : {}),
  ...(name ? { name } : {}),
  ...(email ? { email } : {}),
});
