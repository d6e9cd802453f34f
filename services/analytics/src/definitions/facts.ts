import { common, conversation } from '@parley/contracts';
import { unreachable } from '@parley/kernel';
import { addTo, emptySketch, type Sketch } from './sketch.js';

/**
 * Bumped whenever a definition changes; facts of an older version are computed anew from the log. The formulas are in
 * docs/definitions.md.
 */
export const DEFINITIONS_VERSION = 2;

/** A time during which an agent was in the chat; `to` is absent while they still are. Milliseconds. */
export interface Segment {
  readonly agentId: string;
  /** The offer that brought the agent; routing's log says when it was accepted. */
  readonly offerId: string;
  readonly from: number;
  to?: number;
}

/** What is measured about one conversation, from its own log. Plain JSON; times in ms since 1970, UTC. */
export interface ConversationFact {
  startedAt: number;
  queueId: string;
  /** First entry into a queue; absent for chats that never entered one. */
  enteredAt?: number;
  /** Since when it waits in a queue for an agent to join; absent while it does not. */
  queuedSince?: number;
  /** How long it was closed before it was answered: nobody waited then, ms. */
  closedMs: number;
  /** When the agent who answered joined; before the answer, the agent who joined last. */
  joinedAt?: number | undefined;
  /** The offer by which that agent came. */
  offerId: string;
  /** An agent's first message. */
  answeredAt?: number;
  /** The agent who wrote it, else the one who joined last. */
  agentId: string;
  /** Last close that was not followed by a reopening, dated when the visitor left where that is earlier. */
  closedAt?: number;
  closeReason: conversation.CloseReason;
  reopened: number;
  segments: Segment[];
  /** Since when a visitor's message waits for an agent's; absent while none does. */
  unansweredSince?: number;
  /** Visitor's message, first of a run → agent's next; from the first answer on. */
  responses: Sketch;
  visitorMessages: number;
  agentMessages: number;
  /** 0 when not rated. */
  rating: number;
  /** First conversion. */
  convertedAt?: number;
}

/** What a commit says about its events. */
export interface EventMeta {
  /** ms */
  readonly time: number;
  readonly actor: common.Actor | undefined;
}

export const emptyFact = (): ConversationFact => ({
  startedAt: 0,
  queueId: '',
  closedMs: 0,
  offerId: '',
  agentId: '',
  closeReason: conversation.CloseReason.CLOSE_REASON_UNSPECIFIED,
  reopened: 0,
  segments: [],
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
      return;
    case 'queueEntered':
      fact.enteredAt ??= time;
      fact.queuedSince = time;
      fact.queueId = event.value.queueId;
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
      delete fact.queuedSince;
      endSegments(fact, time);
      return;
    case 'reopened':
      // Nobody can answer while it is closed: neither clock runs then.
      if (fact.closedAt !== undefined && fact.enteredAt !== undefined && fact.answeredAt === undefined)
        fact.closedMs += time - fact.closedAt;
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
    case 'contentErased':
    case 'pageChanged':
      return;
    default:
      unreachable(event);
  }
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
  delete fact.queuedSince;
  // Joining twice is being there once.
  if (!fact.segments.some((segment) => segment.agentId === agentId && segment.to === undefined))
    fact.segments.push({ agentId, offerId, from: time });
};

const onAgentMessage = (fact: ConversationFact, time: number, agentId: string): void => {
  fact.agentMessages++;
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
