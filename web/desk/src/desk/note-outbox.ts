import {
  ApiError,
  backoffMs,
  type Connection,
  isTransient,
  newId,
  type OutboxStorage,
  platformRuntime,
  type Runtime,
} from '@parley/client';
import type { PendingNote } from '../state/conversation.js';
import { refusalOf } from '../state/refusal.js';
import { serverNow } from './clock.js';

const REPLY_MS = 15_000;
const SERVICE = 'parley.conversation.v1.ConversationService';

interface StoredNote extends PendingNote {
  readonly conversationId: string;
}

export interface NoteOutboxOptions {
  readonly connection: Pick<Connection, 'call' | 'on'>;
  readonly storage: OutboxStorage;
  /** Start of the storage keys of this person. */
  readonly prefix: string;
  /** Hears of a note that was begun, refused or begun again. */
  readonly onPending: (conversationId: string, note: PendingNote) => void;
  readonly runtime?: Pick<Runtime, 'setTimer' | 'clearTimer' | 'random'>;
}

/**
 * One person's notes and whispers on their way, over reloads: sent in order by conversation, again until they are
 * acknowledged. Their ids are given here, so that each is there once however often it is sent.
 */
export class NoteOutbox {
  readonly #runtime: NonNullable<NoteOutboxOptions['runtime']>;
  /** Conversations whose notes are being sent. */
  readonly #sending = new Set<string>();
  /** Ends the pauses before further tries. */
  readonly #wakes = new Set<() => void>();
  readonly #stopListening: () => void;
  #closed = false;

  /** Goes on with what an earlier page left in the storage. */
  constructor(private readonly options: NoteOutboxOptions) {
    this.#runtime = options.runtime ?? platformRuntime;
    this.#stopListening = options.connection.on('welcome', () => this.#wake());
    for (const id of this.conversations()) void this.#drain(id);
  }

  /** Conversations in which notes are on their way. */
  conversations(): ReadonlySet<string> {
    return new Set(this.#stored().map(({ conversationId }) => conversationId));
  }

  /** What is on its way in a conversation, oldest first. */
  notes(conversationId: string): readonly PendingNote[] {
    return this.#stored().filter((note) => note.conversationId === conversationId);
  }

  add(conversationId: string, text: string, kind: PendingNote['kind']): void {
    this.#put({ conversationId, kind, noteId: newId(), text, time: serverNow() });
    void this.#drain(conversationId);
  }

  /** Tries a refused note again. */
  retry(noteId: string): void {
    const found = this.#stored().find((note) => note.noteId === noteId);
    if (!found) return;
    const { failed: _failed, ...note } = found;
    this.#put(note);
    void this.#drain(note.conversationId);
  }

  /** Forgets a note: it was discarded, or seen in the log, whoever (another tab) got the reply. */
  forget(noteId: string): void {
    this.options.storage.remove(this.#prefix + noteId);
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#wake();
  }

  get #prefix(): string {
    return `${this.options.prefix}note.`;
  }

  #stored(): readonly StoredNote[] {
    return this.options.storage.list(this.#prefix).map((value) => JSON.parse(value) as StoredNote);
  }

  #put(note: StoredNote): void {
    this.options.storage.set(this.#prefix + note.noteId, JSON.stringify(note));
    const { conversationId, ...pending } = note;
    this.options.onPending(conversationId, pending);
  }

  #head(conversationId: string): StoredNote | undefined {
    if (this.#closed) return undefined;
    return this.#stored().find((note) => note.conversationId === conversationId && !note.failed);
  }

  async #drain(conversationId: string): Promise<void> {
    if (this.#sending.has(conversationId)) return;
    this.#sending.add(conversationId);
    try {
      for (let failures = 0; this.#head(conversationId);) {
        // The head is read again under the lock: another tab may have sent it meanwhile.
        const failure = await this.options.storage.exclusively(this.#prefix + conversationId, async () => {
          const head = this.#head(conversationId);
          return head && this.#attempt(head);
        });
        failures = failure ? failures + 1 : 0;
        if (failure) await this.#pause(failure, failures);
      }
    } finally {
      this.#sending.delete(conversationId);
    }
  }

  /** One try; returns the error after which to pause, if any. */
  async #attempt(note: StoredNote): Promise<Error | undefined> {
    try {
      await this.#send(note);
    } catch (error) {
      if (isTransient(error)) return error as Error;
      // Discarded, or seen in the log, while it was under way.
      const gone = !this.#stored().some(({ noteId }) => noteId === note.noteId);
      if (!gone) this.#put({ ...note, failed: refusalOf(error) });
      return undefined;
    }
    this.forget(note.noteId);
    return undefined;
  }

  async #send({ conversationId, kind, noteId, text }: StoredNote): Promise<void> {
    const { connection } = this.options;
    const patience = { timeoutMs: REPLY_MS };
    if (kind === 'note')
      await connection.call(`${SERVICE}/AddNote`, { conversationId, noteId, text }, patience);
    else
      await connection.call(
        `${SERVICE}/WhisperToAgent`,
        { conversationId, whisperId: noteId, text },
        patience,
      );
  }

  /** Waits for the backoff, or less when the connection is back before. */
  #pause(error: Error, failures: number): Promise<void> {
    const asked = error instanceof ApiError ? error.details.retryAfterMs : undefined;
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#runtime.clearTimer(timer);
        this.#wakes.delete(finish);
        resolve();
      };
      const timer = this.#runtime.setTimer(finish, asked ?? backoffMs(failures, this.#runtime.random()));
      this.#wakes.add(finish);
      if (this.#closed) finish();
    });
  }

  #wake(): void {
    for (const wake of [...this.#wakes]) wake();
  }
}
