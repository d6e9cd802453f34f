import type { conversation } from '@parley/contracts';

/** Longest text of one conversation that is searched, characters. */
const MAX_CHARACTERS = 200_000;

/** Everything people may search a conversation by: what was said, noted and answered, and who the visitor is. */
export const wordsOf = (events: readonly conversation.RecordedEvent[]): string => {
  const parts: string[] = [];
  let left = MAX_CHARACTERS;
  for (const { event } of events) {
    for (const part of wordsOfEvent(event?.event)) {
      if (part === '' || left <= 0) continue;
      parts.push(part.slice(0, left));
      left -= part.length + 1;
    }
  }
  return parts.join('\n');
};

const wordsOfEvent = (event: conversation.ConversationEvent['event']): readonly string[] => {
  switch (event?.$case) {
    case 'started':
      return [event.value.topic, ...Object.values(event.value.prechat)];
    case 'visitorIdentified':
      return [event.value.name, event.value.email, event.value.externalId];
    case 'messageSent':
      return [
        event.value.content?.$case === 'text'
          ? event.value.content.value.text
          : (event.value.content?.value.name ?? ''),
      ];
    case 'noteAdded':
      return [event.value.text];
    case 'agentJoined':
      return [event.value.agentName];
    case 'ratingGiven':
      return [event.value.comment];
    case 'transferRequested':
      return [event.value.summary];
    case 'transferRefused':
      return [event.value.note];
    case 'whisperSent':
      return [event.value.text];
    case 'supervisorJoined':
    case 'takenOver':
      return [event.value.supervisorName];
    case 'transferred':
    case 'held':
    case 'resumed':
    case 'parked':
    case 'supervisorLeft':
    case 'waitEstimateShown':
    case 'visitorInformed':
    case 'messageRequested':
    case 'messageTaken':
    case 'followUpAssigned':
    case 'followUpAnswered':
    case 'handedToBot':
    case 'agentLeft':
    case 'closed':
    case 'contentErased':
    case 'conversionRecorded':
    case 'pageChanged':
    case 'queueEntered':
    case 'readUpTo':
    case 'reopened':
    case undefined:
      return [];
    default:
      return [];
  }
};
