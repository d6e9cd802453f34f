import { presence, routing } from '@parley/contracts';

/**
 * Who is there, in one tenant. Pure: time comes in, what must be told to others comes out as effects.
 *
 * An agent is online while at least one socket of theirs is open, and for a grace time after the last one closed, so
 * that a reload or a cut does not take their offers away. A visitor has left when no socket of theirs was open for a
 * minute (the definition of "left" in docs/definitions.md), dated at the last contact.
 */
export interface Limits {
  /** How long an agent without a socket still counts as online. */
  readonly agentGraceMs: number;
  /** After this long without a socket an agent's status is set to offline. */
  readonly agentResetMs: number;
  /** After this long without a socket a visitor has left. */
  readonly visitorLeftMs: number;
}

/** When somebody last touched a desk, ms, and after how long without it they are away; 0: never. */
export interface Activity {
  readonly at: number;
  readonly awayAfterMs: number;
}

export interface AgentEntry {
  readonly agentId: string;
  status: routing.AgentStatus;
  statusSince: number;
  /** Away for want of activity: the next sign of it brings them back. */
  automatic: boolean;
  /** Away until the last chat is over, then offline. */
  finishing: boolean;
  /** The last sign of somebody at one of their desks; undefined while none was told. */
  activity: Activity | undefined;
  online: boolean;
  /** When the last socket closed; undefined while there is one, or when there never was any. */
  lastContactAt: number | undefined;
  /** Grows with every change; at least the time of the change in ms, so that it also grows over restarts. */
  revision: number;
  /** The revision of the last change of status or online: what routing has to hear. */
  reportRevision: number;
  readonly sessions: Set<string>;
}

/** What outlives the owner's process. */
export type StoredAgent = Pick<AgentEntry, 'agentId' | 'status' | 'statusSince' | 'online' | 'revision'> & {
  readonly automatic?: boolean;
  readonly finishing?: boolean;
};

export interface VisitorEntry {
  readonly contactId: string;
  /** The conversation that a socket of theirs watches or last watched, until they have left it. */
  conversationId: string;
  lastContactAt: number;
  readonly sessions: Set<string>;
}

/** What somebody outside must hear. */
export type Effect =
  | { readonly kind: 'agent-changed'; readonly agent: AgentEntry }
  | { readonly kind: 'visitor-changed'; readonly visitor: VisitorEntry }
  | {
      readonly kind: 'visitor-left';
      readonly contactId: string;
      readonly conversationId: string;
      readonly lastContactAt: number;
    };

const { AGENT_STATUS_AVAILABLE, AGENT_STATUS_AWAY, AGENT_STATUS_OFFLINE } = routing.AgentStatus;

/** True when a client may set this by itself: what it found is what the person left. */
const isAutomatic = ({ status, automatic }: AgentEntry, to: routing.AgentStatus): boolean => {
  if (to === AGENT_STATUS_AWAY) return status === AGENT_STATUS_AVAILABLE;
  if (to === AGENT_STATUS_AVAILABLE) return status === AGENT_STATUS_AWAY && automatic;
  return to === AGENT_STATUS_OFFLINE && status === AGENT_STATUS_AWAY;
};

/** Everybody of one tenant. */
export class Roster {
  readonly agents = new Map<string, AgentEntry>();
  readonly visitors = new Map<string, VisitorEntry>();

  constructor(private readonly limits: Limits) {}

  /**
   * Takes over what was stored; sockets are learnt from the gateways afterwards. Who was online stays so for the grace
   * time: without a socket by then, everybody hears that they are not.
   */
  restoreAgent(stored: StoredAgent, now: number): void {
    const { agentId, status, statusSince, automatic = false, finishing = false, online, revision } = stored;
    if (this.agents.has(agentId)) return;
    this.agents.set(agentId, {
      agentId,
      status,
      statusSince,
      automatic,
      finishing,
      activity: undefined,
      online,
      lastContactAt: now,
      revision,
      reportRevision: revision,
      sessions: new Set(),
    });
  }

  /** A visitor who was in a conversation when the last owner stopped: gone in a minute unless a socket turns up. */
  restoreVisitor(contactId: string, conversationId: string, lastContactAt: number): void {
    if (this.visitors.has(contactId)) return;
    this.visitors.set(contactId, { contactId, conversationId, lastContactAt, sessions: new Set() });
  }

  /**
   * Sets a status. An automatic one is for want of activity: from available to away and back, and from away to offline.
   * It changes nothing else, so that what the person chose (or routing found) meanwhile stays. `finishing`: away until
   * `finished`.
   */
  setStatus(
    agentId: string,
    status: routing.AgentStatus,
    now: number,
    { automatic = false, finishing = false }: { automatic?: boolean; finishing?: boolean } = {},
  ): Effect[] {
    const agent = this.#agent(agentId, now);
    if (automatic && !isAutomatic(agent, status)) return [];
    // Whoever chooses a status is there, or is meant to be.
    if (!automatic && agent.activity) agent.activity = { ...agent.activity, at: now };
    const mark = automatic && status === AGENT_STATUS_AWAY;
    const finish = finishing && status === AGENT_STATUS_AWAY;
    if (agent.status === status) {
      if (agent.automatic === mark && agent.finishing === finish) return [];
      // Chosen by hand now: no activity changes it any more.
      agent.automatic = mark;
      agent.finishing = finish;
      return [this.#changed(agent, now)];
    }
    agent.status = status;
    agent.automatic = mark;
    agent.finishing = finish;
    agent.statusSince = now;
    return [this.#reported(agent, now)];
  }

  /** The last chat of an agent is over: offline, if they still wait for that. `revision`: as it was when asked. */
  finished(agentId: string, revision: number, now: number): Effect[] {
    const agent = this.agents.get(agentId);
    if (!agent?.finishing || agent.revision !== revision) return [];
    return this.setStatus(agentId, AGENT_STATUS_OFFLINE, now);
  }

  opened(session: presence.Session, now: number): Effect[] {
    if (session.kind === presence.Session_Kind.KIND_AGENT) {
      const agent = this.#agent(session.principalId, now);
      const back = this.#active(agent, session, now);
      if (agent.sessions.has(session.sessionId)) return back;
      agent.sessions.add(session.sessionId);
      agent.lastContactAt = undefined;
      if (agent.online) return back.length > 0 ? back : [this.#changed(agent, now)];
      agent.online = true;
      return [this.#reported(agent, now)];
    }
    let visitor = this.visitors.get(session.principalId);
    if (!visitor) {
      const { principalId: contactId, conversationId } = session;
      visitor = { contactId, conversationId, lastContactAt: now, sessions: new Set() };
      this.visitors.set(contactId, visitor);
    }
    const { conversationId } = session;
    // A snapshot names everybody again.
    if (
      visitor.sessions.has(session.sessionId) &&
      (!conversationId || conversationId === visitor.conversationId)
    )
      return [];
    visitor.sessions.add(session.sessionId);
    visitor.lastContactAt = now;
    if (conversationId) visitor.conversationId = conversationId;
    return [{ kind: 'visitor-changed', visitor }];
  }

  /** `at`: the last contact; earlier than now when a gateway was found to be gone. */
  closed(session: presence.Session, now: number, at = now): Effect[] {
    if (session.kind === presence.Session_Kind.KIND_AGENT) {
      const agent = this.agents.get(session.principalId);
      if (!agent?.sessions.delete(session.sessionId)) return [];
      if (agent.sessions.size === 0) agent.lastContactAt = at;
      return [this.#changed(agent, now)];
    }
    const visitor = this.visitors.get(session.principalId);
    if (!visitor?.sessions.delete(session.sessionId)) return [];
    visitor.lastContactAt = Math.max(visitor.lastContactAt, at);
    return [{ kind: 'visitor-changed', visitor }];
  }

  /** What has become due: agents whose grace is over, visitors who have left. Call it every second or so. */
  tick(now: number): Effect[] {
    const effects: Effect[] = [];
    for (const agent of this.agents.values()) {
      const { activity } = agent;
      if (agent.online && activity?.awayAfterMs && now - activity.at >= activity.awayAfterMs)
        effects.push(...this.setStatus(agent.agentId, AGENT_STATUS_AWAY, now, { automatic: true }));
      if (agent.lastContactAt === undefined) continue;
      const awayMs = now - agent.lastContactAt;
      const gone = agent.online && awayMs >= this.limits.agentGraceMs;
      const reset = awayMs >= this.limits.agentResetMs && agent.status !== AGENT_STATUS_OFFLINE;
      if (gone) agent.online = false;
      if (reset) {
        agent.status = AGENT_STATUS_OFFLINE;
        agent.automatic = false;
        agent.finishing = false;
        agent.statusSince = now;
      }
      if (gone || reset) effects.push(this.#reported(agent, now));
    }
    for (const visitor of this.visitors.values()) {
      if (visitor.sessions.size > 0 || now - visitor.lastContactAt < this.limits.visitorLeftMs) continue;
      const { contactId, conversationId, lastContactAt } = visitor;
      this.visitors.delete(contactId);
      // Whoever was identified meanwhile goes on in the same conversation as another contact.
      if (!conversationId) continue;
      visitor.conversationId = '';
      effects.push(
        this.#attended(conversationId)
          ? { kind: 'visitor-changed', visitor }
          : { kind: 'visitor-left', contactId, conversationId, lastContactAt },
      );
    }
    return effects;
  }

  /** True while anybody else is in the conversation, or has not been away from it for long enough to have left. */
  #attended(conversationId: string): boolean {
    for (const visitor of this.visitors.values()) if (visitor.conversationId === conversationId) return true;
    return false;
  }

  /** Keeps the newest sign of activity; it brings back whoever was away for want of it. */
  #active(agent: AgentEntry, { activeAt, awayAfterSeconds }: presence.Session, now: number): Effect[] {
    if (!activeAt || activeAt.getTime() < (agent.activity?.at ?? 0)) return [];
    // Clocks of gateways differ a little: nothing has happened later than now.
    agent.activity = { at: Math.min(activeAt.getTime(), now), awayAfterMs: awayAfterSeconds * 1000 };
    const { at, awayAfterMs } = agent.activity;
    if (awayAfterMs > 0 && now - at >= awayAfterMs) return [];
    return this.setStatus(agent.agentId, AGENT_STATUS_AVAILABLE, now, { automatic: true });
  }

  #agent(agentId: string, now: number): AgentEntry {
    let agent = this.agents.get(agentId);
    if (!agent) {
      agent = {
        agentId,
        status: AGENT_STATUS_OFFLINE,
        statusSince: now,
        automatic: false,
        finishing: false,
        activity: undefined,
        online: false,
        lastContactAt: now,
        revision: 0,
        reportRevision: 0,
        sessions: new Set(),
      };
      this.agents.set(agentId, agent);
    }
    return agent;
  }

  #reported(agent: AgentEntry, now: number): Effect {
    const effect = this.#changed(agent, now);
    agent.reportRevision = agent.revision;
    return effect;
  }

  #changed(agent: AgentEntry, now: number): Effect {
    agent.revision = Math.max(agent.revision + 1, now);
    return { kind: 'agent-changed', agent };
  }
}
