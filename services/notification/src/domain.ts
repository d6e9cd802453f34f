import { common, conversation } from '@parley/contracts';
import { careContentOf } from './domain/care.js';
import { nameOf, type Content, type WebhookEvent } from './domain/events.js';

/** The body of a webhook, by the Standard Webhooks spec. */
export interface WebhookPayload {
  readonly type: WebhookEvent;
  /** RFC 3339; when it happened. */
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * What integrations are told about an event; undefined for what concerns the inside (notes, whispers, read marks) or
 * nobody.
 * Fields without a value are left out.
 */
export const payloadOf = (
  conversationId: string,
  recorded: conversation.RecordedEvent,
): WebhookPayload | undefined => {
  const told = contentOf(recorded);
  if (!told) return undefined;
  const [type, content] = told;
  return {
    type,
    timestamp: (recorded.time ?? new Date(0)).toISOString(),
    data: present({ conversationId, version: recorded.version, ...content }),
  };
};

const contentOf = ({ event, actor }: conversation.RecordedEvent): Content | undefined => {
  const it = event?.event;
  switch (it?.$case) {
    case 'started': {
      const { contactId, locale, topic, page, channel } = it.value;
      const name = nameOf(conversation.channelToJSON(channel), 'CHANNEL_');
      return ['conversation.started', { contactId, locale, topic, channel: name, url: page?.url }];
    }
    case 'visitorIdentified':
      return ['visitor.identified', { ...it.value }];
    case 'messageSent':
      return ['message.sent', { ...messageOf(it.value), from: authorOf(actor) }];
    case 'queueEntered':
      return [
        'conversation.queued',
        {
          queueId: it.value.queueId,
          reason: nameOf(conversation.queueEntered_ReasonToJSON(it.value.reason), 'REASON_'),
        },
      ];
    case 'agentJoined': {
      const { agentId, agentName, queueId } = it.value;
      return ['conversation.assigned', { agentId, agentName, queueId }];
    }
    case 'closed': {
      const reason = nameOf(conversation.closeReasonToJSON(it.value.reason), 'CLOSE_REASON_');
      return ['conversation.closed', { reason, by: authorOf(actor) }];
    }
    case 'reopened':
      return ['conversation.reopened', { agentId: it.value.agentId }];
    case 'ratingGiven':
      return ['conversation.rated', { score: it.value.score, comment: it.value.comment }];
    case 'conversionRecorded': {
      const { name, value, currency, conversionId } = it.value;
      return ['conversation.converted', { conversionId, name, value: value.toString(), currency }];
    }
    case 'contentErased':
      return ['conversation.erased', { upToVersion: it.value.upToVersion, reason: it.value.reason }];
    case 'noteAdded':
    case 'readUpTo':
    case 'agentLeft':
    case 'pageChanged':
    case undefined:
      return undefined;
    case 'transferRequested':
    case 'transferred':
    case 'transferRefused':
    case 'held':
    case 'resumed':
    case 'parked':
    case 'supervisorJoined':
    case 'supervisorLeft':
    case 'whisperSent':
    case 'takenOver':
    case 'waitEstimateShown':
    case 'visitorInformed':
    case 'messageRequested':
    case 'messageTaken':
    case 'followUpAssigned':
    case 'followUpAnswered':
    case 'handedToBot':
      return careContentOf(it);
    default:
      return undefined;
  }
};

const messageOf = ({ messageId, content }: conversation.MessageSent): Readonly<Record<string, unknown>> => {
  if (content?.$case !== 'file') return { messageId, text: content?.value.text ?? '' };
  const { fileId, name, mediaType, size } = content.value;
  return { messageId, file: present({ fileId, name, mediaType, size: Number(size) }) };
};

const authorOf = (actor: common.Actor | undefined): Readonly<Record<string, unknown>> => ({
  kind: nameOf(common.actor_KindToJSON(actor?.kind ?? common.Actor_Kind.KIND_UNSPECIFIED), 'KIND_'),
  ...present({ id: actor?.id, name: actor?.name }),
});

const present = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== undefined));
