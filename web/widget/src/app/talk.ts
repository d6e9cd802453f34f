import {
  type Connection,
  type events,
  type Methods,
  openOutbox,
  type Outbox,
  type OutboxItem,
  type Watch,
} from '@parley/client';
import { type Command, CONVERSATION, openConnection, startRequest } from './deeds.js';
import type { VisitorSession } from './session.js';
import type { ChatState, Prechat } from './state.js';
import { emptyThread } from './thread.js';
import { unsentPrefix, unsentStorage } from './unsent.js';
import type { Page } from '../protocol.js';

/** What a talk needs of the chat around it. */
export interface Around {
  readonly tenant: string;
  readonly locale: () => string;
  readonly session: VisitorSession;
  /** Whether there may be a connection yet, or still. */
  readonly mayConnect: () => boolean;
  readonly prechat: () => Prechat;
  readonly page: () => Page;
  readonly set: (change: Partial<ChatState>) => void;
  readonly begun: () => boolean;
  readonly received: (all: readonly events.RecordedEvent[]) => void;
  readonly typing: (typing: boolean) => void;
  /** Events up to this version have reached an agent's desk. */
  readonly arrivedThere: (version: number) => void;
  readonly welcomed: () => void;
  readonly left: () => void;
}

/** The connection of this tab, the conversation that it follows, and what is on its way there. */
export class Talk {
  connection: Connection | undefined;
  outbox: Outbox | undefined;
  conversationId: string | undefined;
  #watch: Watch | undefined;

  constructor(private readonly around: Around) {}

  connect(): void {
    const { session, locale, set, welcomed, typing, arrivedThere } = this.around;
    if (this.connection || !this.around.mayConnect()) return;
    const connection = openConnection(session, locale);
    this.connection = connection;
    connection.on('state', (state) => set({ connection: state }));
    connection.on('welcome', welcomed);
    connection.on('typing', (heard) => {
      if (heard.conversationId !== this.conversationId || heard.byVisitor) return;
      if (heard.receivedVersion) arrivedThere(heard.receivedVersion);
      else typing(heard.typing ?? false);
    });
    set({ connection: connection.state });
    if (this.conversationId) this.follow(this.conversationId);
    else this.openOutbox();
  }

  /** `begun` as for `leave`. */
  disconnect(begun = false): void {
    this.leave(begun);
    this.connection?.close();
    this.connection = undefined;
  }

  /** Lets go of the conversation; what waits to be sent stays stored. `begun`: another one follows at once. */
  leave(begun = false): void {
    this.#watch?.stop();
    this.#watch = undefined;
    this.outbox?.close();
    this.outbox = undefined;
    this.conversationId = undefined;
    this.around.left();
    this.around.set({
      thread: emptyThread,
      outbox: [],
      begun,
      position: 0,
      wait: undefined,
      typing: undefined,
    });
  }

  follow(conversationId: string): void {
    if (this.conversationId !== conversationId) this.leave(true);
    this.conversationId = conversationId;
    this.around.session.remember(conversationId);
    this.around.set({ begun: true });
    if (!this.connection) return;
    this.#watch ??= this.connection.watch(conversationId, {
      onEvents: this.around.received,
      receipts: () => true,
    });
    if (!this.outbox) this.openOutbox();
  }

  openOutbox(): void {
    const { session, tenant, set, begun } = this.around;
    const { visit } = session;
    if (!this.connection || this.outbox || !visit) return;
    this.outbox = openOutbox({
      connection: this.connection,
      storage: unsentStorage,
      prefix: unsentPrefix(tenant, visit.contactId),
      ...(this.conversationId ? { conversationId: this.conversationId } : {}),
      start: (first) => this.start(first),
      onChange: (outbox) => set({ outbox }),
    });
    const outbox = this.outbox.items();
    set({ outbox, begun: begun() || outbox.length > 0 });
  }

  /** Starts a conversation with this message, or finds the one that is open, and follows it. */
  async start(
    first: Pick<OutboxItem, 'messageId' | 'text'>,
    leaveMessage = false,
  ): Promise<{ conversationId: string; created: boolean }> {
    const { prechat, page, locale } = this.around;
    const request = startRequest(first, prechat(), page(), locale());
    const answer = await this.call(
      'StartConversation',
      leaveMessage ? { ...request, leaveMessage } : request,
    );
    const { conversationId = '', created = false } = answer;
    this.follow(conversationId);
    return { conversationId, created };
  }

  /** Rejects with ApiError; answered with nothing when there can be no connection. */
  async call<M extends Command>(
    method: M,
    request: Methods[`${typeof CONVERSATION}/${M}`][0],
  ): Promise<Methods[`${typeof CONVERSATION}/${M}`][1]> {
    this.connect();
    return (await this.connection?.call(`${CONVERSATION}/${method}`, request)) ?? {};
  }

  /** Resolves once nothing waits to be sent; rejects when that takes too long. */
  async allSent(): Promise<void> {
    for (let i = 0; this.outbox?.items().some(({ refused }) => !refused); i++) {
      if (i === SENT_TRIES) throw new Error('What was written before could not be sent yet.');
      await new Promise((resolve) => setTimeout(resolve, SENT_EVERY_MS));
    }
  }
}

const SENT_EVERY_MS = 100;
const SENT_TRIES = 100;
