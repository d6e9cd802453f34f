import type { conversation } from '@parley/contracts';
import type { Given, Reachable } from './given.js';

/** The timer of a bot that does not answer. */
export interface BotIsSilent extends Given {
  readonly type: 'botIsSilent';
  /** What is promised for a message, ms. */
  readonly replyBy: number;
}

export interface Transfer extends Given {
  readonly type: 'transfer';
  readonly transferId: string;
  /** One of the two; the other is empty. */
  readonly toAgentId: string;
  readonly toQueueId: string;
  readonly summary: string;
  /** UNSPECIFIED: cold. */
  readonly mode: conversation.TransferRequested_Mode;
}

export interface CancelTransfer extends Given {
  readonly type: 'cancelTransfer';
  readonly transferId: string;
}

/** Nobody took it. */
export interface RefuseTransfer extends Given {
  readonly type: 'refuseTransfer';
  readonly transferId: string;
  readonly reason: conversation.TransferRefused_Reason;
  readonly note: string;
}

export interface Hold extends Given {
  readonly type: 'hold';
}

export interface Resume extends Given {
  readonly type: 'resume';
}

export interface Park extends Given {
  readonly type: 'park';
}

export interface Unpark extends Given {
  readonly type: 'unpark';
}

/** The caller leaves, as agent or as supervisor. */
export interface Leave extends Given {
  readonly type: 'leave';
}

export interface Whisper extends Given {
  readonly type: 'whisper';
  readonly whisperId: string;
  readonly text: string;
}

export interface JoinAsSupervisor extends Given {
  readonly type: 'joinAsSupervisor';
}

export interface TakeOver extends Given {
  readonly type: 'takeOver';
}

/** Nobody will take the chat now. */
export interface RequestMessage extends Given {
  readonly type: 'requestMessage';
  readonly reason: conversation.MessageRequested_Reason;
  /** When an answer is promised, ms. */
  readonly replyBy: number;
  /** When the hours begin again, ms; 0 when it is not for the hours. */
  readonly opensAt: number;
  /** The entry into a queue that it is about, by its version; 0: whichever it is. */
  readonly queueVersion: number;
}

export interface LeaveMessage extends Given {
  readonly type: 'leaveMessage';
  readonly messageId: string;
  /** Empty: what was written already is the message. */
  readonly text: string;
  /** What the visitor typed, or what is known of them and not in this log yet; empty otherwise. */
  readonly name: string;
  readonly email: string;
  readonly clientSeq: number;
  /** The promise if none has been made, ms. */
  readonly replyBy: number;
}

export interface AssignFollowUp extends Given {
  readonly type: 'assignFollowUp';
  /** Empty: nobody's. */
  readonly agentId: string;
  /** Milliseconds; 0 leaves it as it is. */
  readonly dueAt: number;
}

export interface AnswerFollowUp extends Given, Reachable {
  readonly type: 'answerFollowUp';
  readonly messageId: string;
  readonly text: string;
}

export interface HandToBot extends Given {
  readonly type: 'handToBot';
  /** As of RequestMessage. */
  readonly queueVersion: number;
}

/** A bot hands its conversation to people. */
export interface HandToPeople extends Given {
  readonly type: 'handToPeople';
  /** Empty: the queue it was in. */
  readonly queueId: string;
}

/** What the visitor was told about waiting. */
export interface ShowEstimate extends Given {
  readonly type: 'showEstimate';
  readonly shown: conversation.WaitEstimateShown;
}

/** What the visitor was told when waiting took too long. */
export interface Inform extends Given {
  readonly type: 'inform';
  readonly informed: conversation.VisitorInformed;
}

/** Commands of handing on, holding, supervising and answering later. */
export type CareCommand =
  | Transfer
  | CancelTransfer
  | RefuseTransfer
  | Hold
  | Resume
  | Park
  | Unpark
  | Leave
  | Whisper
  | JoinAsSupervisor
  | TakeOver
  | RequestMessage
  | LeaveMessage
  | AssignFollowUp
  | AnswerFollowUp
  | HandToBot
  | BotIsSilent
  | HandToPeople
  | ShowEstimate
  | Inform;
