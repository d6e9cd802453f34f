import { routing } from '@parley/contracts';
import { OrderedSet } from './ordered-set.js';

/** What a chat waits for. Chats with the same requirements wait in one lane. */
export interface Requirements {
  readonly queueId: string;
}

/** An exclusion without an end: until the agent sets themselves available again. */
export const UNTIL_AVAILABLE = 0;

/** `detached`: its agent left; routing keeps its history until it is enqueued again or ends. */
export type Phase = 'waiting' | 'offered' | 'active' | 'detached';

/** A conversation that routing holds something of. Times are ms. */
export interface Chat {
  readonly id: string;
  phase: Phase;
  queueId: string;
  weight: number;
  priority: number;
  enteredAt: number;
  /** Version of the routing event that enqueued it: breaks ties of age. */
  seq: number;
  sourceVersion: number;
  contactId: string;
  lastAgentId: string;
  language: string;
  topic: string;
  pageUrl: string;
  /** The pending offer, or the one that was accepted. */
  offerId: string;
  agentId: string;
  /** When the pending offer expires; 0 when there is none. */
  expiresAt: number;
  /** When the offer was accepted; 0 before. */
  acceptedAt: number;
  /** Agent id to the time until which this chat is not offered to them (UNTIL_AVAILABLE: no time). */
  readonly excluded: Map<string, number>;
}

export interface WrapUp {
  readonly until: number;
  readonly weight: number;
}

/** An agent with what they hold. `config` is undefined for one known by presence only. */
export interface Agent {
  readonly id: string;
  config: routing.Agent | undefined;
  /** What presence reported last. */
  reported: routing.AgentStatus;
  online: boolean;
  revision: bigint;
  /** An offer timed out since they last set themselves available. */
  notResponding: boolean;
  idleSince: number;
  /** Weight units taken by offers, chats and wrap-up. */
  used: number;
  readonly offers: Set<string>;
  readonly chats: Set<string>;
  readonly wrapUps: Map<string, WrapUp>;
  /** Chats that are not offered to them at present. */
  readonly excludedFrom: Set<string>;
  /** The lanes whose requirements they meet. */
  lanes: Lane[];
}

/** Waiting chats with the same requirements, and the agents who meet them. */
export interface Lane {
  readonly key: string;
  readonly requirements: Requirements;
  readonly waiting: OrderedSet<Chat>;
  /** Available agents with free capacity, in the policy's order. */
  readonly free: OrderedSet<Agent>;
  /** How many agents meet the requirements, and how many of those are available. */
  members: number;
  available: number;
}

export interface QueueEntry {
  config: routing.Queue;
  /** Waiting and offered chats, oldest first. */
  readonly line: OrderedSet<Chat>;
  readonly agents: Set<Agent>;
  active: number;
}

/** Something that happens by the mere passing of time. */
export interface Due {
  readonly at: number;
  readonly kind: 'offer' | 'wrap_up' | 'exclusion';
  readonly conversationId: string;
  readonly agentId: string;
}

/**
 * Everything routing knows of one routing domain. It is changed in place, by `evolve` only: copying it would cost
 * more than deciding. Whoever holds it throws it away when an append fails, and folds it anew.
 */
export interface RoutingState {
  /** Number of events so far. */
  version: number;
  /** Time of the last event, ms. */
  time: number;
  readonly queues: Map<string, QueueEntry>;
  readonly agents: Map<string, Agent>;
  readonly chats: Map<string, Chat>;
  readonly lanes: Map<string, Lane>;
  readonly due: OrderedSet<Due>;
  /** Ended conversations with the version they ended at, oldest first; the last ENDED_KEPT. */
  readonly ended: Map<string, number>;
  /** Agents with a configuration; counted for explanations. */
  configuredAgents: number;
}

/** How many ended conversations are remembered against inputs that arrive late. */
export const ENDED_KEPT = 10_000;

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Waiting order within a lane: priority, then age, then the order of entry. */
export const byTurn = (a: Chat, b: Chat): number =>
  b.priority - a.priority || a.enteredAt - b.enteredAt || a.seq - b.seq || text(a.id, b.id);

/** Oldest first, whatever the priority. */
export const byAge = (a: Chat, b: Chat): number =>
  a.enteredAt - b.enteredAt || a.seq - b.seq || text(a.id, b.id);

const byTime = (a: Due, b: Due): number =>
  a.at - b.at ||
  text(a.kind, b.kind) ||
  text(a.conversationId, b.conversationId) ||
  text(a.agentId, b.agentId);

/** A routing domain in which nothing has happened yet. */
export const emptyState = (): RoutingState => ({
  version: 0,
  time: 0,
  queues: new Map(),
  agents: new Map(),
  chats: new Map(),
  lanes: new Map(),
  due: new OrderedSet(byTime),
  ended: new Map(),
  configuredAgents: 0,
});

/** An agent of whom nothing is known but the id. */
export const emptyAgent = (id: string): Agent => ({
  id,
  config: undefined,
  reported: routing.AgentStatus.AGENT_STATUS_OFFLINE,
  online: false,
  revision: 0n,
  notResponding: false,
  idleSince: 0,
  used: 0,
  offers: new Set(),
  chats: new Set(),
  wrapUps: new Map(),
  excludedFrom: new Set(),
  lanes: [],
});

/** True when the agent may be offered chats at all. */
export const isAvailable = (agent: Agent): boolean =>
  agent.online && !agent.notResponding && agent.reported === routing.AgentStatus.AGENT_STATUS_AVAILABLE;

/** The status as others see it. */
export const statusOf = (agent: Agent): routing.AgentStatus =>
  agent.notResponding ? routing.AgentStatus.AGENT_STATUS_NOT_RESPONDING : agent.reported;

/** Weight units in all; 0 for an agent who is not configured. */
export const capacityOf = (agent: Agent): number => agent.config?.capacity ?? 0;

/** Weight units left; never negative. */
export const freeOf = (agent: Agent): number => Math.max(0, capacityOf(agent) - agent.used);

/** When the engine next wants a tick, ms; undefined for never. */
export const nextDueAt = (state: RoutingState): number | undefined => state.due.first()?.at;
