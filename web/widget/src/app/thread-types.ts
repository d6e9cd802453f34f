/** A message of the thread. */
export interface ThreadMessage {
  readonly kind: 'message';
  readonly id: string;
  readonly version: number;
  readonly from: 'visitor' | 'agent' | 'bot';
  readonly name: string;
  readonly text: string;
  /** Ms since the epoch. */
  readonly at: number;
}

/** Something that happened between messages; `what` is a key of the catalogue. */
export interface ThreadNotice {
  readonly kind: 'notice';
  readonly version: number;
  readonly what:
    | 'agentJoined'
    | 'alsoJoined'
    | 'agentLeft'
    | 'agentLost'
    | 'agentHeld'
    | 'agentSlow'
    | 'handedOn'
    | 'handedTo'
    | 'takenOver'
    | 'supervisorJoined'
    | 'held'
    | 'resumed'
    | 'stillWaiting'
    | 'moved'
    | 'escalated'
    | 'closed'
    | 'messageTaken'
    | 'reopened';
  readonly name: string;
  /** The other person it is about; empty when there is none. */
  readonly other: string;
  readonly at: number;
}

export type ThreadEntry = ThreadMessage | ThreadNotice;

/** Somebody of the company who is in the chat. */
export interface Participant {
  readonly id: string;
  readonly name: string;
}

/** What the visitor was told about waiting; bounds in seconds, absent when there is no honest estimate. */
export interface Wait {
  readonly position: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** Why a message is asked for, and what is promised; times in ms since the epoch, 0 when not known. */
export interface MessageRequest {
  readonly reason: string;
  readonly replyBy: number;
  readonly opensAt: number;
}

/** A message that was left. */
export interface FollowUp {
  readonly replyBy: number;
  readonly answered: boolean;
}

/** A conversation as its visitor sees it, computed from its events. */
export interface Thread {
  readonly version: number;
  /** `taking`: nobody will come now, a message is asked for. */
  readonly status: 'none' | 'queued' | 'active' | 'taking' | 'closed';
  readonly entries: readonly ThreadEntry[];
  /** Agents in the chat, who is in charge first. */
  readonly agents: readonly Participant[];
  /** Supervisors who take part, seen by all. */
  readonly supervisors: readonly Participant[];
  /** The agent asked the visitor to wait. */
  readonly held: boolean;
  readonly wait: Wait | undefined;
  readonly request: MessageRequest | undefined;
  readonly followUp: FollowUp | undefined;
  /** An agent wrote at least once. */
  readonly answered: boolean;
  /** Events up to this one have reached a desk of an agent in the chat; live, so lower than it is after a reload. */
  readonly agentReceivedVersion: number;
  readonly agentReadVersion: number;
  readonly visitorReadVersion: number;
  /** 1 to 5; 0 while not rated. */
  readonly rating: number;
  readonly closedAt: number;
  /** The page the visitor was last known on. */
  readonly pageUrl: string;
}
