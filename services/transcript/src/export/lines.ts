import { conversation } from '@parley/contracts';

export interface Line {
  readonly kind: 'message' | 'note' | 'event';
  readonly text: string;
}

const REASONS: Readonly<Partial<Record<conversation.CloseReason, string>>> = {
  [conversation.CloseReason.CLOSE_REASON_RESOLVED]: 'resolved',
  [conversation.CloseReason.CLOSE_REASON_UNRESOLVED]: 'not resolved',
  [conversation.CloseReason.CLOSE_REASON_VISITOR_ENDED]: 'ended by the visitor',
  [conversation.CloseReason.CLOSE_REASON_ABANDONED]: 'abandoned',
  [conversation.CloseReason.CLOSE_REASON_EXPIRED]: 'expired',
  [conversation.CloseReason.CLOSE_REASON_SPAM]: 'spam',
  [conversation.CloseReason.CLOSE_REASON_MESSAGE_TAKEN]: 'message taken',
};

const event = (text: string): Line => ({ kind: 'event', text });

/** What a reader of a transcript is told of an event; undefined when it says nothing to people. */
export const eventText = ({ event: recorded }: conversation.RecordedEvent): Line | undefined => {
  const it = recorded?.event;
  switch (it?.$case) {
    case 'messageSent': {
      const { content } = it.value;
      return {
        kind: 'message',
        text: content?.$case === 'file' ? `[file] ${content.value.name}` : (content?.value.text ?? ''),
      };
    }
    case 'noteAdded':
      return { kind: 'note', text: it.value.text };
    case 'started':
      return event(it.value.page?.url ? `Started on ${it.value.page.url}` : 'Started');
    case 'visitorIdentified':
      return event(`The visitor is ${[it.value.name, it.value.email].filter(Boolean).join(', ') || 'known'}`);
    case 'agentJoined':
      return event(`${it.value.agentName || 'An agent'} joined`);
    case 'agentLeft':
      return event('The agent left');
    case 'pageChanged':
      return event(`Went to ${it.value.page?.url ?? ''}`);
    case 'closed':
      return event(['Closed', REASONS[it.value.reason]].filter(Boolean).join(': '));
    case 'reopened':
      return event('Reopened');
    case 'ratingGiven':
      return event(`Rated ${it.value.score} of 5${it.value.comment ? `: ${it.value.comment}` : ''}`);
    case 'contentErased':
      return event('Personal content before this was erased');
    case 'conversionRecorded':
    case 'queueEntered':
    case 'readUpTo':
    case undefined:
      return undefined;
    default:
      return undefined;
  }
};
