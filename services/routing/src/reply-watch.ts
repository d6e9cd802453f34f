import { conversation, type Client, type routing } from '@parley/contracts';
import { ApiError, ErrorCode, type Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import { ownContext } from './context.js';
import { failsafeMs, type Chat, type RoutingState } from './domain.js';
import type { Domains } from './domains.js';
import { reportOf } from './inputs.js';
import type { RoutingStore } from './store.js';

const DEADLINE_MS = 5_000;

export interface ReplyWatchOptions {
  readonly domains: Pick<Domains, 'of'>;
  readonly conversations: Pick<
    Client<'parley.conversation.v1.ConversationInternalService'>,
    'requeueConversation'
  >;
  readonly store: Pick<RoutingStore, 'serving'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is known of the replies in one tenant's chats. */
class Tenant {
  readonly chats = new Map<string, routing.ReplyReport>();
  /** By agent, s. */
  readonly last = new Map<string, { readonly at: number; readonly seconds: number }>();

  take(report: routing.ReplyReport): void {
    const { conversationId, version, agents, lastReply } = report;
    if ((this.chats.get(conversationId)?.version ?? 0) > version) return;
    if (agents.length > 0) this.chats.set(conversationId, report);
    else this.chats.delete(conversationId);
    const at = lastReply?.at?.getTime() ?? 0;
    if (lastReply && at >= (this.last.get(lastReply.agentId)?.at ?? 0))
      this.last.set(lastReply.agentId, { at, seconds: lastReply.seconds });
  }
}

/**
 * Since when visitors wait for replies: tells the engine who is over the limit of their team and who has caught up, and
 * takes chats from agents who never wrote a first reply. Compared with the engine's state again and again, so that
 * nothing is lost when a call is.
 */
export class ReplyWatch {
  readonly #tenants = new Map<string, Tenant>();
  /** Domains of which nothing has been read yet. */
  readonly #unread = new Set<string>();

  constructor(private readonly options: ReplyWatchOptions) {}

  /** A domain was opened here: what was remembered of its chats is read before the next look at it. */
  takeOver(tenant: string): void {
    this.#unread.add(tenant);
  }

  /** Forgets the domains that are not open here any more. */
  keep(tenants: readonly string[]): void {
    const here = new Set(tenants);
    for (const tenant of this.#tenants.keys()) if (!here.has(tenant)) this.#tenants.delete(tenant);
  }

  /** What changed in chats of a tenant. */
  reported(tenant: string, reports: readonly routing.ReplyReport[]): void {
    const of = this.#of(tenant);
    for (const report of reports) of.take(report);
  }

  /** How long an agent's last reply took, s; undefined when none is known. */
  lastReplySeconds(tenant: string, agentId: string): number | undefined {
    return this.#tenants.get(tenant)?.last.get(agentId)?.seconds;
  }

  /** Carries out what has become due. Rejects when the store or routing's log does not answer. */
  async look(tenant: string, state: RoutingState): Promise<void> {
    if (this.#unread.has(tenant)) await this.#read(tenant);
    const now = this.options.clock.now();
    const { chats } = this.#of(tenant);
    for (const agent of state.agents.values())
      for (const conversationId of [...agent.overdue]) {
        const report = chats.get(conversationId);
        if (report && !report.awaitingSince) await this.#caughtUp(tenant, report, agent.id);
      }
    for (const report of [...chats.values()]) {
      const chat = state.chats.get(report.conversationId);
      if (chat?.phase !== 'active') continue;
      if (await this.#firstReplyIsMissing(tenant, state, chat, report, now)) continue;
      const late = overdue(state, report, now);
      if (late) await this.#overdue(tenant, report, late);
    }
  }

  async #read(tenant: string): Promise<void> {
    const docs = await this.options.store.serving(tenant);
    const of = this.#of(tenant);
    for (const doc of docs) of.take(reportOf(doc.id.slice(tenant.length + 1), doc));
    this.#unread.delete(tenant);
  }

  #of(tenant: string): Tenant {
    let known = this.#tenants.get(tenant);
    if (!known) this.#tenants.set(tenant, (known = new Tenant()));
    return known;
  }

  async #overdue(
    tenant: string,
    { conversationId, version }: routing.ReplyReport,
    late: Late,
  ): Promise<void> {
    const writer = await this.options.domains.of(tenant);
    const command = { kind: 'replyOverdue', conversationId, ...late } as const;
    await writer.execute(command, `${conversationId}-v${version}-late`, this.#deadline(), () => undefined);
  }

  async #caughtUp(
    tenant: string,
    { conversationId, version }: routing.ReplyReport,
    agentId: string,
  ): Promise<void> {
    const writer = await this.options.domains.of(tenant);
    const command = { kind: 'replyCaughtUp', conversationId, agentId } as const;
    await writer.execute(command, `${conversationId}-v${version}-back`, this.#deadline(), () => undefined);
  }

  /** True when the chat is being given to somebody else. What fails is tried again with the next look. */
  async #firstReplyIsMissing(
    tenant: string,
    state: RoutingState,
    chat: Chat,
    { conversationId, agents }: routing.ReplyReport,
    now: number,
  ): Promise<boolean> {
    const [agent] = agents;
    if (!agent || agents.length > 1 || agent.replied) return false;
    const limit = firstReplyMs(state, chat, agent.agentId);
    if (now - (agent.joinedAt?.getTime() ?? now) < limit) return false;
    const { agentId, joinedVersion } = agent;
    const reason = conversation.AgentLeft_Reason.REASON_NO_REPLY;
    const commandId = `${conversationId}-v${joinedVersion}-noreply`;
    try {
      await this.options.conversations.requeueConversation(
        { conversationId, commandId, agentId, reason },
        ownContext(tenant, this.options.clock),
      );
      this.options.logger.info(
        { tenant, conversationId, agentId },
        'an agent did not reply: back to the queue',
      );
    } catch (error) {
      // It is over, or not theirs: the conversation's events tell, as they would have.
      if (error instanceof ApiError && error.code === ErrorCode.notFound)
        this.#of(tenant).chats.delete(conversationId);
      else this.options.logger.warn({ err: error, tenant, conversationId }, 'not re-queued yet; again soon');
    }
    return true;
  }

  #deadline(): number {
    return this.options.clock.now() + DEADLINE_MS;
  }
}

/**
 * How long an agent may leave a chat without a first reply, ms. What is accepted for them says nothing of whether they are
 * there: where the queue does not say, the failsafe's time holds as for a chat that nobody has accepted.
 */
const firstReplyMs = (state: RoutingState, { queueId }: Chat, agentId: string): number => {
  const queue = state.queues.get(queueId);
  const seconds = queue?.config.firstReplySeconds ?? 0;
  if (seconds > 0) return seconds * 1000;
  return state.agents.get(agentId)?.team?.config.autoAccept ? failsafeMs(queue) : Infinity;
};

interface Late {
  readonly agentId: string;
  /** ms. */
  readonly since: number;
}

/** The agent whose reply a visitor has waited for too long, unless routing knows it. */
const overdue = (
  state: RoutingState,
  { conversationId, agents: [inCharge], awaitingSince }: routing.ReplyReport,
  now: number,
): Late | undefined => {
  const agent = inCharge && state.agents.get(inCharge.agentId);
  const limit = agent?.team?.config.latencyLimitSeconds ?? 0;
  if (!agent || limit === 0 || !awaitingSince || agent.overdue.has(conversationId)) return undefined;
  const since = Math.max(awaitingSince.getTime(), inCharge.joinedAt?.getTime() ?? 0);
  return now - since > limit * 1000 ? { agentId: agent.id, since } : undefined;
};
