import {
  connect,
  type Connection,
  type conversation,
  fetchJson,
  type notification,
  type OutboxItem,
} from '@parley/client';
import type { Conversion, Page } from '../protocol.js';
import type { VisitorSession } from './session.js';
import type { Prechat } from './state.js';

type Session = Pick<VisitorSession, 'call'>;

export const CONVERSATION = 'parley.conversation.v1.ConversationService';

/** What a visitor may ask of a conversation over the socket, besides writing. */
export type Command =
  | 'StartConversation'
  | 'CloseConversation'
  | 'ReopenConversation'
  | 'RateConversation'
  | 'IntroduceVisitor'
  | 'MarkRead'
  | 'ChangePage'
  | 'LeaveMessage';

/** Connects to the gateway that this page came from. */
export const openConnection = ({ token }: Pick<VisitorSession, 'token'>, locale: () => string): Connection =>
  connect({ url: `${location.origin.replace(/^http/, 'ws')}/ws`, token, locale });

/** Ends the session of a token, for every tab that has it; outlives the page. Rejects as fetchJson. */
export const logOut = async (token: string): Promise<void> => {
  await fetchJson('', 'parley.gateway.v1.AuthService/Logout', {}, { token, keepalive: true });
};

/** Sends the transcript of a conversation to an address, at its end; once for a command id. Rejects as fetchJson. */
export const mailTranscript = async (
  session: Session,
  request: notification.SendTranscriptRequest,
): Promise<void> => {
  await session.call('parley.notification.v1.NotificationService/SendTranscript', request);
};

/**
 * Records a conversion with a conversation under an id of 1 to 64 letters, digits, `_` and `-`; the same id counts once.
 * Outlives the page. Rejects as fetchJson.
 */
export const recordConversion = async (
  session: Session,
  conversationId: string,
  conversionId: string,
  { name = 'conversion', value = 0, currency }: Conversion,
): Promise<void> => {
  const request = {
    conversationId,
    conversionId,
    name,
    value: String(Math.max(0, Math.round(value))),
    ...(currency ? { currency: currency.toUpperCase() } : {}),
  };
  await session.call(`${CONVERSATION}/RecordConversion`, request, { keepalive: true });
};

/** Records a page view; outlives the page. Rejects as fetchJson. */
export const recordPageView = async (session: Session, page: Page, referrer: string): Promise<void> => {
  const request = { page, referrer: referrer.slice(0, 2048) };
  await session.call('parley.presence.v1.PresenceService/RecordPageView', request, { keepalive: true });
};

/** The request that starts a conversation with its first message; the same for the same message. */
export const startRequest = (
  first: Pick<OutboxItem, 'messageId' | 'text'>,
  { name, email, topic, ...prechat }: Prechat,
  page: Page,
  locale: string,
): conversation.StartConversationRequest => ({
  commandId: `start-${first.messageId}`,
  channel: 'CHANNEL_WEB_CHAT',
  locale,
  page,
  messageId: first.messageId,
  text: first.text,
  prechat,
  ...(name ? { name } : {}),
  ...(email ? { email } : {}),
  ...(topic ? { topic } : {}),
});
