import type { Method, transcript } from '@parley/contracts';
import type { Principal } from '@parley/kernel';

const always = (): boolean => true;

/** People who read a conversation that they are no party of. */
const outsider = (response: unknown, principal: Principal): boolean => {
  const { summary } = response as transcript.GetTranscriptResponse;
  return principal.role !== 'visitor' && !summary?.agentIds.includes(principal.id);
};
const stranger = (_response: unknown, principal: Principal): boolean => principal.role !== 'visitor';

const TRANSCRIPT = 'parley.transcript.v1.TranscriptService';
const CONVERSATION = 'parley.conversation.v1.ConversationService';
const ROUTING = 'parley.routing.v1.RoutingService';
const NOTIFICATION = 'parley.notification.v1.NotificationService';

/** Privileged acts that other services carry out: which calls go to the audit log, by their answer and caller. */
const AUDITED: ReadonlyMap<string, (response: unknown, principal: Principal) => boolean> = new Map([
  [`${TRANSCRIPT}/GetTranscript`, outsider],
  [`${TRANSCRIPT}/ExportTranscript`, stranger],
  [`${TRANSCRIPT}/SearchTranscripts`, stranger],
  [`${TRANSCRIPT}/SetRetention`, always],
  [`${CONVERSATION}/EraseConversation`, always],
  [`${CONVERSATION}/EraseContact`, always],
  [`${ROUTING}/PutQueue`, always],
  [`${ROUTING}/RemoveQueue`, always],
  [`${ROUTING}/PutAgent`, always],
  [`${NOTIFICATION}/PutWebhookEndpoint`, always],
  [`${NOTIFICATION}/DeleteWebhookEndpoint`, always],
  [`${NOTIFICATION}/ReplayDelivery`, always],
]);

const TARGETS = ['conversationId', 'contactId', 'queueId', 'agentId', 'endpointId', 'deliveryId'] as const;

/** What to write to the audit log about an answered call: the id it was done to; undefined when nothing. */
export const auditedTarget = (
  method: Method,
  request: unknown,
  response: unknown,
  principal: Principal,
): string | undefined => {
  if (!AUDITED.get(method.path)?.(response, principal)) return undefined;
  const fields = request as Readonly<Record<string, unknown>>;
  const target = TARGETS.map((name) => fields[name]).find(
    (value) => typeof value === 'string' && value !== '',
  );
  return typeof target === 'string' ? target : '';
};
