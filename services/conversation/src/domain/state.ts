import { conversation, type common } from '@parley/contracts';

const { ConversationState: Status } = conversation;
export type Status = conversation.ConversationState;

/** A message that the state still remembers, to answer a repetition of it. */
export interface RememberedMessage {
  readonly id: string;
  /** Whose it is, by `senderKey`. */
  readonly sender: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** A transfer that somebody was asked to take and has not answered. */
export interface TransferUnderWay {
  readonly id: string;
  /** Stays until the other has joined. */
  readonly fromAgentId: string;
  readonly toAgentId: string;
  readonly toQueueId: string;
  readonly mode: conversation.TransferRequested_Mode;
  readonly requestedAt: number;
}

/** A message that was taken and waits for its answer, or has it. Times are ms. */
export interface FollowUpState {
  readonly queueId: string;
  /** Empty: nobody's. */
  readonly ownerId: string;
  readonly takenAt: number;
  /** 0: nothing was promised. */
  readonly dueAt: number;
  /** 0 while it is open. */
  readonly answeredAt: number;
}

/** A conversation as its rules see it. Of personal content it holds topic and page only, which an erasure empties. */
export interface State {
  /** Version of the last event; 0 before the first. */
  readonly version: number;
  /** UNSPECIFIED before the conversation has started. */
  readonly status: Status;
  readonly contactId: string;
  readonly channel: conversation.Channel;
  readonly locale: string;
  readonly topic: string;
  /** The queue it is or was last in. */
  readonly queueId: string;
  /** Version of its last entry into a queue: what routing asks of an earlier one comes too late. */
  readonly queueVersion: number;
  /** Agents in the chat; once closed, those who were in it at the end. */
  readonly agentIds: readonly string[];
  /** True once an agent's first message was sent; stays true when reopened. */
  readonly answered: boolean;
  /** True while an answer is due: from the start, and from a reopening by the visitor, until an agent writes. */
  readonly awaited: boolean;
  /** While a bot has the chat: when it began to owe an answer, ms; 0 once it has given one. */
  readonly botAwaitedSince: number;
  /** True when the visitor opened it the last time: started it or reopened it. */
  readonly openedByVisitor: boolean;
  readonly startedAt: number;
  /** When it was started or last reopened. */
  readonly openedAt: number;
  /** Time of the last thing that keeps the conversation from expiring. */
  readonly activeAt: number;
  /** Time of the visitor's last own event. */
  readonly visitorActiveAt: number;
  /** Time of the commit that closed it; 0 while open. */
  readonly closedAt: number;
  /** When it really ended, at or before `closedAt`. */
  readonly endedAt: number;
  readonly closeReason: conversation.CloseReason;
  /** 0 while not rated. */
  readonly rating: number;
  /** The last client_seq of each sender, by `senderKey`. */
  readonly clientSeqs: Readonly<Record<string, number>>;
  readonly messages: readonly RememberedMessage[];
  readonly conversionIds: readonly string[];
  readonly visitorRead: number;
  readonly agentRead: number;
  readonly pageUrl: string;
  /** Version of the last event that carries personal content. */
  readonly contentVersion: number;
  /** Content up to this version is erased. */
  readonly erasedUpTo: number;
  /** Supervisors who have joined beside the agent. */
  readonly supervisorIds: readonly string[];
  readonly transfer: TransferUnderWay | undefined;
  /** Transfers that are over, the newest `REMEMBERED_TRANSFERS`. */
  readonly pastTransfers: readonly { readonly id: string; readonly done: boolean }[];
  /** The agent of a parked chat, asked first when it goes on; empty when it is not parked. */
  readonly parkedBy: string;
  /** Version of the visitor's last message; 0 when they wrote none. */
  readonly visitorWrote: number;
  /** Why the visitor was asked for a message, with what was promised; UNSPECIFIED and 0 when they were not. */
  readonly messageReason: conversation.MessageRequested_Reason;
  readonly replyBy: number;
  readonly opensAt: number;
  readonly followUp: FollowUpState | undefined;
}

export const initialState: State = {
  version: 0,
  status: Status.CONVERSATION_STATE_UNSPECIFIED,
  contactId: '',
  channel: conversation.Channel.CHANNEL_UNSPECIFIED,
  locale: '',
  topic: '',
  queueId: '',
  queueVersion: 0,
  agentIds: [],
  answered: false,
  awaited: false,
  botAwaitedSince: 0,
  openedByVisitor: false,
  startedAt: 0,
  openedAt: 0,
  activeAt: 0,
  visitorActiveAt: 0,
  closedAt: 0,
  endedAt: 0,
  closeReason: conversation.CloseReason.CLOSE_REASON_UNSPECIFIED,
  rating: 0,
  clientSeqs: {},
  messages: [],
  conversionIds: [],
  visitorRead: 0,
  agentRead: 0,
  pageUrl: '',
  contentVersion: 0,
  erasedUpTo: 0,
  supervisorIds: [],
  transfer: undefined,
  pastTransfers: [],
  parkedBy: '',
  visitorWrote: 0,
  messageReason: conversation.MessageRequested_Reason.REASON_UNSPECIFIED,
  replyBy: 0,
  opensAt: 0,
  followUp: undefined,
};

/** More than one sender ever has in flight; the owner's memory of command ids reaches further back. */
const REMEMBERED_MESSAGES = 64;

/** Names a sender among all kinds of them: a contact and a user may have the same id. */
export const senderKey = (actor: common.Actor): string => `${actor.kind}:${actor.id}`;

/** True while a conversation has started and is not closed. */
export const isOpen = (state: State): boolean =>
  state.status !== Status.CONVERSATION_STATE_UNSPECIFIED && state.status !== Status.CONVERSATION_STATE_CLOSED;

/** True when the entry into a queue that is meant is the last one; 0 means whichever it is. */
export const isCurrent = (state: State, queueVersion: number): boolean =>
  queueVersion === 0 || queueVersion === state.queueVersion;

/** True while somebody owes the visitor an answer. */
export const isOpenFollowUp = (followUp: FollowUpState | undefined): boolean => followUp?.answeredAt === 0;

/** The remembered messages and one more. */
export const withMessage = (
  state: State,
  id: string,
  version: number,
  actor: common.Actor,
  time: number,
): readonly RememberedMessage[] => [
  ...state.messages.slice(1 - REMEMBERED_MESSAGES),
  { id, sender: senderKey(actor), version, time },
];
