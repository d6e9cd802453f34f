import type { conversation } from '@parley/contracts';
import type { Sketch } from './sketch.js';

/** A chat's time in one queue. Milliseconds since 1970. */
export interface QueueEntry {
  readonly queueId: string;
  readonly from: number;
  /** How long the chat was closed before it was answered here, ms. */
  closedMs: number;
  /** An agent's first message while the chat was in this queue, or had been got from it. */
  answeredAt?: number;
  /** Who wrote it. */
  agentId?: string;
  /** When it left, unanswered, for another queue or a bot. */
  leftAt?: number;
}

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
  /** Each queue it was offered in, in order. */
  entries: QueueEntry[];
  /** Whose conversation it is. */
  contactId: string;
  /** Stands for its topic; empty without one, and once it is erased. */
  topicKey: string;
  /** Since when it waits in a queue for an agent to join; absent while it does not. */
  queuedSince?: number;
  /** Time in queues until an agent joined, over all entries, ms; what lasts now is not in it. */
  queuedMs: number;
  /** How long it was closed, or with a bot, before it was answered: nobody waited then, ms. */
  closedMs: number;
  /** Since when it is with a bot; absent while it is not. */
  botSince?: number;
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
  /** Time on hold, ms; `heldSince` while it lasts. */
  holdMs: number;
  heldSince?: number;
  /** Handed on, not taken by anybody, taken over by supervisors. */
  transfers: number;
  transfersRefused: number;
  takenOver: number;
  /** When a message was taken, the promise (0: none), and when it was answered. */
  messageTakenAt?: number;
  replyBy: number;
  messageAnsweredAt?: number;
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
