import {
  type ApiError,
  browserStorage,
  type Connection,
  openOutbox,
  type Outbox,
  type OutboxStorage,
  type Watch,
} from '@parley/client';
import {
  eventsArrived,
  noteGone,
  notePending,
  type OpenConversation,
  type PendingNote,
  typingArrived,
  typingExpired,
  unopened,
} from '../state/conversation.js';
import { refusalOf } from '../state/refusal.js';
import { createStore, type Store } from '../state/store.js';
import type { Thread } from '../state/thread.js';
import { serverNow } from './clock.js';
import { NoteOutbox } from './note-outbox.js';

/** Watched at a time; the one used longest ago is let go. */
const MOST_OPEN = 24;
/** Of a transcript, in one answer: so that what is live is not kept waiting behind it. */
const TRANSCRIPT_PART_BYTES = 256 * 1024;
const SERVICE = 'parley.conversation.v1.ConversationService';

interface Entry {
  readonly store: Store<OpenConversation>;
  readonly watch: Watch;
  outbox: Outbox | undefined;
  markedRead: number;
  typingTimer: ReturnType<typeof setTimeout> | undefined;
}

export interface ConversationsOptions {
  readonly connection: Connection;
  readonly userId: string;
  /** Start of the storage keys of this person. */
  readonly prefix: string;
  /** Where what is on its way is kept: the browser's, unless another is given. */
  readonly storage?: OutboxStorage;
  /** Hears how a followed conversation changed, its history left out. */
  readonly onNews: (conversationId: string, before: Thread, after: Thread) => void;
}

/** The conversations that this desk follows, and the messages on their way in them. */
export class Conversations {
  readonly #entries = new Map<string, Entry>();
  readonly #transcripts = new Map<string, Store<OpenConversation>>();
  readonly #storage: OutboxStorage;
  readonly #notes: NoteOutbox;

  constructor(private readonly options: ConversationsOptions) {
    const { connection, prefix, storage = browserStorage() } = options;
    this.#storage = storage;
    this.#notes = new NoteOutbox({
      ...{ connection, storage, prefix },
      onPending: (conversationId, note) =>
        this.#entry(conversationId).store.update((open) => notePending(open, note)),
    });
    connection.on('typing', (typing) => {
      const entry = this.#entries.get(typing.conversationId ?? '');
      if (!entry) return;
      entry.store.update((open) => typingArrived(open, typing, options.userId, serverNow()));
      clearTimeout(entry.typingTimer);
      entry.typingTimer = setTimeout(
        () => entry.store.update((open) => typingExpired(open, serverNow())),
        6_100,
      );
    });
    connection.on('error', (error) => this.#refused(error));
    // Messages that an earlier page did not get rid of are sent although nobody opens their chats.
    for (const value of this.#storage.list(`${prefix}outbox.`)) {
      const { conversationId } = JSON.parse(value) as { conversationId: string };
      if (conversationId) this.#outboxOf(conversationId, this.#entry(conversationId));
    }
    for (const conversationId of this.#notes.conversations()) this.#entry(conversationId);
  }

  /** The conversation, followed from now on. */
  open(conversationId: string): Store<OpenConversation> {
    return this.#entry(conversationId).store;
  }

  /** A transcript as it stands, loaded once. */
  transcript(conversationId: string): Store<OpenConversation> {
    const known = this.#transcripts.get(conversationId);
    if (known) return known;
    const store = createStore(unopened);
    this.#transcripts.set(conversationId, store);
    this.#readTranscript(conversationId, store).catch((error: unknown) => {
      store.update((open) => ({ ...open, error: refusalOf(error) }));
      // Another visit tries again.
      this.#transcripts.delete(conversationId);
    });
    return store;
  }

  async #readTranscript(conversationId: string, store: Store<OpenConversation>): Promise<void> {
    for (let afterVersion = 0; ;) {
      const { events = [], nextAfterVersion = 0 } = await this.options.connection.call(
        'parley.transcript.v1.TranscriptService/GetTranscript',
        { conversationId, afterVersion, maxBytes: TRANSCRIPT_PART_BYTES },
      );
      store.update((open) => eventsArrived(open, events));
      if (nextAfterVersion <= afterVersion) return;
      afterVersion = nextAfterVersion;
    }
  }

  send(conversationId: string, text: string): void {
    this.#outboxOf(conversationId, this.#entry(conversationId)).send(text);
  }

  /** Tries a failed message or note again. */
  retry(conversationId: string, id: string): void {
    const entry = this.#entry(conversationId);
    this.#notes.retry(id);
    entry.outbox?.retry(id);
  }

  discard(conversationId: string, id: string): void {
    const entry = this.#entry(conversationId);
    entry.store.update((open) => noteGone(open, id));
    this.#notes.forget(id);
    entry.outbox?.discard(id);
  }

  /** Adds a note for the team, or whispers to the chat's agents. */
  note(conversationId: string, text: string, kind: PendingNote['kind']): void {
    this.#notes.add(conversationId, text, kind);
  }

  /** The visitor's messages up to now were seen. */
  markRead(conversationId: string): void {
    const entry = this.#entry(conversationId);
    const { lastVisitorVersion, agentRead } = entry.store.get().thread;
    if (lastVisitorVersion <= Math.max(entry.markedRead, agentRead)) return;
    entry.markedRead = lastVisitorVersion;
    this.options.connection
      .call(`${SERVICE}/MarkRead`, { conversationId, version: lastVisitorVersion })
      .catch(() => (entry.markedRead = agentRead));
  }

  close(): void {
    for (const id of [...this.#entries.keys()]) this.#let(id);
    this.#notes.close();
  }

  #entry(conversationId: string): Entry {
    const known = this.#entries.get(conversationId);
    if (known) {
      this.#entries.delete(conversationId);
      this.#entries.set(conversationId, known);
      return known;
    }
    const store = createStore<OpenConversation>({ ...unopened, notes: this.#notes.notes(conversationId) });
    const entry: Entry = {
      store,
      watch: this.#watch(conversationId, store),
      outbox: undefined,
      markedRead: 0,
      typingTimer: undefined,
    };
    this.#entries.set(conversationId, entry);
    this.#letOldestGo();
    return entry;
  }

  #watch(conversationId: string, store: Store<OpenConversation>): Watch {
    return this.options.connection.watch(conversationId, {
      onEvents: (events) => {
        const before = store.get().thread;
        store.update((open) => eventsArrived(open, events));
        // What was there before the chat was opened is no news.
        if (before.version > 0) this.options.onNews(conversationId, before, store.get().thread);
        const outbox = this.#entries.get(conversationId)?.outbox;
        for (const { actor, event } of events) {
          if (actor?.id !== this.options.userId) continue;
          if (event?.messageSent?.messageId)
            outbox?.confirm(event.messageSent.messageId, event.messageSent.clientSeq ?? 0);
          const noteId = event?.noteAdded?.noteId ?? event?.whisperSent?.whisperId;
          if (noteId) this.#notes.forget(noteId);
        }
      },
      // Of those in the chat only: that somebody looks on tells the visitor nothing.
      receipts: () => store.get().thread.agentIds.includes(this.options.userId),
    });
  }

  #outboxOf(conversationId: string, entry: Entry): Outbox {
    if (entry.outbox) return entry.outbox;
    const outbox = openOutbox({
      connection: this.options.connection,
      storage: this.#storage,
      prefix: this.options.prefix,
      conversationId,
      onChange: (items) => entry.store.update((open) => ({ ...open, outbox: items })),
    });
    entry.outbox = outbox;
    entry.store.update((open) => ({ ...open, outbox: outbox.items() }));
    return outbox;
  }

  /** A watch was refused. */
  #refused(error: ApiError): void {
    const about = error.details.violations?.find(({ field }) => field === 'watch.conversationId');
    const entry = this.#entries.get(about?.description ?? '');
    if (entry?.store.get().thread.version === 0)
      entry.store.update((open) => ({ ...open, error: refusalOf(error) }));
  }

  #letOldestGo(): void {
    for (const [id, entry] of this.#entries) {
      if (this.#entries.size <= MOST_OPEN) return;
      const { outbox, notes } = entry.store.get();
      if (outbox.length + notes.length === 0) this.#let(id);
    }
  }

  #let(id: string): void {
    const entry = this.#entries.get(id);
    entry?.watch.stop();
    entry?.outbox?.close();
    clearTimeout(entry?.typingTimer);
    this.#entries.delete(id);
  }
}
