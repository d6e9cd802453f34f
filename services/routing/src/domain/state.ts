import { routing } from '@parley/contracts';
import { Agenda } from './agenda.js';
import { isStillDue } from './dues.js';
import { byAge, byDue, byTurn, dueTime, entryTime, turnKey } from './orders.js';
import { OrderedSet } from './ordered-set.js';
import { mostFreeLongestIdle } from './policies/most-free-longest-idle.js';
import type { Policy } from './policy.js';
import type { Agent, Chat, Due, QueueEntry, RoutingState, TeamEntry } from './types.js';

export type * from './types.js';

/** The policy in force. Fixed for an engine version: decisions replay with the engine that made them. */
export const policy: Policy = mostFreeLongestIdle;

/** An exclusion without an end: until the agent sets themselves available again. */
export const UNTIL_AVAILABLE = 0;

/** How many ended conversations are remembered against inputs that arrive late. */
export const ENDED_KEPT = 10_000;

/** Capacity of an agent for whom none is given, weight units. */
export const DEFAULT_CAPACITY = 4;

/** What a chat without requirements needs; shared, as most have none. */
export const NO_REQUIREMENTS: routing.Requirements = Object.freeze({
  skills: Object.freeze({}) as Record<string, number>,
  language: '',
});

/** A routing domain in which nothing has happened yet. */
export const emptyState = (): RoutingState => {
  const state: RoutingState = {
    version: 0,
    time: 0,
    queues: new Map(),
    agents: new Map(),
    chats: new Map(),
    teams: new Map(),
    skills: new Map(),
    schedules: new Map(),
    settings: { channelWeights: {}, ageingSeconds: 0, version: 0 },
    workflows: new Map(),
    published: 0,
    draft: undefined,
    draftRevision: 0,
    due: new Agenda<Due>(dueTime, byDue, (due) => isStillDue(state, due)),
    ended: new Map(),
    configuredAgents: 0,
    free: new OrderedSet<Agent>(policy.key, policy.compare),
    open: new Uint32Array(0),
    slots: [],
    vacant: [],
    lanes: new Map(),
    laneAt: [],
    heads: new Float64Array(0),
    standings: new Int32Array(0),
  };
  return state;
};

/** An agent of whom nothing is known but the id. */
export const emptyAgent = (id: string): Agent => ({
  id,
  slot: -1,
  config: undefined,
  team: undefined,
  reported: routing.AgentStatus.AGENT_STATUS_OFFLINE,
  online: false,
  revision: 0n,
  notResponding: false,
  statusSince: 0,
  onlineSince: 0,
  idleSince: 0,
  shifts: 0,
  shiftDay: 0,
  capacity: 0,
  used: 0,
  standing: 0,
  offers: new Set(),
  chats: new Set(),
  wrapUps: new Map(),
  overdue: new Set(),
  excludedFrom: new Set(),
  reserved: new Set(),
  queues: [],
  lanes: [],
});

/** A queue in which nothing is yet; open, as it is without a schedule. */
export const emptyQueue = (config: routing.Queue): QueueEntry => {
  const { queueId } = config;
  return {
    config,
    line: new OrderedSet<Chat>(turnKey, byTurn),
    ages: new Agenda<Chat>(entryTime, byAge, (chat) => chat.queueId === queueId && isInLine(chat)),
    agents: new Set(),
    active: 0,
    available: 0,
    free: 0,
    open: true,
    hoursUntil: 0,
    hoursSince: 0,
  };
};

/** True while the chat stands in a queue: it waits, or rings with somebody. */
export const isInLine = (chat: Chat | undefined): chat is Chat =>
  chat?.phase === 'waiting' || chat?.phase === 'offered';

/** True when the agent may be offered chats at all. */
export const isAvailable = (agent: Agent): boolean =>
  agent.online && !agent.notResponding && agent.reported === routing.AgentStatus.AGENT_STATUS_AVAILABLE;

/** The status as others see it. */
export const statusOf = (agent: Agent): routing.AgentStatus =>
  agent.notResponding ? routing.AgentStatus.AGENT_STATUS_NOT_RESPONDING : agent.reported;

/** Since when others see them so, ms: whoever has no connection is offline to them, whatever status they set. */
export const seenSince = ({ online, reported, statusSince, onlineSince }: Agent): number => {
  if (reported !== routing.AgentStatus.AGENT_STATUS_OFFLINE)
    return online ? Math.max(statusSince, onlineSince) : onlineSince;
  return online ? statusSince : Math.min(statusSince, onlineSince);
};

/** Weight units left to the agent alone; never negative, 0 with as many chats as they may have. */
export const freeOf = (agent: Agent): number => {
  const most = agent.config?.maxChats ?? 0;
  if (most > 0 && agent.offers.size + agent.chats.size >= most) return 0;
  return Math.max(0, agent.capacity - agent.used);
};

/** Weight units left to a team; without a limit infinitely many. */
export const slackOf = (team: TeamEntry | undefined): number =>
  team && team.config.maxUsed > 0 ? Math.max(0, team.config.maxUsed - team.used) : Infinity;

/** True when a further chat may be offered to the agent, as far as they alone are concerned. */
export const isOpen = (agent: Agent): boolean =>
  agent.overdue.size === 0 && isAvailable(agent) && freeOf(agent) > 0;

/** True when a chat of weight 1 may be offered to the agent, the team's limit counted in. */
export const isFree = (agent: Agent): boolean => isOpen(agent) && slackOf(agent.team) >= 1;

/** When the engine next wants a tick, ms; undefined for never. */
export const nextDueAt = (state: RoutingState): number | undefined => state.due.first()?.at;
