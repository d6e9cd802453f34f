import { type Client, presence, presenceLiveSubject, type routing } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import type { Bus } from '@parley/messaging';
import type { Logger } from '@parley/telemetry';
import { type AgentEntry, type Effect, type Limits, Roster } from './domain.js';
import { Finishing } from './finishing.js';
import { GatewayFeed } from './gateway-feed.js';
import type { Changes } from './gateways.js';
import { Leavings } from './leavings.js';
import { RoutingFeed } from './routing-feed.js';
import { type AgentDoc, docId, type PresenceStore } from './store.js';
import { Visitors } from './visitors.js';

export interface PartitionDeps {
  readonly bus: Bus;
  readonly store: PresenceStore;
  readonly routing: Pick<
    Client<'parley.routing.v1.RoutingInternalService'>,
    'setAgentPresence' | 'listAgentsAtWork'
  >;
  readonly conversations: Pick<Client<'parley.conversation.v1.ConversationInternalService'>, 'visitorLeft'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: Limits;
}

interface TenantEntry {
  readonly roster: Roster;
  readonly feed: RoutingFeed;
  /** Agents whose change is not stored yet. */
  readonly unsaved: Set<AgentEntry>;
}

const TICK_MS = 500;
/** Routing gets the full state this often, whatever it has been told. */
const FULL_STATE_MS = 30_000;
const SWEEP_MS = 600_000;

/** Everything of one partition: the rosters of its tenants, fed by gateways and commands. One owner at a time. */
export class PresencePartition {
  readonly visitors: Visitors;
  readonly gateways: GatewayFeed;
  readonly #tenants = new Map<string, TenantEntry>();
  readonly #leavings: Leavings;
  readonly #finishing: Finishing;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> | undefined;
  #fullStateAt = 0;
  #sweepAt = 0;

  constructor(
    readonly partition: number,
    private readonly deps: PartitionDeps,
  ) {
    this.visitors = new Visitors(partition, deps.store.visitors);
    this.gateways = new GatewayFeed({ ...deps, partition, onChanges: (...what) => this.#apply(...what) });
    this.#finishing = new Finishing({ ...deps, carryOut: (...what) => this.carryOut(...what) });
    this.#leavings = new Leavings({
      ...deps,
      onTold: (tenant, { contactId, lastContactAt }) => {
        if (this.roster(tenant).visitors.has(contactId)) return;
        void this.visitors.seen(tenant, contactId, '', lastContactAt).catch(this.#report('visitor'));
      },
    });
  }

  /** Takes over: what is stored, then the sockets of every gateway that has a lease (gateway id to its start). */
  async start(leases: ReadonlyMap<string, string>): Promise<void> {
    await this.#restore(this.deps.clock.now());
    await this.gateways.start(leases);
    this.#timer = setInterval(() => {
      this.#ticking ??= this.#tick().finally(() => (this.#ticking = undefined));
    }, TICK_MS);
  }

  /** Lets go, with everything stored that can be. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#ticking;
    await this.#finishing.stop();
    await this.gateways.stop();
    for (const [tenant, { feed }] of this.#tenants) {
      await this.#save(tenant).catch(this.#report('agents'));
      feed.stop();
    }
    this.#leavings.stop();
    await this.visitors.flush().catch(this.#report('visitors'));
  }

  roster(tenant: string): Roster {
    return this.#tenant(tenant).roster;
  }

  /** The rosters of its tenants. */
  rosters(): readonly Roster[] {
    return [...this.#tenants.values()].map(({ roster }) => roster);
  }

  /** Carries out what a change of a roster asks for; resolves once agents' statuses are stored. */
  async carryOut(tenant: string, effects: readonly Effect[]): Promise<void> {
    const agents = new Set<AgentEntry>();
    for (const effect of effects) this.#carryOutOne(tenant, effect, agents);
    if (agents.size === 0) return;
    const { unsaved } = this.#tenant(tenant);
    for (const agent of agents) {
      unsaved.add(agent);
      this.deps.bus.publish(
        presenceLiveSubject(tenant, agent.agentId),
        presence.AgentPresence.encode(toPresence(agent)).finish(),
      );
    }
    await this.#save(tenant);
  }

  #carryOutOne(tenant: string, effect: Effect, agents: Set<AgentEntry>): void {
    if (effect.kind === 'agent-changed') return void agents.add(effect.agent);
    if (effect.kind === 'visitor-left') return this.#leavings.add(tenant, effect);
    const { contactId, conversationId, lastContactAt, sessions } = effect.visitor;
    if (sessions.size > 0) this.#leavings.cameBack(tenant, contactId);
    void this.visitors.seen(tenant, contactId, conversationId, lastContactAt).catch(this.#report('visitor'));
  }

  /**
   * Stores agents' changes, then tells routing: what routing has heard is never newer than what a next owner finds, so
   * its revisions go on from there. What could not be stored waits for the next tick.
   */
  async #save(tenant: string): Promise<void> {
    const { unsaved, feed } = this.#tenant(tenant);
    if (unsaved.size === 0) return;
    const agents = [...unsaved];
    unsaved.clear();
    const reports = agents.map(toReport);
    try {
      await this.deps.store.agents.upsertNewer(agents.map((agent) => this.#agentDoc(tenant, agent)));
    } catch (error) {
      for (const agent of agents) unsaved.add(agent);
      throw error;
    }
    feed.changed(reports);
  }

  #apply({ opened, closed }: Changes, at: number): void {
    const now = this.deps.clock.now();
    const effects = new Map<string, Effect[]>();
    const add = (tenant: string, more: Effect[]): void => {
      const known = effects.get(tenant);
      if (known) known.push(...more);
      else effects.set(tenant, more);
    };
    // Opened first: a socket that moved to another gateway never leaves its owner without one.
    for (const session of opened) add(session.tenant, this.roster(session.tenant).opened(session, now));
    for (const session of closed) add(session.tenant, this.roster(session.tenant).closed(session, now, at));
    for (const [tenant, list] of effects) void this.carryOut(tenant, list).catch(this.#report('sessions'));
  }

  async #tick(): Promise<void> {
    const now = this.deps.clock.now();
    const full = now >= this.#fullStateAt;
    if (full) this.#fullStateAt = now + FULL_STATE_MS;
    this.gateways.tick(now);
    for (const [tenant, { roster, feed, unsaved }] of this.#tenants) {
      await this.carryOut(tenant, roster.tick(now)).catch(this.#report('tick'));
      await this.#save(tenant).catch(this.#report('agents'));
      if (full) feed.changed([...roster.agents.values()].filter((a) => !unsaved.has(a)).map(toReport));
    }
    this.#finishing.look(this.#rosters(), now);
    this.#leavings.send();
    await this.visitors.flush().catch(this.#report('visitors'));
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + SWEEP_MS;
    await this.visitors.sweep(now).catch(this.#report('sweep'));
  }

  async #restore(now: number): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await this.deps.store.agents.find({
        filter: { partition: this.partition },
        limit: 1000,
        ...(cursor ? { cursor } : {}),
      });
      for (const doc of page.items) this.roster(doc.tenant).restoreAgent(doc, now);
      cursor = page.next;
    } while (cursor);
    // Their minute begins anew: nobody was there to see whether they had a socket.
    for (const { tenant, contactId, conversationId } of await this.visitors.inConversations())
      this.roster(tenant).restoreVisitor(contactId, conversationId, now);
  }

  #rosters(): [string, Roster][] {
    return [...this.#tenants].map(([tenant, { roster }]) => [tenant, roster]);
  }

  #tenant(tenant: string): TenantEntry {
    let entry = this.#tenants.get(tenant);
    if (!entry) {
      const { routing: client, clock, logger, limits } = this.deps;
      const feed = new RoutingFeed(tenant, client, clock, logger);
      entry = { roster: new Roster(limits), feed, unsaved: new Set() };
      this.#tenants.set(tenant, entry);
    }
    return entry;
  }

  #agentDoc(tenant: string, agent: AgentEntry): AgentDoc {
    const { agentId, status, statusSince, automatic, finishing, online, revision } = agent;
    const { partition } = this;
    const id = docId(tenant, agentId);
    const state = { status, statusSince, automatic, finishing, online, revision };
    return { id, version: revision, tenant, partition, agentId, ...state };
  }

  #report(what: string): (error: unknown) => void {
    return (error) =>
      this.deps.logger.error({ err: error, partition: this.partition }, `presence: ${what} failed`);
  }
}

/** An agent as others see them. */
export const toPresence = (agent: AgentEntry): presence.AgentPresence => ({
  agentId: agent.agentId,
  status: agent.status,
  statusSince: new Date(agent.statusSince),
  online: agent.online,
  sessions: agent.sessions.size,
  revision: BigInt(agent.revision),
  automatic: agent.automatic,
  finishing: agent.finishing,
});

/** An agent as routing hears of them. */
const toReport = (agent: AgentEntry): routing.AgentPresenceChanged => ({
  agentId: agent.agentId,
  status: agent.status,
  online: agent.online,
  revision: BigInt(agent.reportRevision),
});
