import type { events } from '@parley/client';
import { arrivals } from './arrivals.js';
import { noticeOf } from './notices.js';
import type { Thread, ThreadMessage } from './thread-types.js';

export const emptyThread: Thread = {
  version: 0,
  status: 'none',
  entries: [],
  agents: [],
  supervisors: [],
  held: false,
  wait: undefined,
  request: undefined,
  followUp: undefined,
  answered: false,
  agentReceivedVersion: 0,
  agentReadVersion: 0,
  visitorReadVersion: 0,
  rating: 0,
  closedAt: 0,
  pageUrl: '',
};

const REOPEN_MS = 24 * 3_600_000;

/** A closed chat that can be gone on with: closed less than a day ago. */
export const isReopenable = ({ closedAt }: Thread): boolean => Date.now() - closedAt < REOPEN_MS;

/** Name of the agent in charge; empty while there is none. */
export const agentNameOf = ({ agents }: Thread): string => agents[0]?.name ?? '';

/** Version of the newest message that somebody other than the visitor wrote and that is not read yet; 0 for none. */
export const unreadVersion = ({ entries, visitorReadVersion }: Thread): number => {
  const last = entries.findLast((entry) => entry.kind === 'message' && entry.from !== 'visitor');
  return last && last.version > visitorReadVersion ? last.version : 0;
};

/** The visitor waits, an agent is there, or a message is asked for. */
export const isOpen = ({ status }: Thread): boolean => status !== 'none' && status !== 'closed';

/** A message was left that has no answer yet, or one that was not read. */
export const awaitsAnswer = (thread: Thread): boolean =>
  thread.status === 'closed' &&
  thread.followUp !== undefined &&
  (!thread.followUp.answered || unreadVersion(thread) > 0);

/** The thread after one more event. An event without content (hidden from visitors) only moves the version. */
export const evolve = (thread: Thread, recorded: events.RecordedEvent): Thread => {
  const version = recorded.version ?? thread.version + 1;
  const notice = noticeOf(thread, recorded, version);
  const next = { ...thread, ...change(thread, recorded, version), version };
  return notice ? { ...next, entries: notice } : next;
};

/** The thread once an agent's desk has told how far it has got. */
export const withReceipt = (thread: Thread, version: number): Thread => ({
  ...thread,
  agentReceivedVersion: Math.max(thread.agentReceivedVersion, version),
});

/** Ms since the epoch; 0 when absent. */
const ms = (time: string | undefined): number => (time ? Date.parse(time) : 0);

const change = (thread: Thread, recorded: events.RecordedEvent, version: number): Partial<Thread> => {
  const { event = {}, actor } = recorded;
  const at = ms(recorded.time);
  if (event.started) return { status: 'queued', pageUrl: event.started.page?.url ?? '' };
  if (event.messageSent) return message(thread, event.messageSent, actor, version, at);
  if (event.readUpTo) {
    const read = event.readUpTo.version ?? 0;
    return actor?.kind === 'KIND_VISITOR'
      ? { visitorReadVersion: Math.max(thread.visitorReadVersion, read) }
      : { agentReadVersion: Math.max(thread.agentReadVersion, read) };
  }
  if (event.waitEstimateShown) {
    const { position = 0, lowSeconds, highSeconds } = event.waitEstimateShown;
    return { wait: { position, low: lowSeconds, high: highSeconds } };
  }
  if (event.messageRequested) {
    const { reason = '', replyBy, opensAt } = event.messageRequested;
    return { status: 'taking', request: { reason, replyBy: ms(replyBy), opensAt: ms(opensAt) } };
  }
  if (event.messageTaken) return { followUp: { replyBy: ms(event.messageTaken.replyBy), answered: false } };
  if (event.followUpAnswered && thread.followUp) return { followUp: { ...thread.followUp, answered: true } };
  if (event.closed) return { status: 'closed', closedAt: at, agents: [], supervisors: [], held: false };
  if (event.ratingGiven) return { rating: event.ratingGiven.score ?? 0 };
  if (event.pageChanged) return { pageUrl: event.pageChanged.page?.url ?? '' };
  if (event.contentErased) return { entries: thread.entries.filter((entry) => entry.kind === 'notice') };
  return arrivals(thread, event);
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
    name: actor?.name || agentNameOf(thread),
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
