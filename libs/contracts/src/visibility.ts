import type { Role } from '@parley/kernel';
import { Actor_Kind, type Actor } from './gen/parley/common/v1/common.js';
import {
  AgentLeft_Reason,
  CloseReason,
  ConversationEvent,
  type RecordedEvent,
  VisitorInformed_Next,
} from './gen/parley/conversation/v1/events.js';
import type { Commit } from './gen/parley/log/v1/log.js';

/** The events of a commit of the conversation log as readers get them. An event of a newer release has no content. */
export const recordedEvents = (commit: Commit): RecordedEvent[] =>
  commit.events.map((bytes, i) => {
    const event = ConversationEvent.decode(bytes);
    return {
      version: commit.firstVersion + i,
      time: commit.time,
      actor: commit.actor,
      event: event.event ? event : undefined,
      commandId: commit.commandId,
    };
  });

/**
 * What a caller of this role may see of an event. Everybody but a visitor sees all of it; a visitor gets what
 * concerns the inside (notes, whispers, refused transfers, erasures; why and by which offer an agent came, what a
 * transfer says) as an empty placeholder or without those fields, so that versions stay dense; the same object when
 * nothing is hidden. Says nothing about whether the conversation is the visitor's own.
 */
export const visibleTo = (role: Role, recorded: RecordedEvent): RecordedEvent =>
  role === 'visitor' ? forVisitor(recorded) : recorded;

const placeholder = (recorded: RecordedEvent): RecordedEvent => ({
  version: recorded.version,
  time: recorded.time,
  actor: undefined,
  event: undefined,
  commandId: '',
});

const forVisitor = (recorded: RecordedEvent): RecordedEvent => {
  const event = visibleContent(recorded.event?.event);
  if (!event) return placeholder(recorded);
  const own = recorded.actor?.kind === Actor_Kind.KIND_VISITOR;
  const actor = visibleActor(recorded.actor);
  if (own && actor === recorded.actor && event === recorded.event?.event) return recorded;
  return {
    version: recorded.version,
    time: recorded.time,
    actor,
    event: { event },
    commandId: own ? recorded.commandId : '',
  };
};

/** Agents keep id and name; which key or service acted is nobody's business outside. */
const visibleActor = (actor: Actor | undefined): Actor | undefined =>
  actor?.kind === Actor_Kind.KIND_SYSTEM || actor?.kind === Actor_Kind.KIND_INTEGRATION
    ? { kind: actor.kind, id: '', name: actor.kind === Actor_Kind.KIND_INTEGRATION ? actor.name : '' }
    : actor;

// Lists what is shown, not what is hidden: an event that nobody has thought about yet stays inside.
const visibleContent = (event: ConversationEvent['event']): ConversationEvent['event'] => {
  switch (event?.$case) {
    case 'started':
    case 'visitorIdentified':
    case 'messageSent':
    case 'readUpTo':
    case 'reopened':
    case 'ratingGiven':
    case 'conversionRecorded':
    case 'pageChanged':
    case 'transferred':
    case 'held':
    case 'resumed':
    case 'parked':
    case 'supervisorJoined':
    case 'supervisorLeft':
    case 'takenOver':
    case 'waitEstimateShown':
    case 'messageRequested':
    case 'messageTaken':
    case 'followUpAnswered':
      return event;
    // Where the workflow has them wait is no news to visitors.
    case 'visitorInformed':
      return event.value.next === VisitorInformed_Next.NEXT_PLACED ? undefined : event;
    case 'queueEntered':
      return { $case: 'queueEntered', value: { ...event.value, preferredAgentId: '' } };
    case 'agentLeft':
      return event.value.reason === AgentLeft_Reason.REASON_NO_REPLY
        ? { $case: 'agentLeft', value: { ...event.value, reason: AgentLeft_Reason.REASON_UNSPECIFIED } }
        : event;
    // That somebody else is asked may be seen; whom, and with what words, only once they have come.
    case 'transferRequested':
      return { $case: 'transferRequested', value: { ...event.value, toAgentId: '', summary: '' } };
    case 'handedToBot':
      return { $case: 'handedToBot', value: { botId: '' } };
    case 'agentJoined':
      return { $case: 'agentJoined', value: { ...event.value, offerId: '' } };
    case 'closed':
      return event.value.reason === CloseReason.CLOSE_REASON_SPAM
        ? { $case: 'closed', value: { ...event.value, reason: CloseReason.CLOSE_REASON_UNSPECIFIED } }
        : event;
    case 'noteAdded':
    case 'contentErased':
    case 'transferRefused':
    case 'whisperSent':
    case 'followUpAssigned':
    case undefined:
      return undefined;
    default:
      return undefined;
  }
};
