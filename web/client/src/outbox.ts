import { ApiError, ErrorCode } from '@parley/kernel';
import type { Connection } from './connection.js';
import { isTransient } from './errors.js';
import { newId } from './ids.js';
import { backoffMs, platformRuntime, type Runtime } from './runtime.js';
import type { OutboxStorage } from './storage.js';

/** A message that was not acknowledged yet. */
export interface OutboxItem {
  readonly messageId: string;
  readonly text: string;
  /** Empty until the conversation that the first message starts is known. */
  readonly conversationId: string;
  /** The count it was last sent with; 0 before the first try. */
  readonly clientSeq: number;
  /** When it was typed, in ms since the epoch. */
  readonly typedAt: number;
  /** Why it cannot be sent, when the gateway refused it for good; it waits for retry or discard. */
  readonly refused?: string;
  /** The same for programs: code and reason of the error. */
  readonly refusal?: { readonly code: ErrorCode; readonly reason: string };
}

export interface OutboxOptions {
  connection: Pick<Connection, 'call' | 'on' | 'state'>;
  storage: OutboxStorage;
  /** Start of the storage keys: one per person, such as `parley.demo.<contact>.`. */
  prefix: string;
  /** Undefined: the first message starts one. */
  conversationId?: string;
  /**
   * Starts the conversation with the first message. `created` false: one was open already, and the message is then
   * sent to it. Called again with the same item after a failure, so its command id must come from the item.
   */
  start?: (first: OutboxItem) => Promise<{ conversationId: string; created: boolean }>;
  /** The sender's count in this conversation, when known; asked for otherwise. */
  clientSeq?: number;
  onChange?: (items: readonly OutboxItem[]) => void;
  onSent?: (item: OutboxItem) => void;
  runtime?: Pick<Runtime, 'now' | 'setTimer' | 'clearTimer' | 'random'>;
}

/** The messages of one person in one conversation on their way: sent once, in order, one in flight. */
export interface Outbox {
  readonly conversationId: string | undefined;
  /** What is not acknowledged yet, oldest first. */
  items(): readonly OutboxItem[];
  /** Puts a message behind those that wait. Never fails for want of a network. */
  send(text: string): OutboxItem;
  /** Tries a refused message again. */
  retry(messageId: string): void;
  discard(messageId: string): void;
  /** Tells of an own message that was seen in the log: it is done, whoever (another tab) got the reply. */
  confirm(messageId: string, clientSeq: number): void;
  close(): void;
}

const REPLY_MS = 15_000;
const SERVICE = 'parley.conversation.v1.ConversationService';

/**
 * Gives what one person has not sent to another, whom they turned out to be; close their outbox first. What was meant
 * for another conversation than `conversationId`, the new person's, goes there or, when there is none, starts one.
 */
export const moveOutbox = (storage: OutboxStorage, from: string, to: string, conversationId = ''): void => {
  for (const value of storage.list(keyOf(from, ''))) {
    const item = JSON.parse(value) as OutboxItem;
    const meant = item.conversationId === conversationId ? conversationId : '';
    // The count is the sender's own, and this is another sender; the message's id keeps it from being there twice.
    const moved: OutboxItem = { ...item, conversationId: meant, clientSeq: 0 };
    storage.set(keyOf(to, item.messageId), JSON.stringify(moved));
    storage.remove(keyOf(from, item.messageId));
  }
};

const keyOf = (prefix: string, messageId: string): string => `${prefix}outbox.${messageId}`;

/** Opens the outbox of a conversation and goes on with what an earlier page left in the storage. */
export const openOutbox = (options: OutboxOptions): Outbox => new ConversationOutbox(options);

class ConversationOutbox implements Outbox {
  conversationId: string | undefined;
  #clientSeq: number | undefined;
  #draining = false;
  #closed = false;
  #failures = 0;
  #wake: (() => void) | undefined;
  readonly #runtime: NonNullable<OutboxOptions['runtime']>;
  readonly #stopListening: () => void;

  constructor(private readonly options: OutboxOptions) {
    this.conversationId = options.conversationId;
    this.#clientSeq = options.clientSeq;
    this.#runtime = options.runtime ?? platformRuntime;
    this.#stopListening = options.connection.on('welcome', () => this.#wake?.());
    void this.#drain();
  }

  items(): readonly OutboxItem[] {
    return this.options.storage
      .list(this.#prefix)
      .map((value) => JSON.parse(value) as OutboxItem)
      .filter((item) => item.conversationId === '' || item.conversationId === this.conversationId);
  }

  send(text: string): OutboxItem {
    const typedAt = this.#runtime.now();
    const item: OutboxItem = {
      messageId: newId(typedAt),
      text,
      conversationId: this.conversationId ?? '',
      clientSeq: 0,
      typedAt,
    };
    this.#put(item);
    void this.#drain();
    return item;
  }

  retry(messageId: string): void {
    const item = this.items().find((entry) => entry.messageId === messageId);
    if (!item) return;
    this.#put({ ...item, refused: undefined, refusal: undefined });
    void this.#drain();
  }

  discard(messageId: string): void {
    this.options.storage.remove(this.#prefix + messageId);
    this.#changed();
  }

  confirm(messageId: string, clientSeq: number): void {
    if (this.#clientSeq !== undefined) this.#clientSeq = Math.max(this.#clientSeq, clientSeq);
    const item = this.items().find((entry) => entry.messageId === messageId);
    if (item) this.#done(item);
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#wake?.();
  }

  get #prefix(): string {
    return keyOf(this.options.prefix, '');
  }

  #put(item: OutboxItem): void {
    this.options.storage.set(this.#prefix + item.messageId, JSON.stringify(item));
    this.#changed();
  }

  #done(item: OutboxItem): void {
    this.options.storage.remove(this.#prefix + item.messageId);
    this.options.onSent?.(item);
    this.#changed();
  }

  #changed(): void {
    if (!this.#closed) this.options.onChange?.(this.items());
  }

  #head(): OutboxItem | undefined {
    return this.#closed ? undefined : this.items().find((item) => !item.refused);
  }

  async #drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    try {
      // The head is read again under the lock: another tab may have sent it meanwhile.
      while (this.#head()) {
        const lock = this.#prefix + (this.conversationId ?? '');
        const failure = await this.options.storage.exclusively(lock, async () => {
          const head = this.#head();
          return head && this.#attempt(head);
        });
        if (failure) await this.#pause(failure);
      }
    } finally {
      this.#draining = false;
    }
  }

  /** One try; returns the error after which to pause, if any. */
  async #attempt(item: OutboxItem): Promise<Error | undefined> {
    try {
      if (this.conversationId === undefined) await this.#start(item);
      else await this.#sendTo(this.conversationId, item);
      this.#failures = 0;
    } catch (error) {
      this.#failures++;
      if (isTransient(error)) return error as Error;
      if (!(await this.#outOfStep(item, error))) this.#refuse(item, error);
    }
    return undefined;
  }

  async #start(item: OutboxItem): Promise<void> {
    if (!this.options.start) throw new Error('An outbox without a conversation needs the option start.');
    const { conversationId, created } = await this.options.start(item);
    this.conversationId = conversationId;
    if (!created) return;
    this.#clientSeq = 1;
    this.#done(item);
  }

  async #sendTo(conversationId: string, item: OutboxItem): Promise<void> {
    const last = (this.#clientSeq ??= await this.#askClientSeq(conversationId));
    const repeated = item.clientSeq > 0 && item.clientSeq <= last;
    const sending = { ...item, conversationId, clientSeq: repeated ? item.clientSeq : last + 1 };
    if (sending.clientSeq !== item.clientSeq) this.#put(sending);
    const { messageId, text, clientSeq } = sending;
    await this.#call('SendMessage', { conversationId, messageId, text, clientSeq });
    this.#clientSeq = Math.max(this.#clientSeq ?? 0, clientSeq);
    if (this.items().some((entry) => entry.messageId === messageId)) this.#done(sending);
  }

  async #askClientSeq(conversationId: string): Promise<number> {
    const { conversation } = await this.#call('GetConversation', { conversationId });
    return conversation?.ownClientSeq ?? 0;
  }

  /** Whether the refusal came from a count that another tab or device moved on; the next try uses the right one. */
  async #outOfStep(item: OutboxItem, error: unknown): Promise<boolean> {
    const conversationId = this.conversationId;
    if (!(error instanceof ApiError) || error.code !== ErrorCode.failedPrecondition || !conversationId)
      return false;
    const sent = this.items().find((entry) => entry.messageId === item.messageId)?.clientSeq;
    try {
      this.#clientSeq = await this.#askClientSeq(conversationId);
    } catch (failure) {
      return isTransient(failure);
    }
    if (sent === undefined || sent === this.#clientSeq + 1) return false;
    this.#put({ ...item, conversationId, clientSeq: 0 });
    return true;
  }

  #refuse(item: OutboxItem, error: unknown): void {
    const refused = error instanceof Error ? error.message : String(error);
    const [code, reason] =
      error instanceof ApiError ? [error.code, error.details.reason ?? ''] : [ErrorCode.unknown, ''];
    this.#put({ ...item, clientSeq: 0, refused, refusal: { code, reason } });
  }

  /** Waits for the backoff, or less when the connection is back before. */
  #pause(error: Error): Promise<void> {
    const asked = error instanceof ApiError ? error.details.retryAfterMs : undefined;
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#runtime.clearTimer(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = this.#runtime.setTimer(
        finish,
        asked ?? backoffMs(this.#failures, this.#runtime.random()),
      );
      this.#wake = finish;
      if (this.#closed) finish();
    });
  }

  readonly #call = <M extends 'SendMessage' | 'GetConversation'>(
    method: M,
    request: Parameters<typeof this.options.connection.call<`${typeof SERVICE}/${M}`>>[1],
  ) => this.options.connection.call(`${SERVICE}/${method}`, request, { timeoutMs: REPLY_MS });
}
