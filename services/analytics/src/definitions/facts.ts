import { common, conversation } from '@parley/contracts';
import { hash32, unreachable } from '@parley/kernel';
import { enterQueue, leaveQueue, moveQueue, placeInQueue, waitingEntry } from './entries.js';
import type { ConversationFact } from './fact.js';
import { addTo, emptySketch } from './sketch.js';

const PLACED = conversation.VisitorInformed_Next.NEXT_PLACED;

/**
 * Bumped whenever a definition changes; facts of an older version are computed anew from the log. The formulas are in
 * docs/definitions.md.
 */
export const DEFINITIONS_VERSION = 3;

/** What a commit says about its events. */
export interface EventMeta {
  /** ms */
  readonly time: number;
  readonly actor: common.Actor | undefined;
}

export const emptyFact = (): ConversationFact => ({
  startedAt: 0,
  queueId: '',
  entries: [],
  contactId: '',
  topicKey: '',
  queuedMs: 0,
  closedMs: 0,
  offerId: '',
  agentId: '',
  closeReason: conversation.CloseReason.CLOSE_REASON_UNSPECIFIED,
  reopened: 0,
  segments: [],
  holdMs: 0,
  transfers: 0,
  transfersRefused: 0,
  takenOver: 0,
  replyBy: 0,
  responses: emptySketch(),
  visitorMessages: 0,
  agentMessages: 0,
  rating: 0,
});

const { KIND_VISITOR, KIND_AGENT } = common.Actor_Kind;

/** Takes one event into the fact, in place. Events come in the order of the log. */
export const evolveFact = (
  fact: ConversationFact,
  { event }: conversation.ConversationEvent,
  { time, actor }: EventMeta,
): void => {
  if (!event) return;
  switch (event.$case) {
    case 'started':
      fact.startedAt = time;
      fact.contactId = event.value.contactId;
      fact.topicKey = topicKeyOf(event.value.topic);
      return;
    case 'contentErased':
      fact.topicKey = '';
      return;
    case 'queueEntered':
      onQueued(fact, event.value.queueId, time);
      return;
    case 'agentJoined':
      onJoined(fact, event.value, time);
      return;
    case 'agentLeft':
      endSegments(fact, time, event.value.agentId);
      return;
    case 'messageSent':
      if (actor?.kind === KIND_VISITOR) onVisitorMessage(fact, time);
      else if (actor?.kind === KIND_AGENT) onAgentMessage(fact, time, actor.id);
      return;
    case 'closed':
      fact.closedAt = Math.min(time, event.value.effectiveAt?.getTime() ?? time);
      fact.closeReason = event.value.reason;
      endWaiting(fact, fact.closedAt);
      endHold(fact, time);
      endSegments(fact, time);
      return;
    case 'reopened':
      // Nobody can answer while it is closed: neither clock runs then.
      onReopened(fact, time);
      if (fact.unansweredSince !== undefined) fact.unansweredSince = time;
      delete fact.closedAt;
      fact.closeReason = conversation.CloseReason.CLOSE_REASON_UNSPECIFIED;
      fact.reopened++;
      return;
    case 'ratingGiven':
      fact.rating = event.value.score;
      return;
    case 'conversionRecorded':
      fact.convertedAt ??= time;
      return;
    case 'visitorIdentified':
    case 'noteAdded':
    case 'readUpTo':
    case 'pageChanged':
    case 'transferRequested':
    case 'supervisorJoined':
    case 'supervisorLeft':
    case 'whisperSent':
    case 'waitEstimateShown':
    case 'followUpAssigned':
      return;
    case 'transferred':
      fact.transfers++;
      return;
    case 'transferRefused':
      fact.transfersRefused++;
      return;
    case 'takenOver':
      fact.takenOver++;
      return;
    case 'held':
      fact.heldSince ??= time;
      return;
    case 'resumed':
      endHold(fact, time);
      return;
    case 'parked':
      endHold(fact, time);
      endSegments(fact, time);
      return;
    case 'visitorInformed':
      if (event.value.queueId) fact.queueId = event.value.queueId;
      if (event.value.next === PLACED) placeInQueue(fact, event.value.queueId);
      else moveQueue(fact, event.value.queueId, time);
      return;
    case 'handedToBot':
      endWaiting(fact, time);
      leaveQueue(fact, time);
      fact.botSince = time;
      return;
    case 'messageRequested':
      endWaiting(fact, time);
      return;
    case 'messageTaken':
      onMessageTaken(fact, event.value, time);
      return;
    case 'followUpAnswered':
      fact.messageAnsweredAt ??= time;
      return;
    default:
      unreachable(event);
  }
};

const onQueued = (fact: ConversationFact, queueId: string, time: number): void => {
  if (fact.botSince !== undefined && fact.enteredAt !== undefined && fact.answeredAt === undefined)
    fact.closedMs += time - fact.botSince;
  delete fact.botSince;
  endHold(fact, time);
  endWaiting(fact, time);
  fact.enteredAt ??= time;
  fact.queuedSince = time;
  fact.queueId = queueId;
  const isFirst = fact.entries.length === 0;
  enterQueue(fact, queueId, time);
  // An agent had begun the chat: nobody waited.
  const entry = waitingEntry(fact);
  if (isFirst && entry && fact.answeredAt !== undefined)
    Object.assign(entry, { answeredAt: time, agentId: fact.agentId });
};

const onReopened = (fact: ConversationFact, time: number): void => {
  if (fact.closedAt === undefined) return;
  const closedMs = time - fact.closedAt;
  if (fact.enteredAt !== undefined && fact.answeredAt === undefined) fact.closedMs += closedMs;
  const waiting = waitingEntry(fact);
  if (waiting) waiting.closedMs += closedMs;
};

/** A message that was left without waiting was offered all the same, to the queue that answers it. */
const onMessageTaken = (
  fact: ConversationFact,
  { queueId, replyBy }: conversation.MessageTaken,
  time: number,
): void => {
  if (fact.enteredAt === undefined) {
    fact.enteredAt = time;
    fact.queueId = queueId;
    enterQueue(fact, queueId, time);
  }
  fact.messageTakenAt = time;
  fact.replyBy = replyBy?.getTime() ?? 0;
  delete fact.messageAnsweredAt;
};

const endWaiting = (fact: ConversationFact, time: number): void => {
  if (fact.queuedSince !== undefined) fact.queuedMs += Math.max(0, time - fact.queuedSince);
  delete fact.queuedSince;
};

const endHold = (fact: ConversationFact, time: number): void => {
  if (fact.heldSince !== undefined) fact.holdMs += Math.max(0, time - fact.heldSince);
  delete fact.heldSince;
};

/** The same for the same topic, however it is written; says little about it, and nothing once it is erased. */
const topicKeyOf = (topic: string): string => {
  const words = topic.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  return words ? hash32(words).toString(36) : '';
};

const onVisitorMessage = (fact: ConversationFact, time: number): void => {
  fact.visitorMessages++;
  fact.unansweredSince ??= time;
};

const onJoined = (
  fact: ConversationFact,
  { agentId, queueId, offerId }: conversation.AgentJoined,
  time: number,
): void => {
  if (fact.answeredAt === undefined) {
    fact.joinedAt = time;
    fact.offerId = offerId;
    fact.agentId = agentId;
  }
  if (queueId) fact.queueId = queueId;
  moveQueue(fact, queueId, time);
  endWaiting(fact, time);
  endHold(fact, time);
  // Joining twice is being there once.
  if (!fact.segments.some((segment) => segment.agentId === agentId && segment.to === undefined))
    fact.segments.push({ agentId, offerId, from: time });
};

const onAgentMessage = (fact: ConversationFact, time: number, agentId: string): void => {
  fact.agentMessages++;
  // The answer to a message that was left: nobody waits in the chat for it.
  if (fact.closedAt !== undefined) return;
  const waiting = waitingEntry(fact);
  if (waiting) Object.assign(waiting, { answeredAt: time, agentId });
  if (fact.answeredAt === undefined) {
    fact.answeredAt = time;
    fact.agentId = agentId;
    const segment = fact.segments.findLast((each) => each.agentId === agentId);
    fact.joinedAt = segment?.from;
    fact.offerId = segment?.offerId ?? '';
  } else if (fact.unansweredSince !== undefined) addTo(fact.responses, (time - fact.unansweredSince) / 1000);
  delete fact.unansweredSince;
};

const endSegments = (fact: ConversationFact, time: number, agentId?: string): void => {
  for (const segment of fact.segments)
    if (segment.to === undefined && (agentId === undefined || segment.agentId === agentId)) segment.to = time;
};
