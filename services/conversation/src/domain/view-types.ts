import type { common, conversation } from '@parley/contracts';

/**
 * A conversation as lists show it, computed from its events beside the state. Unlike the state it holds personal
 * content, which an erasure empties. Values are JSON: it is the body of the inbox's document. Times are ms, 0 for none.
 */
export interface View {
  readonly version: number;
  readonly status: conversation.ConversationState;
  readonly contactId: string;
  readonly contactName: string;
  /** Where an answer can be sent, as this conversation knows it. */
  readonly contactEmail: string;
  readonly queueId: string;
  /** Agents in the chat; once closed, those who were in it at the end. */
  readonly agentIds: readonly string[];
  /** Everybody who was ever in it. */
  readonly pastAgentIds: readonly string[];
  /** Display name of the agent who joined last. */
  readonly agentName: string;
  readonly lastText: string;
  readonly lastAuthor: common.Actor_Kind;
  readonly lastMessageAt: number;
  readonly unansweredSince: number;
  readonly queuedSince: number;
  /** Versions of the visitor's messages that no agent has read, the newest `MOST_UNREAD`. */
  readonly unreadVersions: readonly number[];
  readonly startedAt: number;
  readonly closedAt: number;
  readonly closeReason: conversation.CloseReason;
  readonly topic: string;
  readonly channel: conversation.Channel;
  readonly locale: string;
  readonly pageUrl: string;
  readonly pageTitle: string;
  readonly rating: number;
  /** What the visitor wrote since an agent's last message, cut off at `LONGEST_WAITING`: a follow-up's text. */
  readonly waitingText: string;
  readonly supervisorIds: readonly string[];
  /** The agent of a parked chat; empty when it is not parked. */
  readonly parkedBy: string;
  /** Empty while no transfer is under way. */
  readonly transferId: string;
  readonly transferSummary: string;
  readonly followUp: FollowUpView | undefined;
  /** The failsafe escalated it, and nobody has taken it since. */
  readonly escalated: boolean;
}

/** A message that was taken, as lists show it. Times are ms, 0 for none. */
export interface FollowUpView {
  readonly queueId: string;
  readonly ownerId: string;
  readonly text: string;
  readonly takenAt: number;
  readonly dueAt: number;
  readonly answeredAt: number;
  /** Its content was erased before it was answered: nobody can answer it. */
  readonly erased: boolean;
}
