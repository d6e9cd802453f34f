import {
  type Client,
  presence,
  presenceLiveSubject,
  type routing,
  sessionDeltaSubject,
  sessionSnapshotSubject,
} from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import type { Bus, BusSubscription } from '@parley/messaging';
import type { Logger } from '@parley/telemetry';
import { type AgentEntry, type Effect, type Limits, Roster } from './domain.js';
import { type Changes, GatewaySessions } from './gateways.js';
import { RoutingFeed } from './routing-feed.js';
import { type AgentDoc, docId, type PresenceStore } from './store.js';
import { Visitors } from './visitors.js';

export interface PartitionDeps {
  readonly bus: Bus;
  readonly store: PresenceStore;
  readonly routing: Pick<Client<'parley.routing.v1.RoutingInternalService'>, 'setAgentPresence'>;
  readonly conversations: Pick<Client<'parley.conversation.v1.ConversationInternalService'>, 'visitorLeft'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: Limits;
}

interface TenantEntry {
  readonly roster: Roster;
  readonly feed: RoutingFeed;
}

const TICK_MS = 500;
/** Routing gets the full state this often, whatever it has been told. */
const FULL_STATE_MS = 30_000;
const SWEEP_MS = 600_000;
const VISITOR_LEFT_DEADLINE_MS = 10_000;

/** Everything of one partition: the rosters of its tenants, fed by gateways and commands. One owner at a time. */
export class PresencePartition {
  readonly visitors: Visitors;
  readonly #tenants = new Map<string, TenantEntry>();
  readonly #gateways = new GatewaySessions();
  readonly #asking = new Set<string>();
  #subscription: BusSubscription | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #fullStateAt = 0;
  #sweepAt = 0;

  constructor(
    readonly partition: number,
    private readonly deps: PartitionDeps,
  ) {
    this.visitors = new Visitors(partition, deps.store.visitors);
  }

  /** Takes over: what is stored, then the sockets of every gateway that has a lease. */
  async start(gatewayIds: readonly string[]): Promise<void> {
    const now = this.deps.clock.now();
    await this.#restore(now);
    this.#subscription = this.deps.bus.subscribe(sessionDeltaSubject(this.partition), ({ data }) =>
      this.#onDelta(presence.SessionDelta.decode(data)),
    );
    await this.deps.bus.flush();
    await Promise.all(gatewayIds.map((id) => this.askSnapshot(id)));
    this.#timer = setInterval(() => void this.#tick(), TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#subscription?.drain();
    for (const { feed } of this.#tenants.values()) feed.stop();
    await this.visitors.flush();
  }

  roster(tenant: string): Roster {
    return this.#tenant(tenant).roster;
  }

  /** Carries out what a change of a roster asks for; resolves once agents' statuses are stored. */
  async carryOut(tenant: string, effects: readonly Effect[]): Promise<void> {
    const agents = new Set<AgentEntry>();
    for (const effect of effects)
      if (effect.kind === 'agent-changed') agents.add(effect.agent);
      else if (effect.kind === 'visitor-left') this.#tellLeft(tenant, effect);
      else {
        const { contactId, conversationId, lastContactAt } = effect.visitor;
        void this.visitors
          .seen(tenant, contactId, conversationId, lastContactAt)
          .catch(this.#report('visitor'));
      }
    if (agents.size === 0) return;
    for (const agent of agents)
      this.deps.bus.publish(
        presenceLiveSubject(tenant, agent.agentId),
        presence.AgentPresence.encode(toPresence(agent)).finish(),
      );
    this.#tenant(tenant).feed.changed(agents);
    await this.deps.store.agents.put([...agents].map((agent) => this.#agentDoc(tenant, agent)));
  }

  /** A gateway's lease is gone: so are its sockets. */
  gatewayGone(gatewayId: string): void {
    this.#apply({ opened: [], closed: this.#gateways.forget(gatewayId) });
  }

  /** Asks a gateway for all its sockets in this partition; tries again later by itself when it does not answer. */
  async askSnapshot(gatewayId: string): Promise<void> {
    if (this.#asking.has(gatewayId)) return;
    this.#asking.add(gatewayId);
    try {
      const request = presence.SessionSnapshotRequest.encode({ partition: this.partition }).finish();
      const chunks: presence.SessionSnapshot[] = [];
      const answers = this.deps.bus.requestMany(sessionSnapshotSubject(gatewayId), request, {
        timeoutMs: 3_000,
        isLast: (data) => presence.SessionSnapshot.decode(data).last,
      });
      for await (const data of answers) chunks.push(presence.SessionSnapshot.decode(data));
      const last = chunks.at(-1);
      if (!last?.last) throw new Error(`the snapshot of gateway ${gatewayId} is incomplete`);
      const sessions = chunks.flatMap((chunk) => chunk.sessions);
      this.#apply(this.#gateways.snapshot(gatewayId, last.epoch, last.seq, sessions));
    } catch (error) {
      // The next delta that does not fit asks again, and a gateway that is gone loses its lease.
      this.deps.logger.info({ err: error, gatewayId }, 'no snapshot of a gateway');
    } finally {
      this.#asking.delete(gatewayId);
    }
  }

  #onDelta(delta: presence.SessionDelta): void {
    const changes = this.#gateways.delta(delta);
    if (changes) this.#apply(changes);
    else void this.askSnapshot(delta.gatewayId);
  }

  #apply({ opened, closed }: Changes): void {
    const now = this.deps.clock.now();
    const effects = new Map<string, Effect[]>();
    const add = (tenant: string, more: Effect[]): void => {
      effects.set(tenant, [...(effects.get(tenant) ?? []), ...more]);
    };
    // Opened first: a socket that moved to another gateway never leaves its owner without one.
    for (const session of opened) add(session.tenant, this.roster(session.tenant).opened(session, now));
    for (const session of closed) add(session.tenant, this.roster(session.tenant).closed(session, now));
    for (const [tenant, list] of effects) void this.carryOut(tenant, list).catch(this.#report('sessions'));
  }

  async #tick(): Promise<void> {
    const now = this.deps.clock.now();
    const full = now >= this.#fullStateAt;
    if (full) this.#fullStateAt = now + FULL_STATE_MS;
    for (const [tenant, { roster, feed }] of this.#tenants) {
      await this.carryOut(tenant, roster.tick(now)).catch(this.#report('tick'));
      if (full) feed.changed(roster.agents.values());
    }
    await this.visitors.flush().catch(this.#report('visitors'));
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + SWEEP_MS;
    await this.visitors.sweep(now).catch(this.#report('sweep'));
  }

  #tellLeft(tenant: string, left: Extract<Effect, { kind: 'visitor-left' }>): void {
    const { conversationId, lastContactAt } = left;
    const request = {
      conversationId,
      // The same leaving has the same id, whoever tells of it.
      commandId: `left-${conversationId}-${lastContactAt.toString(36)}`,
      lastContactAt: new Date(lastContactAt),
    };
    const deadline = this.deps.clock.now() + VISITOR_LEFT_DEADLINE_MS;
    const context = { tenant, principal: { role: 'system', id: 'presence' }, deadline } as const;
    this.deps.conversations.visitorLeft(request, context).catch(this.#report('visitor left'));
  }

  async #restore(now: number): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await this.deps.store.agents.find({
        filter: { partition: this.partition },
        limit: 1000,
        ...(cursor ? { cursor } : {}),
      });
      for (const { tenant, agentId, status, statusSince, revision } of page.items)
        this.roster(tenant).restoreAgent(agentId, status, statusSince, revision, now);
      cursor = page.next;
    } while (cursor);
    // Their minute begins anew: nobody was there to see whether they had a socket.
    for (const { tenant, contactId, conversationId } of await this.visitors.inConversations())
      this.roster(tenant).restoreVisitor(contactId, conversationId, now);
  }

  #tenant(tenant: string): TenantEntry {
    let entry = this.#tenants.get(tenant);
    if (!entry) {
      const { routing: client, clock, logger, limits } = this.deps;
      entry = { roster: new Roster(limits), feed: new RoutingFeed(tenant, client, clock, logger) };
      this.#tenants.set(tenant, entry);
    }
    return entry;
  }

  #agentDoc(tenant: string, agent: AgentEntry): AgentDoc {
    const { agentId, status, statusSince, revision } = agent;
    const id = docId(tenant, agentId);
    return {
      id,
      version: revision,
      tenant,
      partition: this.partition,
      agentId,
      status,
      statusSince,
      revision,
    };
  }

  #report(what: string): (error: unknown) => void {
    return (error) =>
      this.deps.logger.error({ err: error, partition: this.partition }, `presence: ${what} failed`);
  }
}

/** An agent as others see them. */
export const toPresence = (agent: AgentEntry): presence.AgentPresence => ({
  agentId: agent.agentId,
  status: agent.status satisfies routing.AgentStatus,
  statusSince: new Date(agent.statusSince),
  online: agent.online,
  sessions: agent.sessions.size,
  revision: BigInt(agent.revision),
});
