import { common, conversation, type events } from '@parley/client';
import { type Care, type CareHappening, careStep, noCare } from './thread-care.js';

const { Actor_Kind: Kind } = common;
const { ConversationState } = conversation;

export type Author = 'visitor' | 'agent' | 'bot' | 'system';

/** What happened, as a line between the messages; words come from the catalogue by `what`. */
export type Happening =
  | CareHappening
  | { readonly what: 'started'; readonly page: string }
  | { readonly what: 'identified'; readonly name: string; readonly verified: boolean }
  | {
      readonly what: 'queued';
      readonly queueId: string;
      readonly reason: events.QueueEntered_Reason | undefined;
    }
  | { readonly what: 'joined'; readonly name: string }
  | { readonly what: 'left'; readonly name: string; readonly reason: events.AgentLeft_Reason | undefined }
  | { readonly what: 'closed'; readonly name: string; readonly reason: events.CloseReason | undefined }
  | { readonly what: 'reopened'; readonly name: string }
  | { readonly what: 'rated'; readonly score: number; readonly comment: string }
  | { readonly what: 'converted'; readonly name: string; readonly value: string; readonly currency: string }
  | { readonly what: 'erased' }
  | { readonly what: 'page'; readonly title: string; readonly url: string };

interface Placed {
  readonly id: string;
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}
interface Written extends Placed {
  readonly author: Author;
  readonly authorId: string;
  readonly name: string;
  readonly text: string;
}
export interface Message extends Written {
  readonly type: 'message';
  readonly file?: events.FileContent;
}
export interface Note extends Written {
  readonly type: 'note';
}
/** From a supervisor to the chat's agents. */
export interface Whisper extends Written {
  readonly type: 'whisper';
}
export interface SystemLine extends Placed {
  readonly type: 'system';
  readonly happening: Happening;
}
export type Item = Message | Note | Whisper | SystemLine;

/** A conversation as its events tell it. */
export interface Thread extends Care {
  readonly version: number;
  readonly items: readonly Item[];
  readonly state: conversation.ConversationState;
  readonly contactId: string;
  readonly name: string;
  readonly email: string;
  readonly verified: boolean;
  readonly queueId: string;
  readonly topic: string;
  readonly locale: string;
  readonly channel: events.Channel | undefined;
  readonly prechat: Readonly<Record<string, string>>;
  readonly page: common.WebPage | undefined;
  readonly startedAt: number;
  readonly agentIds: readonly string[];
  readonly agentNames: Readonly<Record<string, string>>;
  readonly visitorRead: number;
  readonly agentRead: number;
  readonly lastVisitorVersion: number;
}

export const emptyThread: Thread = {
  ...noCare,
  version: 0,
  items: [],
  state: ConversationState.CONVERSATION_STATE_UNSPECIFIED,
  contactId: '',
  name: '',
  email: '',
  verified: false,
  queueId: '',
  topic: '',
  locale: '',
  channel: undefined,
  prechat: {},
  page: undefined,
  startedAt: 0,
  agentIds: [],
  agentNames: {},
  visitorRead: 0,
  agentRead: 0,
  lastVisitorVersion: 0,
};

const AUTHORS: Partial<Record<common.Actor_Kind, Author>> = {
  [Kind.KIND_VISITOR]: 'visitor',
  [Kind.KIND_AGENT]: 'agent',
  [Kind.KIND_INTEGRATION]: 'agent',
  [Kind.KIND_BOT]: 'bot',
};

const authorOf = (actor: common.Actor | undefined): Author =>
  AUTHORS[actor?.kind ?? Kind.KIND_SYSTEM] ?? 'system';

/** The thread after one more event. */
const evolve = (
  thread: Thread,
  { version = 0, time = '', actor, event = {} }: events.RecordedEvent,
): Thread => {
  const at = Date.parse(time) || 0;
  const author = authorOf(actor);
  const name = actor?.name ?? '';
  const next: Thread = { ...thread, version };
  const with_ = (item: Item): Thread => ({ ...next, items: [...thread.items, item] });
  const line = (happening: Happening): Thread =>
    with_({ type: 'system', id: `v${version}`, version, time: at, happening });
  const written = (id: string | undefined, text: string | undefined) => ({
    id: id ?? `v${version}`,
    version,
    time: at,
    author,
    authorId: actor?.id ?? '',
    name,
    text: text ?? '',
  });

  if (event.started) {
    const { contactId = '', topic = '', locale = '', channel, page, prechat = {} } = event.started;
    const started = line({ what: 'started', page: page?.title || page?.url || '' });
    return {
      ...started,
      ...{ contactId, topic, locale, channel, page, prechat, startedAt: at },
      state: ConversationState.CONVERSATION_STATE_QUEUED,
    };
  }
  if (event.visitorIdentified) {
    const { name: said = '', email = '', verified = false } = event.visitorIdentified;
    return {
      ...line({ what: 'identified', name: said || email, verified }),
      name: said || thread.name,
      email: email || thread.email,
      verified,
    };
  }
  if (event.messageSent) {
    const { messageId, text, file } = event.messageSent;
    const message: Message = {
      type: 'message',
      ...written(messageId, text?.text),
      ...(file ? { file } : {}),
    };
    return {
      ...with_(message),
      lastVisitorVersion: author === 'visitor' ? version : thread.lastVisitorVersion,
    };
  }
  if (event.noteAdded)
    return with_({ type: 'note', ...written(event.noteAdded.noteId, event.noteAdded.text) });
  if (event.whisperSent)
    return with_({ type: 'whisper', ...written(event.whisperSent.whisperId, event.whisperSent.text) });
  if (event.readUpTo) {
    const read = event.readUpTo.version ?? 0;
    return author === 'visitor'
      ? { ...next, visitorRead: Math.max(thread.visitorRead, read) }
      : { ...next, agentRead: Math.max(thread.agentRead, read) };
  }
  if (event.queueEntered) {
    const { queueId = '', reason } = event.queueEntered;
    return {
      ...line({ what: 'queued', queueId, reason }),
      queueId,
      parkedBy: '',
      state: ConversationState.CONVERSATION_STATE_QUEUED,
    };
  }
  if (event.agentJoined) {
    const { agentId = '', agentName = '' } = event.agentJoined;
    return {
      ...line({ what: 'joined', name: agentName || agentId }),
      state: ConversationState.CONVERSATION_STATE_ACTIVE,
      parkedBy: '',
      agentIds: [...thread.agentIds.filter((id) => id !== agentId), agentId],
      agentNames: { ...thread.agentNames, [agentId]: agentName || agentId },
    };
  }
  if (event.agentLeft) {
    const { agentId = '', reason } = event.agentLeft;
    return {
      ...line({ what: 'left', name: thread.agentNames[agentId] ?? agentId, reason }),
      agentIds: thread.agentIds.filter((id) => id !== agentId),
    };
  }
  if (event.closed)
    return {
      ...line({ what: 'closed', name: author === 'system' ? '' : name, reason: event.closed.reason }),
      state: ConversationState.CONVERSATION_STATE_CLOSED,
      parkedBy: '',
      transfer: undefined,
    };
  if (event.reopened) {
    const { agentId } = event.reopened;
    return {
      ...line({ what: 'reopened', name: author === 'system' ? '' : name }),
      state: agentId
        ? ConversationState.CONVERSATION_STATE_ACTIVE
        : ConversationState.CONVERSATION_STATE_QUEUED,
      agentIds: agentId ? [agentId] : [],
      supervisorIds: [],
    };
  }
  if (event.ratingGiven)
    return line({
      what: 'rated',
      score: event.ratingGiven.score ?? 0,
      comment: event.ratingGiven.comment ?? '',
    });
  if (event.conversionRecorded) {
    const { name: what = '', value = '0', currency = '' } = event.conversionRecorded;
    return line({ what: 'converted', name: what, value, currency });
  }
  if (event.contentErased) return { ...line({ what: 'erased' }), later: undefined };
  if (event.pageChanged) {
    const { page } = event.pageChanged;
    return { ...line({ what: 'page', title: page?.title || page?.url || '', url: page?.url ?? '' }), page };
  }
  const step = careStep(thread, event, at);
  if (!step) return next;
  const { care, line: told, ...changed } = step;
  return { ...line(told), ...care, ...changed };
};

/** The thread after more events, which must follow on its version; what it has already is passed over. */
export const withEvents = (thread: Thread, incoming: readonly events.RecordedEvent[]): Thread =>
  incoming.filter((event) => (event.version ?? 0) > thread.version).reduce(evolve, thread);

export const isClosed = (thread: Thread): boolean =>
  thread.state === ConversationState.CONVERSATION_STATE_CLOSED;
