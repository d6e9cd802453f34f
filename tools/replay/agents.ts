import {
  ApiError,
  connect,
  ErrorCode,
  fetchJson,
  isTransient,
  type Connection,
  type Methods,
} from '@parley/client';
import { randomBytes } from 'node:crypto';
import { persist, Signal, within } from './persist.js';
import type { Returns } from './returns.js';
import { PATIENCE_MS, Side, socketUrl, type Target } from './visitor.js';

export interface Admin {
  readonly email: string;
  readonly password: string;
}

/** The agent's end of one chat. */
export interface AgentChat {
  readonly side: Side;
  send(messageId: string, text: string, clientSeq: number): Promise<void>;
  close(commandId: string): Promise<void>;
  /** Stops following it; a socket may follow a bounded number of conversations. */
  leave(): void;
}

/** Agents at their desks: they accept every offer and answer when told to. */
export class Agents {
  readonly #connections: Connection[] = [];
  readonly #made: string[] = [];
  readonly #chats = new Map<string, Signal<AgentChat>>();
  #adminToken = '';
  readonly #watched = new Set<string>();

  constructor(
    private readonly target: Target,
    private readonly returns: Returns,
  ) {}

  /** Makes a queue of its own and agents for it, who can take `capacity` chats between them; signs them in. */
  async start(admin: Admin, count: number, capacity: number): Promise<void> {
    const { queueId } = this.target;
    const password = randomBytes(12).toString('base64url');
    this.#adminToken = await this.#login(admin.email, admin.password);
    await this.#asAdmin('parley.routing.v1.RoutingService/PutQueue', {
      commandId: queueId,
      queueId,
      name: `Replay ${queueId}`,
      offerTimeoutSeconds: 60,
    });
    for (let i = 0; i < count; i++) {
      const userId = `${queueId}-agent-${i}`;
      const email = `${userId}@replay.example`;
      await this.#asAdmin('parley.gateway.v1.TenantService/CreateUser', {
        userId,
        email,
        name: `Agent ${i + 1}`,
        role: 'agent',
        password,
      }).catch((error: unknown) => {
        // A repeated request after a lost answer.
        if (!(error instanceof ApiError && error.code === ErrorCode.alreadyExists)) throw error;
      });
      await this.#asAdmin('parley.routing.v1.RoutingService/PutAgent', {
        commandId: userId,
        agentId: userId,
        name: `Agent ${i + 1}`,
        capacity: Math.min(100, Math.ceil(capacity / count)),
        queueIds: [queueId],
      });
      this.#made.push(userId);
      await this.#signIn(userId, () => persist(() => this.#login(email, password)));
    }
  }

  get adminToken(): string {
    return this.#adminToken;
  }

  /** The agent's end of a conversation, once an offer for it was accepted. */
  chat(conversationId: string): Promise<AgentChat> {
    return within(this.#signal(conversationId).promise, PATIENCE_MS, `agent for ${conversationId}`);
  }

  /** Takes away what start made; the users stay, as somebody's words are theirs, but nobody can log in as them. */
  async tidy(): Promise<void> {
    const { queueId } = this.target;
    for (const userId of this.#made) {
      const commandId = `remove-${userId}`;
      await this.#asAdmin('parley.routing.v1.RoutingService/RemoveAgent', { commandId, agentId: userId });
      await this.#asAdmin('parley.gateway.v1.TenantService/UpdateUser', { userId, disabled: true });
    }
    await this.#asAdmin('parley.routing.v1.RoutingService/RemoveQueue', {
      commandId: `remove-${queueId}`,
      queueId,
    }).catch((error: unknown) => {
      // A tenant's only queue takes the chats that name none, so it cannot go.
      if (!(error instanceof ApiError && error.code === ErrorCode.failedPrecondition)) throw error;
    });
  }

  stop(): void {
    for (const connection of this.#connections) connection.close();
  }

  async #login(email: string, password: string): Promise<string> {
    const { tokens } = await fetchJson(this.target.http, 'parley.gateway.v1.AuthService/Login', {
      tenant: this.target.tenant,
      email,
      password,
    });
    return tokens?.accessToken ?? '';
  }

  #asAdmin<M extends keyof Methods>(method: M, request: Methods[M][0]): Promise<Methods[M][1]> {
    return persist(() => fetchJson(this.target.http, method, request, { token: this.#adminToken }));
  }

  async #signIn(userId: string, login: () => Promise<string>): Promise<void> {
    let token = await login();
    const connection = connect({
      url: socketUrl(this.target.socket),
      token: async ({ rejected }) => {
        if (rejected) token = await login();
        return token;
      },
    });
    this.#connections.push(connection);
    this.returns.follow(connection);
    const available = (): Promise<unknown> =>
      persist(() =>
        connection.call('parley.presence.v1.PresenceService/SetStatus', { status: 'AGENT_STATUS_AVAILABLE' }),
      );
    connection.on('offerChanged', ({ offer, state }) => {
      if (state !== 'STATE_PENDING' || !offer?.offerId) return;
      void this.#accept(connection, offer.offerId, offer.conversationId ?? '');
    });
    connection.on('agentPresence', ({ agentId, status }) => {
      // An offer timed out while this agent was cut off: back with one click.
      if (agentId === userId && status === 'AGENT_STATUS_NOT_RESPONDING') void available().catch(() => {});
    });
    await available();
  }

  async #accept(connection: Connection, offerId: string, conversationId: string): Promise<void> {
    try {
      await persist(
        () => connection.call('parley.routing.v1.RoutingService/AcceptOffer', { offerId }),
        60_000,
      );
    } catch (error) {
      // Gone meanwhile: routing offers the chat again.
      if (error instanceof ApiError && !isTransient(error)) return;
      throw error;
    }
    if (this.#watched.has(conversationId)) return;
    this.#watched.add(conversationId);
    const side = new Side();
    const watch = connection.watch(conversationId, { onEvents: side.onEvents });
    const service = 'parley.conversation.v1.ConversationService';
    this.#signal(conversationId).resolve({
      side,
      send: async (messageId, text, clientSeq) => {
        await persist(() =>
          connection.call(`${service}/SendMessage`, { conversationId, messageId, text, clientSeq }),
        );
      },
      leave: () => watch.stop(),
      close: async (commandId) => {
        const reason = 'CLOSE_REASON_RESOLVED' as const;
        await persist(() =>
          connection.call(`${service}/CloseConversation`, { conversationId, commandId, reason }),
        );
      },
    });
  }

  #signal(conversationId: string): Signal<AgentChat> {
    let signal = this.#chats.get(conversationId);
    if (!signal) this.#chats.set(conversationId, (signal = new Signal<AgentChat>()));
    return signal;
  }
}
