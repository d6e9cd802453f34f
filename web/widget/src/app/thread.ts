import type { events } from '@parley/client';

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
  readonly what: 'agentJoined' | 'agentLeft' | 'closed' | 'reopened';
  readonly name: string;
  readonly at: number;
}

export type ThreadEntry = ThreadMessage | ThreadNotice;

/** A conversation as its visitor sees it, computed from its events. */
export interface Thread {
  readonly version: number;
  readonly status: 'none' | 'queued' | 'active' | 'closed';
  readonly entries: readonly ThreadEntry[];
  /** Name of the agent in the chat; empty while there is none. */
  readonly agentName: string;
  /** An agent wrote at least once. */
  readonly answered: boolean;
  readonly agentReadVersion: number;
  readonly visitorReadVersion: number;
  /** 1 to 5; 0 while not rated. */
  readonly rating: number;
  readonly closedAt: number;
  /** The page the visitor was last known on. */
  readonly pageUrl: string;
}

export const emptyThread: Thread = {
  version: 0,
  status: 'none',
  entries: [],
  agentName: '',
  answered: false,
  agentReadVersion: 0,
  visitorReadVersion: 0,
  rating: 0,
  closedAt: 0,
  pageUrl: '',
};

const REOPEN_MS = 24 * 3_600_000;

/** A closed chat that can be gone on with: closed less than a day ago. */
export const isReopenable = ({ closedAt }: Thread): boolean => Date.now() - closedAt < REOPEN_MS;

/** Version of the newest message that somebody other than the visitor wrote and that is not read yet; 0 for none. */
export const unreadVersion = ({ entries, visitorReadVersion }: Thread): number => {
  const last = entries.findLast((entry) => entry.kind === 'message' && entry.from !== 'visitor');
  return last && last.version > visitorReadVersion ? last.version : 0;
};

/** The visitor waits, or an agent is there. */
export const isOpen = ({ status }: Thread): boolean => status === 'queued' || status === 'active';

/** The thread after one more event. An event without content (hidden from visitors) only moves the version. */
export const evolve = (thread: Thread, recorded: events.RecordedEvent): Thread => {
  const version = recorded.version ?? thread.version + 1;
  return { ...thread, ...change(thread, recorded, version), version };
};

const change = (thread: Thread, recorded: events.RecordedEvent, version: number): Partial<Thread> => {
  const { event = {}, actor } = recorded;
  const at = recorded.time ? Date.parse(recorded.time) : 0;
  const notice = (what: ThreadNotice['what'], name = ''): Pick<Thread, 'entries'> => ({
    entries: [...thread.entries, { kind: 'notice', version, what, name, at }],
  });
  if (event.started) return { status: 'queued', pageUrl: event.started.page?.url ?? '' };
  if (event.messageSent) return message(thread, event.messageSent, actor, version, at);
  if (event.queueEntered) return { status: 'queued', agentName: '' };
  if (event.agentJoined) {
    const agentName = event.agentJoined.agentName ?? '';
    return { status: 'active', agentName, ...notice('agentJoined', agentName) };
  }
  if (event.agentLeft) return { agentName: '', ...notice('agentLeft', thread.agentName) };
  if (event.readUpTo) {
    const read = event.readUpTo.version ?? 0;
    return actor?.kind === 'KIND_VISITOR'
      ? { visitorReadVersion: Math.max(thread.visitorReadVersion, read) }
      : { agentReadVersion: Math.max(thread.agentReadVersion, read) };
  }
  if (event.closed) return { status: 'closed', closedAt: at, ...notice('closed') };
  if (event.reopened) return { status: 'queued', rating: 0, ...notice('reopened') };
  if (event.ratingGiven) return { rating: event.ratingGiven.score ?? 0 };
  if (event.pageChanged) return { pageUrl: event.pageChanged.page?.url ?? '' };
  if (event.contentErased) return { entries: thread.entries.filter((entry) => entry.kind === 'notice') };
  return {};
};

const message = (
  thread: Thread,
  sent: events.MessageSent,
  actor: events.RecordedEvent['actor'],
  version: number,
  at: number,
): Partial<Thread> => {
  const from = actor?.kind === 'KIND_VISITOR' ? 'visitor' : actor?.kind === 'KIND_BOT' ? 'bot' : 'agent';
  const entry: ThreadMessage = {
    kind: 'message',
    id: sent.messageId ?? String(version),
    version,
    from,
    name: actor?.name || thread.agentName,
    text: sent.text?.text ?? sent.file?.name ?? '',
    at,
  };
  return { entries: [...thread.entries, entry], answered: thread.answered || from === 'agent' };
};

/** How many messages for the visitor are newer than their read mark. */
export const unreadIn = ({ entries, visitorReadVersion }: Thread): number =>
  entries.filter(
    (entry) => entry.kind === 'message' && entry.from !== 'visitor' && entry.version > visitorReadVersion,
  ).length;
