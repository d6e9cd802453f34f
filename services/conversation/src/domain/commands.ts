import type { common, conversation } from '@parley/contracts';
import type { CareCommand } from './care-commands.js';
import type { Given, Reachable } from './given.js';

export interface Start extends Given {
  readonly type: 'start';
  readonly contactId: string;
  readonly channel: conversation.Channel;
  readonly locale: string;
  readonly page: common.WebPage | undefined;
  readonly topic: string;
  readonly prechat: Readonly<Record<string, string>>;
  /** Empty when the visitor typed none. */
  readonly name: string;
  readonly email: string;
  /** Empty: the tenant's default queue. */
  readonly queueId: string;
  /** The first message; empty text for none. */
  readonly messageId: string;
  readonly text: string;
  /** The text is a message for later: nobody is asked to chat. Answered until then, ms. Undefined for a chat. */
  readonly replyBy?: number;
}

export interface Send extends Given {
  readonly type: 'send';
  readonly messageId: string;
  readonly text: string;
  /** 0 when the sender does not count. */
  readonly clientSeq: number;
}

export interface AddNote extends Given {
  readonly type: 'note';
  readonly noteId: string;
  readonly text: string;
}

export interface MarkRead extends Given {
  readonly type: 'read';
  readonly version: number;
}

export interface ChangePage extends Given {
  readonly type: 'changePage';
  readonly page: common.WebPage;
}

/** The visitor says who they are, or the customer's server did (`verified`). */
export interface Introduce extends Given {
  readonly type: 'introduce';
  readonly name: string;
  readonly email: string;
  readonly externalId: string;
  readonly verified: boolean;
}

export interface Join extends Given {
  readonly type: 'join';
  readonly agentId: string;
  readonly agentName: string;
  readonly queueId: string;
  readonly offerId: string;
  /** The transfer that is answered by it; empty for a chat that waits. */
  readonly transferId: string;
  /** The entry into a queue that is answered by it, by its version; 0: whichever it is. */
  readonly queueVersion: number;
}

export interface ReleaseAgent extends Given {
  readonly type: 'releaseAgent';
  readonly agentId: string;
  readonly reason: conversation.AgentLeft_Reason;
}

/** The visitor has had no connection for a while. */
export interface VisitorLeft extends Given, Reachable {
  readonly type: 'visitorLeft';
  readonly lastContactAt: number;
}

/** The timer of a conversation in which nobody writes any more. */
export interface Expire extends Given, Reachable {
  readonly type: 'expire';
}

export interface Close extends Given, Reachable {
  readonly type: 'close';
  /** UNSPECIFIED: resolved. Ignored for visitors. */
  readonly reason: conversation.CloseReason;
}

export interface Reopen extends Given {
  readonly type: 'reopen';
}

export interface Rate extends Given {
  readonly type: 'rate';
  readonly score: number;
  readonly comment: string;
}

export interface Convert extends Given {
  readonly type: 'convert';
  readonly conversionId: string;
  readonly name: string;
  readonly value: bigint;
  readonly currency: string;
}

export interface Erase extends Given {
  readonly type: 'erase';
  readonly reason: string;
}

export type Command =
  | CareCommand
  | Start
  | Send
  | AddNote
  | MarkRead
  | ChangePage
  | Introduce
  | Join
  | ReleaseAgent
  | VisitorLeft
  | Expire
  | Close
  | Reopen
  | Rate
  | Convert
  | Erase;
