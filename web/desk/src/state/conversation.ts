import { ErrorCode, type events, type frames, type OutboxItem } from '@parley/client';
import type { Refusal } from './refusal.js';
import { emptyThread, type Item, type Thread, withEvents } from './thread.js';

/** A note or a whisper on its way; `failed` says why it did not arrive. */
export interface PendingNote {
  readonly kind: 'note' | 'whisper';
  readonly noteId: string;
  readonly text: string;
  readonly time: number;
  readonly failed?: Refusal;
}

export interface Typist {
  readonly authorId: string;
  readonly byVisitor: boolean;
  /** The visitor's words so far. */
  readonly preview: string;
  /** When it ends unless renewed, ms. */
  readonly until: number;
}

/** A conversation that is open on the desk. */
export interface OpenConversation {
  readonly thread: Thread;
  readonly outbox: readonly OutboxItem[];
  readonly notes: readonly PendingNote[];
  readonly typists: readonly Typist[];
  /** Events up to this version have reached the visitor's browser, as it told while this desk heard it. */
  readonly visitorReceived: number;
  /** Why it cannot be shown. */
  readonly error: Refusal | undefined;
}

export const unopened: OpenConversation = {
  thread: emptyThread,
  outbox: [],
  notes: [],
  typists: [],
  visitorReceived: 0,
  error: undefined,
};

const TYPING_MS = 6_000;

/** After events: what arrived is no longer pending, and who has written no longer types. */
export const eventsArrived = (
  open: OpenConversation,
  incoming: readonly events.RecordedEvent[],
): OpenConversation => {
  const thread = withEvents(open.thread, incoming);
  const ids = new Set(
    incoming.map(
      ({ event }) =>
        event?.messageSent?.messageId ?? event?.noteAdded?.noteId ?? event?.whisperSent?.whisperId,
    ),
  );
  const wrote = new Set(incoming.filter(({ event }) => event?.messageSent).map(({ actor }) => actor?.id));
  return {
    thread,
    visitorReceived: open.visitorReceived,
    error: undefined,
    outbox: open.outbox.filter(({ messageId }) => !ids.has(messageId)),
    notes: open.notes.filter(({ noteId }) => !ids.has(noteId)),
    typists: open.typists.filter(({ authorId }) => !wrote.has(authorId)),
  };
};

/** After a typing frame, which may be a receipt; the viewer's own are passed over. */
export const typingArrived = (
  open: OpenConversation,
  { authorId = '', typing, preview = '', byVisitor = false, receivedVersion = 0 }: frames.Typing,
  viewerId: string,
  now: number,
): OpenConversation => {
  if (receivedVersion > 0)
    return byVisitor ? { ...open, visitorReceived: Math.max(open.visitorReceived, receivedVersion) } : open;
  const others = open.typists.filter((typist) => typist.authorId !== authorId);
  if (authorId === viewerId || (!typing && others.length === open.typists.length)) return open;
  const typists = typing ? [...others, { authorId, byVisitor, preview, until: now + TYPING_MS }] : others;
  return { ...open, typists };
};

/** Without those whose typing was not renewed in time. */
export const typingExpired = (open: OpenConversation, now: number): OpenConversation => {
  const typists = open.typists.filter(({ until }) => until > now);
  return typists.length === open.typists.length ? open : { ...open, typists };
};

/** A note was begun, failed, or begun again. */
export const notePending = (open: OpenConversation, note: PendingNote): OpenConversation => {
  // Its event may have overtaken the reply.
  if (open.thread.items.some(({ id }) => id === note.noteId)) return open;
  return { ...open, notes: [...open.notes.filter(({ noteId }) => noteId !== note.noteId), note] };
};

export const noteGone = (open: OpenConversation, noteId: string): OpenConversation => ({
  ...open,
  notes: open.notes.filter((note) => note.noteId !== noteId),
});

/** How far an own message has come. */
export type Delivery = 'sending' | 'failed' | 'sent' | 'delivered' | 'read';

export interface Shown {
  readonly item: Item;
  readonly delivery: Delivery | undefined;
  /** Why it failed. */
  readonly reason?: Refusal;
}

/** Everything to show in order, what is on its way last. `viewer`: who writes. */
export const shownItems = (
  { thread, outbox, notes, visitorReceived }: OpenConversation,
  viewer: { readonly userId: string; readonly name: string },
): readonly Shown[] => {
  const pending = (id: string, time: number, text: string) => ({
    ...{ id, time, text, version: 0 },
    ...{ author: 'agent' as const, authorId: viewer.userId, name: viewer.name },
  });
  const known = new Set(thread.items.map(({ id }) => id));
  const waiting: Shown[] = [
    ...outbox
      .filter(({ messageId }) => !known.has(messageId))
      .map(({ messageId, typedAt, text, refused, refusal }): Shown => ({
        item: { type: 'message', ...pending(messageId, typedAt, text) },
        delivery: refused ? 'failed' : 'sending',
        // One that was refused before a reload of an older desk has its text only.
        ...(refused ? { reason: { code: ErrorCode.unknown, reason: '', ...refusal, said: refused } } : {}),
      })),
    ...notes.map(({ kind, noteId, time, text, failed }): Shown => ({
      item: { type: kind, ...pending(noteId, time, text) },
      delivery: failed ? 'failed' : 'sending',
      ...(failed ? { reason: failed } : {}),
    })),
  ];
  const arrived = thread.items.map((item): Shown => ({
    item,
    delivery:
      item.type === 'message' && item.author === 'agent'
        ? item.version <= thread.visitorRead
          ? 'read'
          : item.version <= visitorReceived
            ? 'delivered'
            : 'sent'
        : undefined,
  }));
  return [...arrived, ...waiting.sort((a, b) => a.item.time - b.item.time)];
};
