import { conversation, routing, type Client } from '@parley/contracts';
import { ApiError, ErrorCode, type Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import { ownContext } from './context.js';
import type { Chat, RoutingState } from './domain.js';
import type { Domains } from './domains.js';
import type { DomainWriter } from './writer.js';

/** Chats compared in one sweep of a domain at most; the next sweep goes on behind them. */
const PER_SWEEP = 200;
/** Younger than this, the two logs may well differ: the command between them is under way. */
const SETTLED_MS = 30_000;
const PAGES = 5;

export interface SweeperOptions {
  readonly conversations: Pick<
    Client<'parley.conversation.v1.ConversationService'>,
    'getConversation' | 'listInbox'
  >;
  /** A conversation's last entry into a queue, from its log. */
  readonly entryOf: (
    tenant: string,
    conversationId: string,
  ) => Promise<routing.ConversationEnqueued | undefined>;
  readonly domains: Pick<Domains, 'of'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onMended: (kind: Difference) => void;
}

/** Routing held a chat that is over, unknown, or without that agent; or did not hold one that waits. */
export type Difference = 'ended' | 'left' | 'unknown' | 'lost';

type Held = Pick<Chat, 'id' | 'phase'> & { readonly agentIds: readonly string[] };

const lastChangeOf = ({ enteredAt, assignments }: Chat): number =>
  Math.max(enteredAt, ...assignments.map(({ acceptedAt }) => acceptedAt));

/** Compares what routing holds with what conversations say of themselves, and mends what differs. */
export class Sweeper {
  readonly #behind = new Map<string, string>();

  constructor(private readonly options: SweeperOptions) {}

  /** One sweep of a domain; rejects when a service does not answer. */
  async sweep(tenant: string): Promise<void> {
    const { domains, clock } = this.options;
    const writer = await domains.of(tenant);
    const held = await writer.read(clock.now() + 5_000, (state) => {
      const settled = clock.now() - SETTLED_MS;
      const all = [...state.chats.values()].filter((c) => lastChangeOf(c) < settled);
      return this.#next(tenant, all);
    });
    for (const chat of held) await this.#compare(tenant, writer, chat);
    await this.#findLost(tenant, writer);
  }

  /** Conversations that say they wait, while routing does not hold them. */
  async #findLost(tenant: string, writer: DomainWriter): Promise<void> {
    const { conversations, clock } = this.options;
    let cursor = '';
    for (let i = 0; i < PAGES; i++) {
      const { rows, nextCursor } = await conversations.listInbox(
        { scope: conversation.InboxScope.INBOX_SCOPE_QUEUE, queueId: '', page: { limit: PER_SWEEP, cursor } },
        ownContext(tenant, clock),
      );
      for (const row of rows)
        if (row.queuedSince && row.queuedSince.getTime() < clock.now() - SETTLED_MS)
          await this.#enqueueIfLost(tenant, writer, row);
      if (!nextCursor) return;
      cursor = nextCursor;
    }
  }

  async #enqueueIfLost(tenant: string, writer: DomainWriter, row: conversation.InboxRow): Promise<void> {
    const { conversationId } = row;
    const deadline = this.options.clock.now() + 5_000;
    const held = (state: RoutingState): boolean => {
      const phase = state.chats.get(conversationId)?.phase;
      return phase !== undefined && phase !== 'detached';
    };
    if (await writer.read(deadline, held)) return;
    const entry = await this.options.entryOf(tenant, conversationId);
    if (!entry) return;
    // Dropped when it is older than what routing knows: the inbox may be late.
    if (await writer.execute({ kind: 'enqueue', entry }, '', deadline, held))
      this.#mended(tenant, conversationId, 'lost');
  }

  #mended(tenant: string, conversationId: string, kind: Difference): void {
    this.options.onMended(kind);
    this.options.logger.warn(
      { tenant, conversationId, kind },
      'routing and the conversation differed; mended',
    );
  }

  /** The next chats in the order of their ids, from the start again at the end. */
  #next(tenant: string, chats: readonly Chat[]): Held[] {
    const last = this.#behind.get(tenant) ?? '';
    const next = chats
      .filter(({ id }) => id > last)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, PER_SWEEP)
      .map(({ id, phase, assignments }) => ({
        id,
        phase,
        agentIds: assignments.map(({ agentId }) => agentId),
      }));
    const end = next.at(-1);
    if (end && next.length === PER_SWEEP) this.#behind.set(tenant, end.id);
    else this.#behind.delete(tenant);
    return next;
  }

  async #compare(tenant: string, writer: DomainWriter, chat: Held): Promise<void> {
    const { REASON_CLOSED, REASON_AGENT_LEFT, REASON_JOIN_REFUSED } = routing.AssignmentEnded_Reason;
    const found = await this.#conversation(tenant, chat.id);
    if (!found) return this.#end(tenant, writer, chat, '', REASON_CLOSED, 0, 'unknown');
    const { state, version, agentIds } = found;
    if (state === conversation.ConversationState.CONVERSATION_STATE_CLOSED)
      return this.#end(tenant, writer, chat, '', REASON_CLOSED, version, 'ended');
    // One that waits may be the entry that routing gave them from: it has to wait here again, as if they never joined.
    const waits = state === conversation.ConversationState.CONVERSATION_STATE_QUEUED;
    const [reason, known] = waits ? [REASON_JOIN_REFUSED, 0] : [REASON_AGENT_LEFT, version];
    for (const agentId of chat.agentIds)
      if (!agentIds.includes(agentId)) await this.#end(tenant, writer, chat, agentId, reason, known, 'left');
  }

  async #conversation(
    tenant: string,
    conversationId: string,
  ): Promise<conversation.Conversation | undefined> {
    try {
      const context = ownContext(tenant, this.options.clock);
      return (await this.options.conversations.getConversation({ conversationId }, context)).conversation;
    } catch (error) {
      if (error instanceof ApiError && error.code === ErrorCode.notFound) return undefined;
      throw error;
    }
  }

  async #end(
    tenant: string,
    writer: DomainWriter,
    { id: conversationId, phase }: Held,
    agentId: string,
    reason: routing.AssignmentEnded_Reason,
    sourceVersion: number,
    kind: Difference,
  ): Promise<void> {
    const command = {
      kind: 'endConversation',
      conversationId,
      reason,
      agentId,
      sourceVersion,
    } as const;
    const deadline = this.options.clock.now() + 5_000;
    const changed = await writer.execute(command, '', deadline, (state) => {
      const chat = state.chats.get(conversationId);
      if (agentId) return !chat?.assignments.some((each) => each.agentId === agentId);
      return chat?.phase !== phase;
    });
    if (changed) this.#mended(tenant, conversationId, kind);
  }
}
