import { checkJson, conversation, gateway, invalid, presence, routing, visibleTo } from '@parley/contracts';
import { ApiError, type Role } from '@parley/kernel';
import { toFrameError } from '@parley/service';
import { malformed, parseJson } from '../edge/json.js';

/** A frame of a client as it came in, checked against its contract: one case, in protobuf's JSON form. */
export type ClientFrame =
  | { readonly kind: 'hello'; readonly value: { protocolVersion: number; token: string; locale?: string } }
  | {
      readonly kind: 'call';
      readonly value: { id: number; method: string; request?: Record<string, unknown> };
    }
  | { readonly kind: 'watch'; readonly value: { conversationId: string; afterVersion?: number } }
  | { readonly kind: 'unwatch'; readonly value: { conversationId: string } }
  | {
      readonly kind: 'typing';
      readonly value: {
        conversationId: string;
        typing?: boolean;
        preview?: string;
        receivedVersion?: number;
      };
    }
  | { readonly kind: 'ping' }
  | { readonly kind: 'activity'; readonly value: { idleMs?: number; awayAfterSeconds?: number } }
  | { readonly kind: 'watchInbox'; readonly value: { scopes?: (string | number)[] } };

const KINDS = ['hello', 'call', 'watch', 'unwatch', 'typing', 'ping', 'watchInbox', 'activity'];

/**
 * Reads a frame; undefined for one of a newer release, which is ignored. Throws `invalidArgument` that says what is
 * wrong with it.
 */
export const readFrame = (text: string): ClientFrame | undefined => {
  const json = parseJson(text, 'frame');
  if (isNewer(json)) return undefined;
  const violations = checkJson('parley.gateway.v1.ClientFrame', json);
  if (violations.length > 0) throw invalid(violations);
  const frame = json as Record<string, unknown>;
  const kind = KINDS.find((name) => frame[name] !== undefined && frame[name] !== null);
  if (!kind) throw malformed(`the frame is empty: give one of ${KINDS.join(', ')}`);
  return { kind, value: frame[kind] } as ClientFrame;
};

const isNewer = (json: unknown): boolean => {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false;
  const names = Object.keys(json);
  return names.length > 0 && !names.some((name) => KINDS.includes(name));
};

const string = JSON.stringify;

export const welcomeFrame = (welcome: gateway.Welcome): string =>
  `{"welcome":${string(gateway.Welcome.toJSON(welcome))}}`;
export const replyFrame = (id: number, responseJson: unknown): string =>
  `{"reply":{"id":${id},"response":${string(responseJson)}}}`;
export const replyErrorFrame = (id: number, error: ApiError): string =>
  `{"reply":{"id":${id},"error":${string(toFrameError(error))}}}`;
export const errorFrame = (error: ApiError, close = false): string =>
  `{"error":${string(toFrameError(error, { close }))}}`;
export const PONG = '{"pong":{}}';
export const goAwayFrame = (reconnectAfterMs: number, reason: string): string =>
  string({ goAway: { reconnectAfterMs, reason } });

/** Events as this role may see them. Made once for all sockets of a role. */
export const eventsFrame = (
  conversationId: string,
  events: readonly conversation.RecordedEvent[],
  role: Role,
): string =>
  `{"events":{"conversationId":"${conversationId}","events":${string(
    events.map((event) => conversation.RecordedEvent.toJSON(visibleTo(role, event))),
  )}}}`;
export const typingFrame = (typing: gateway.Typing): string =>
  `{"typing":${string(gateway.Typing.toJSON(typing))}}`;
export const inboxChangedFrame = (row: conversation.InboxRow): string =>
  `{"inboxChanged":{"row":${string(conversation.InboxRow.toJSON(row))}}}`;
export const inboxResyncFrame = (
  scope: conversation.InboxScope,
  rows: readonly conversation.InboxRow[],
): string => `{"inboxResync":${string(gateway.InboxResync.toJSON({ scope, rows: [...rows] }))}}`;
export const offerFrame = (offer: routing.OfferChanged): string =>
  `{"offerChanged":${string(routing.OfferChanged.toJSON(offer))}}`;
export const agentPresenceFrame = (agent: presence.AgentPresence): string =>
  `{"agentPresence":${string(presence.AgentPresence.toJSON(agent))}}`;
export const queueStateFrame = (queue: routing.QueueState): string =>
  `{"queueState":${string(routing.QueueState.toJSON(queue))}}`;
export const staffStateFrame = (staff: routing.StaffState): string =>
  `{"staffState":${string(routing.StaffState.toJSON(staff))}}`;
export const queueRemovedFrame = (queueId: string): string => string({ queueRemoved: { queueId } });

/** The same error, naming the conversation that it is about: error frames of a watch carry no call id. */
export const aboutConversation = (error: ApiError, conversationId: string): ApiError =>
  new ApiError(error.code, error.message, {
    ...error.details,
    violations: [{ field: 'watch.conversationId', description: conversationId }],
  });
