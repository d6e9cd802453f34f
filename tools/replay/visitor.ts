import { connect, type Connection, type events, fetchJson } from '@parley/client';
import type { Chat } from './chats.js';
import { persist, Signal, within } from './persist.js';
import type { Returns } from './returns.js';
import { Seen } from './score.js';

/** How long a chat may stand still before the replay gives it up. */
export const PATIENCE_MS = 180_000;

export interface Target {
  /** Origin of the gateway, such as http://localhost:8080. */
  readonly http: string;
  /** Origin that sockets use; the same unless something stands in between. */
  readonly socket: string;
  readonly tenant: string;
  readonly queueId: string;
}

export const socketUrl = (origin: string): string => `${origin.replace(/^http/, 'ws')}/ws`;

/** One side's view of a chat: what it was shown, and a way to wait for more. */
export class Side {
  readonly seen = new Seen();
  readonly closed = new Signal();
  readonly #waiting = new Map<string, Signal<number>>();
  readonly #shownAt = new Map<string, number>();

  readonly onEvents = (batch: readonly events.RecordedEvent[]): void => {
    for (const event of batch) {
      this.seen.add(event);
      const id = event.event?.messageSent?.messageId;
      if (id && !this.#shownAt.has(id)) {
        this.#shownAt.set(id, performance.now());
        this.#waiting.get(id)?.resolve(performance.now());
      }
      if (event.event?.closed) this.closed.resolve();
    }
  };

  /** When the message was shown to this side, in ms of performance.now(). */
  async shown(messageId: string): Promise<number> {
    const at = this.#shownAt.get(messageId);
    if (at !== undefined) return at;
    let signal = this.#waiting.get(messageId);
    if (!signal) this.#waiting.set(messageId, (signal = new Signal<number>()));
    return within(signal.promise, PATIENCE_MS, `message ${messageId}`);
  }
}

/** A visitor of one chat, with a session and a socket of their own. */
export class Visitor {
  readonly side = new Side();
  #connection!: Connection;
  #token = '';
  #unfollow = (): void => undefined;
  conversationId = '';

  constructor(
    private readonly target: Target,
    private readonly chat: Chat,
    private readonly messageIds: readonly string[],
    private readonly returns: Returns,
  ) {}

  /** Opens the chat with its first message; resolves once that is durable. */
  async start(): Promise<void> {
    const { http, socket, tenant, queueId } = this.target;
    const session = await persist(() =>
      fetchJson(http, 'parley.gateway.v1.AuthService/StartVisitorSession', { tenant, locale: 'en' }),
    );
    this.#token = session.token ?? '';
    this.#connection = connect({ url: socketUrl(socket), token: () => Promise.resolve(this.#token) });
    this.#unfollow = this.returns.follow(this.#connection);
    const started = await persist(() =>
      this.#connection.call('parley.conversation.v1.ConversationService/StartConversation', {
        commandId: `start-${this.messageIds[0]}`,
        channel: 'CHANNEL_WEB_CHAT',
        locale: 'en',
        page: { url: `${http}/demo/`, title: 'Replay' },
        queueId,
        messageId: this.messageIds[0],
        text: this.chat.turns[0]?.text,
      }),
    );
    this.conversationId = started.conversationId ?? '';
    this.#connection.watch(this.conversationId, { onEvents: this.side.onEvents });
  }

  async send(turn: number, clientSeq: number): Promise<void> {
    await persist(() =>
      this.#connection.call('parley.conversation.v1.ConversationService/SendMessage', {
        conversationId: this.conversationId,
        messageId: this.messageIds[turn],
        text: this.chat.turns[turn]?.text,
        clientSeq,
      }),
    );
  }

  /** Waits for the end of the chat, then rates it. */
  async rate(score: number): Promise<void> {
    await within(this.side.closed.promise, PATIENCE_MS, `end of ${this.conversationId}`);
    await persist(() =>
      this.#connection.call('parley.conversation.v1.ConversationService/RateConversation', {
        conversationId: this.conversationId,
        commandId: `rate-${this.messageIds[0]}`,
        score,
      }),
    );
  }

  leave(): void {
    this.#unfollow();
    this.#connection?.close();
  }
}
