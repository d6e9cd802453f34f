import { conversation, routing, type Client } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import { ownContext } from './context.js';
import type { Agent, Assignment, Chat, RoutingState } from './domain.js';

/** How long an agent's connection may be gone when the queue does not say, ms. */
const GRACE_MS = 60_000;
/** A chat that is held for its agent is held for so long, ms. */
const HOLD_MS = 600_000;
const MOST_TOLD = 10_000;

/**
 * Lets go of the chats of agents who are gone: each goes back to its queue, with the visitor still in it, or is held for
 * the agent for a while, as its queue has it. What is found here is compared again and again, so a lost call is repeated.
 */
export class GoneAgents {
  /** Which holds have been told. */
  readonly #told = new Set<string>();

  constructor(
    private readonly conversations: Pick<
      Client<'parley.conversation.v1.ConversationInternalService'>,
      'releaseAgent' | 'informVisitor'
    >,
    private readonly clock: Clock,
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
  ) {}

  /**
   * One look at a domain. Agents without a socket who went offline are taken out of their chats at once; those who only
   * lost their connection, or took the chat while they were offline (a supervisor, a program), after the grace time of
   * the queue. The conversations say so themselves, and their queue entries free what routing holds. What fails is tried
   * again with the next call.
   */
  async release(tenant: string, state: RoutingState): Promise<void> {
    const now = this.clock.now();
    for (const agent of state.agents.values()) {
      if (agent.online || agent.chats.size === 0) continue;
      const since = goneSince(agent, now);
      const offline = agent.reported === routing.AgentStatus.AGENT_STATUS_OFFLINE;
      for (const conversationId of [...agent.chats]) {
        const chat = state.chats.get(conversationId);
        const assignment = chat?.assignments.find(({ agentId }) => agentId === agent.id);
        if (!chat || !assignment) continue;
        const leftSince = offline && agent.statusSince >= assignment.acceptedAt;
        const goneMs = now - Math.max(since, assignment.acceptedAt);
        const what = leftSince ? 'release' : dueFor(state, chat, goneMs);
        if (what === 'release') await this.#release(tenant, chat, assignment);
        if (what === 'hold') await this.#hold(tenant, chat, assignment, since);
      }
    }
  }

  async #release(tenant: string, chat: Chat, assignment: Assignment): Promise<void> {
    const { id: conversationId } = chat;
    const { agentId } = assignment;
    try {
      // Once for each acceptance: who comes back and accepts again is not taken out by a repetition.
      const request = { conversationId, agentId, commandId: `${nameOf(chat, assignment)}-gone` };
      await this.conversations.releaseAgent(request, ownContext(tenant, this.clock));
      this.logger.info({ tenant, conversationId, agentId }, 'a chat was taken from an agent who is gone');
    } catch (error) {
      this.logger.warn({ err: error, tenant, conversationId }, 'a gone agent is still in a chat; again soon');
    }
  }

  /** The visitor is told once that their agent is expected back. */
  async #hold(tenant: string, chat: Chat, assignment: Assignment, since: number): Promise<void> {
    const { id: conversationId } = chat;
    const held = `${nameOf(chat, assignment)}-held${Math.floor(since / 1000).toString(36)}`;
    if (this.#told.has(held)) return;
    try {
      const next = conversation.VisitorInformed_Next.NEXT_AGENT_HELD;
      const informed = { next, times: 1, queueId: chat.queueId };
      const request = { conversationId, commandId: held, informed };
      await this.conversations.informVisitor(request, ownContext(tenant, this.clock));
      this.#told.add(held);
      for (const oldest of this.#told) if (this.#told.size > MOST_TOLD) this.#told.delete(oldest);
    } catch (error) {
      this.logger.warn({ err: error, tenant, conversationId }, 'a visitor was not told yet; again soon');
    }
  }
}

/**
 * Since when an agent's connection is gone, ms; 0: they never had one. It is in the log, so every owner of the domain
 * counts the same time. Presence dates what it tells by its revisions; a status set since then begins the time anew.
 */
const goneSince = ({ revision }: Agent, now: number): number => Math.min(Number(revision), now);

/** Names an acceptance: the offer, or the chat with the time when there was none. */
const nameOf = (chat: Chat, { offerId, acceptedAt }: Assignment): string =>
  offerId || `${chat.id}-a${acceptedAt.toString(36)}`;

const dueFor = (state: RoutingState, { queueId }: Chat, goneMs: number): 'release' | 'hold' | 'nothing' => {
  const queue = state.queues.get(queueId)?.config;
  const graceMs = queue?.disconnectGraceSeconds ? queue.disconnectGraceSeconds * 1000 : GRACE_MS;
  if (goneMs < graceMs) return 'nothing';
  if (queue?.disconnectPolicy !== routing.DisconnectPolicy.DISCONNECT_POLICY_HOLD) return 'release';
  return goneMs < HOLD_MS ? 'hold' : 'release';
};
