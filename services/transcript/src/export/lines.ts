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

const { AgentLeft_Reason: Left, TransferRefused_Reason: Refused, VisitorInformed_Next: Next } = conversation;

const LEFT: Readonly<Partial<Record<conversation.AgentLeft_Reason, string>>> = {
  [Left.REASON_DISCONNECTED]: 'The agent’s connection was lost',
  [Left.REASON_TRANSFERRED]: 'The agent handed the chat on',
  [Left.REASON_TAKEN_OVER]: 'The agent gave way to a supervisor',
  [Left.REASON_NO_REPLY]: 'The agent did not reply in time',
};

const REFUSALS: Readonly<Partial<Record<conversation.TransferRefused_Reason, string>>> = {
  [Refused.REASON_DECLINED]: 'declined',
  [Refused.REASON_TIMED_OUT]: 'not answered in time',
  [Refused.REASON_UNAVAILABLE]: 'nobody there',
  [Refused.REASON_CANCELLED]: 'taken back',
};

const INFORMED: Readonly<Partial<Record<conversation.VisitorInformed_Next, string>>> = {
  [Next.NEXT_STILL_WAITING]: 'The visitor was told that it takes longer',
  [Next.NEXT_MOVED]: 'Moved to another queue',
  [Next.NEXT_PLACED]: 'Sent to another queue by the workflow',
  [Next.NEXT_ESCALATED]: 'Escalated',
  [Next.NEXT_AGENT_HELD]: 'The visitor was told that the agent is expected back',
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
    case 'started':
      return event(it.value.page?.url ? `Started on ${it.value.page.url}` : 'Started');
    case 'visitorIdentified':
      return event(`The visitor is ${[it.value.name, it.value.email].filter(Boolean).join(', ') || 'known'}`);
    case 'agentJoined':
      return event(`${it.value.agentName || 'An agent'} joined`);
    case 'agentLeft':
      return event(LEFT[it.value.reason] ?? 'The agent left');
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
    case 'noteAdded':
      return { kind: 'note', text: it.value.text };
    case 'whisperSent':
      return { kind: 'note', text: `Whispered: ${it.value.text}` };
    case 'transferRequested':
    case 'transferRefused':
    case 'transferred':
      return transferText(it);
    case 'held':
      return event('On hold');
    case 'resumed':
      return event('Taken off hold');
    case 'parked':
      return event('Parked');
    case 'supervisorJoined':
      return event(`${it.value.supervisorName || 'A supervisor'} joined as supervisor`);
    case 'supervisorLeft':
      return event('The supervisor left');
    case 'takenOver':
      return event(`${it.value.supervisorName || 'A supervisor'} took over`);
    case 'waitEstimateShown':
      return event(estimateText(it.value));
    case 'visitorInformed':
      return informedText(it.value);
    case 'messageRequested':
      return event('The visitor was asked to leave a message');
    case 'messageTaken':
      return event(
        it.value.replyBy
          ? `Message taken, to be answered by ${it.value.replyBy.toISOString()}`
          : 'Message taken',
      );
    case 'followUpAssigned':
      return event(it.value.agentId ? 'The message was given to an agent' : 'The message was given back');
    case 'followUpAnswered':
      return event(it.value.byMail ? 'The message was answered, also by mail' : 'The message was answered');
    case 'handedToBot':
      return event('Handed to a bot');
    case 'conversionRecorded':
    case 'queueEntered':
    case 'readUpTo':
    case undefined:
      return undefined;
    default:
      return undefined;
  }
};

type TransferEvent = Extract<
  NonNullable<conversation.ConversationEvent['event']>,
  { $case: 'transferRequested' | 'transferRefused' | 'transferred' }
>;

const transferText = (it: TransferEvent): Line => {
  if (it.$case === 'transferred') return event('Transferred');
  if (it.$case === 'transferRefused')
    return event(['Transfer refused', REFUSALS[it.value.reason], it.value.note].filter(Boolean).join(': '));
  const { toQueueId, summary, mode } = it.value;
  const warm = mode === conversation.TransferRequested_Mode.MODE_WARM ? ' (both stay)' : '';
  const text = `Transfer to ${toQueueId ? `queue ${toQueueId}` : 'an agent'} asked for${warm}`;
  return event(summary ? `${text}: ${summary}` : text);
};

const estimateText = ({ position, lowSeconds, highSeconds }: conversation.WaitEstimateShown): string =>
  lowSeconds === undefined || highSeconds === undefined
    ? `The visitor was told: place ${position} in line`
    : `The visitor was told: place ${position} in line, ${lowSeconds} to ${highSeconds} seconds`;

const informedText = ({ next }: conversation.VisitorInformed): Line | undefined => {
  const text = INFORMED[next];
  return text === undefined ? undefined : event(text);
};
