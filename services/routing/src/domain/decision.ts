import type { routing } from '@parley/contracts';
import type { EventCase } from './commands.js';
import { evolve } from './evolve.js';
import { drain, drainTeam, offer, offerInTurn } from './match.js';
import { byTurn } from './orders.js';
import type { Ports } from './ports.js';
import type { Agent, Chat, RoutingState, TeamEntry } from './types.js';

const byId = (a: Agent, b: Agent): number => (a.id < b.id ? -1 : 1);

/**
 * One decision under way: events are applied as they are made, so that each step sees the ones before. Agents whose
 * slots may have become free and chats that may be offered are noted, and matched once at the end.
 */
export class Decision {
  readonly events: routing.RoutingEvent[] = [];
  readonly #agents = new Set<Agent>();
  readonly #chats = new Set<string>();

  constructor(
    readonly state: RoutingState,
    /** ms, never before the state's last event. */
    readonly now: number,
    readonly ports: Ports,
  ) {}

  emit(event: EventCase): void {
    const recorded: routing.RoutingEvent = { event };
    evolve(this.state, recorded, this.now);
    this.events.push(recorded);
  }

  /** The agent, or one of their team, may be able to take a chat now. */
  touchAgent(agent: Agent | undefined): void {
    if (agent) this.#agents.add(agent);
  }

  /** Somebody may be able to take this chat now. */
  touchChat(conversationId: string): void {
    this.#chats.add(conversationId);
  }

  /**
   * Freed agents first: each takes the chat whose turn it is, which need not be the one that freed them. Then the
   * chats that were touched, in their turn. As nothing else has changed, no other pair can have become possible. With
   * one agent or one chat that is all there is to the order; of several, one may be the best for what another looks at.
   */
  settle(): void {
    const give = this.#agents.size + this.#chats.size > 1 ? offerInTurn : offer;
    const teams = new Set<TeamEntry>();
    const agents = this.#agents.size > 1 ? [...this.#agents].sort(byId) : this.#agents;
    for (const agent of agents)
      if (agent.team && agent.team.config.maxUsed > 0) teams.add(agent.team);
      else drain(this, agent, give);
    for (const team of teams) drainTeam(this, team, give);
    const chats: Chat[] = [];
    for (const id of this.#chats) {
      const chat = this.state.chats.get(id);
      if (chat) chats.push(chat);
    }
    if (chats.length > 1) chats.sort(byTurn);
    for (const chat of chats) while (chat.phase === 'waiting' && give(this, chat)) continue;
  }
}
