import type { routing } from '@parley/contracts';
import type { Agenda } from './agenda.js';
import type { OrderedSet } from './ordered-set.js';

/**
 * `detached`: nobody has it and it does not wait (its agent left, it is parked); routing keeps its history until it is
 * enqueued again or ends.
 */
export type Phase = 'waiting' | 'offered' | 'active' | 'detached';

/** A pending offer. */
export interface PendingOffer {
  readonly id: string;
  readonly agentId: string;
  readonly expiresAt: number;
  readonly kind: routing.OfferMade_Kind;
  readonly transferId: string;
  readonly autoAccept: boolean;
  /** Why this agent, as codes. */
  readonly reasons: readonly string[];
}

/** An agent who holds capacity for a chat. */
export interface Assignment {
  readonly agentId: string;
  /** The offer that was accepted; empty: taken over. */
  readonly offerId: string;
  readonly acceptedAt: number;
  readonly weight: number;
  /** The transfer they came by; empty: from the queue. */
  readonly transferId: string;
}

/** A transfer that is not decided yet: whoever has the chat keeps it until then. */
export interface Transfer {
  readonly id: string;
  readonly fromAgentId: string;
  readonly toAgentId: string;
  readonly toQueueId: string;
  readonly warm: boolean;
  readonly expiresAt: number;
}

/** A conversation that routing holds something of. Times are ms. */
export interface Chat {
  readonly id: string;
  phase: Phase;
  queueId: string;
  weight: number;
  priority: number;
  /** Begin of this wait: targets, limits and the failsafe count from it. */
  enteredAt: number;
  /** Begin of the first wait: the turn counts from it. */
  firstEnteredAt: number;
  /** See turnOf. */
  turn: number;
  /** Version of the routing event that enqueued it: breaks ties. */
  seq: number;
  /** Version of the conversation's entry by which it is here: what is asked of the conversation names it. */
  entryVersion: number;
  /** How far the conversation is known: what is not newer is history. */
  sourceVersion: number;
  contactId: string;
  lastAgentId: string;
  language: string;
  topic: string;
  pageUrl: string;
  pageTitle: string;
  channel: string;
  requirements: routing.Requirements;
  /** The workflow's version, and its filter from 1; 0: none. */
  workflowVersion: number;
  filter: number;
  filterName: string;
  target: number;
  /** When the target gives way to the next; 0: never. */
  targetUntil: number;
  /** The only agent who is offered it, until the time; empty: everybody. */
  preferredAgentId: string;
  preferredUntil: number;
  /** It was parked: its own agent need not be asked. */
  parked: boolean;
  failsafeAt: number;
  failsafeTimes: number;
  /** The failsafe has put it in front of everybody; so until it enters a queue anew. */
  escalated: boolean;
  offers: readonly PendingOffer[];
  assignments: readonly Assignment[];
  transfer: Transfer | undefined;
  /** Several may be in it: it was transferred warm. */
  warm: boolean;
  /** Who is to leave as soon as the other has joined; empty: nobody. */
  leavingAgentId: string;
  /** Agent id to the time until which this chat is not offered to them (UNTIL_AVAILABLE: no time). */
  excluded: ReadonlyMap<string, number>;
  /** Where it waits; undefined when it does not, or for one agent only. */
  lane: Lane | undefined;
  /** Its entry in `due`; undefined when there is none. */
  due: Due | undefined;
}

export interface WrapUp {
  readonly until: number;
  readonly weight: number;
}

/** An agent with what they hold. `config` is undefined for one known by presence only. */
export interface Agent {
  readonly id: string;
  /** Their number in lanes; -1 without a configuration. */
  slot: number;
  config: routing.Agent | undefined;
  team: TeamEntry | undefined;
  /** What presence reported last. */
  reported: routing.AgentStatus;
  online: boolean;
  revision: bigint;
  /** An offer timed out since they last set themselves available. */
  notResponding: boolean;
  statusSince: number;
  /** When their connection came or went last. */
  onlineSince: number;
  idleSince: number;
  shifts: number;
  /** Day (of UTC, since 1970) of the last shift. */
  shiftDay: number;
  /** Capacity in weight units as it applies now, the team's ramp counted in. */
  capacity: number;
  /** Weight units taken by offers, chats and wrap-up. */
  used: number;
  /** See standingOf. */
  standing: number;
  readonly offers: Set<string>;
  readonly chats: Set<string>;
  readonly wrapUps: Map<string, WrapUp>;
  /** Chats in which a visitor has waited too long for a reply. */
  readonly overdue: Set<string>;
  /** Chats that are not offered to them at present. */
  readonly excludedFrom: Set<string>;
  /** Chats that wait for them alone. */
  readonly reserved: Set<Chat>;
  queues: readonly QueueEntry[];
  /** Numbers of the lanes whose requirements they meet. */
  lanes: number[];
}

/** What the chats of a lane need. */
export interface Needs {
  readonly queueId: string;
  readonly weight: number;
  readonly skills: readonly (readonly [skillId: string, level: number])[];
  readonly language: string;
}

/** Waiting chats with the same needs, and the agents who meet them. */
export interface Lane {
  readonly key: string;
  /** Its number: the place of its head and of its counts in the state's tables. */
  readonly index: number;
  readonly needs: Needs;
  readonly waiting: OrderedSet<Chat>;
  /** The agents who meet the needs: one bit a slot. */
  members: Uint32Array;
  /** How many serve the queue with these skills, and how many of them with the language, too. */
  skilled: number;
  size: number;
}

export interface QueueEntry {
  config: routing.Queue;
  /** Waiting and offered chats in their turn. */
  readonly line: OrderedSet<Chat>;
  /** The same by the time of their entry. */
  readonly ages: Agenda<Chat>;
  readonly agents: Set<Agent>;
  active: number;
  /** Agents who are available, and what capacity they have left. */
  available: number;
  free: number;
  open: boolean;
  /** When the hours change next; 0: never. And when they did last. */
  hoursUntil: number;
  hoursSince: number;
}

export interface TeamEntry {
  config: routing.Team;
  readonly members: Set<Agent>;
  /** Weight units taken by all members. */
  used: number;
}

/** Something that happens by the mere passing of time. `id` is a conversation's or, for hours, a queue's. */
export interface Due {
  readonly at: number;
  readonly kind: 'chat' | 'exclusion' | 'hours' | 'offer' | 'wrap_up';
  readonly id: string;
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
  readonly teams: Map<string, TeamEntry>;
  readonly skills: Map<string, routing.Skill>;
  readonly schedules: Map<string, routing.Schedule>;
  settings: routing.RoutingSettings;
  /** Published versions: the last ones, and those that chats still wait by. */
  readonly workflows: Map<number, routing.Workflow>;
  /** The version in force; 0: none. */
  published: number;
  draft: routing.Workflow | undefined;
  draftRevision: number;
  readonly due: Agenda<Due>;
  /** Ended conversations with the version they ended at, oldest first; at least the last ENDED_KEPT. */
  readonly ended: Map<string, number>;
  /** Agents with a configuration; counted for explanations. */
  configuredAgents: number;
  /** All agents who are open, in the policy's order. */
  readonly free: OrderedSet<Agent>;
  /** The same agents, one bit a slot. */
  open: Uint32Array;
  /** Agents by slot, and the slots that nobody has. */
  readonly slots: (Agent | undefined)[];
  readonly vacant: number[];
  readonly lanes: Map<string, Lane>;
  readonly laneAt: (Lane | undefined)[];
  /** By lane: the turn of its first chat; Infinity when nobody waits. */
  heads: Float64Array;
  /** By lane and standing: how many of its members. */
  standings: Int32Array;
}
