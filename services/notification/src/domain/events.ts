/** What integrations are told of; the names stand in endpoints' lists and in payloads. */
export const WEBHOOK_EVENTS = [
  'conversation.started',
  'visitor.identified',
  'message.sent',
  'conversation.queued',
  'conversation.assigned',
  'conversation.transfer_requested',
  'conversation.transferred',
  'conversation.transfer_refused',
  'conversation.held',
  'conversation.resumed',
  'conversation.parked',
  'conversation.supervised',
  'conversation.taken_over',
  'conversation.handed_to_bot',
  'conversation.informed',
  'conversation.message_requested',
  'conversation.message_taken',
  'conversation.follow_up_assigned',
  'conversation.follow_up_answered',
  'conversation.closed',
  'conversation.reopened',
  'conversation.rated',
  'conversation.converted',
  'conversation.erased',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** What is told: the name and the fields; those without a value are left out. */
export type Content = readonly [WebhookEvent, Readonly<Record<string, unknown>>];

/** The name of an enum's value as integrations read it. */
export const nameOf = (json: string, prefix: string): string => json.replace(prefix, '').toLowerCase();
