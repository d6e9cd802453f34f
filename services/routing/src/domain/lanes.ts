import { hasBit, roomFor, setBit } from './bits.js';
import { byTurn, turnKey } from './orders.js';
import { OrderedSet } from './ordered-set.js';
import { freeOf, isAvailable } from './state.js';
import type { Agent, Chat, Lane, Needs, RoutingState } from './types.js';

/** Free units that are told apart in the counts of a lane; more count as this many. No chat weighs more. */
export const MOST_UNITS = 15;
/** Units that a chat of a channel takes; `otherwise` when the settings do not say. */
export const weightOf = ({ settings }: RoutingState, channel: string, otherwise = 0): number =>
  Math.min(MOST_UNITS, settings.channelWeights[channel] || otherwise || 1);

/** A standing: 0 is unavailable; then the free units, from 0; then the same for those with overdue replies. */
const OVERDUE = MOST_UNITS + 1;
export const STANDINGS = 1 + 2 * OVERDUE;

/** Empty lanes are dropped when there are more than so many in all. */
const LANES_KEPT = 4096;

/** What a lane's counts tell of an agent: whether they are available, what is free, whether a reply is overdue. */
export const standingOf = (agent: Agent): number =>
  isAvailable(agent) ? 1 + Math.min(freeOf(agent), MOST_UNITS) + (agent.overdue.size > 0 ? OVERDUE : 0) : 0;

/** Requirements in order, and as a key. */
interface Asked {
  readonly skills: Needs['skills'];
  readonly key: string;
}

// Requirements do not change, and many chats share them.
const asked = new WeakMap<Chat['requirements'], Asked>();

const askedBy = (requirements: Chat['requirements']): Asked => {
  const known = asked.get(requirements);
  if (known) return known;
  const skills = Object.entries(requirements.skills).sort(([a], [b]) => (a < b ? -1 : 1));
  const key = `${requirements.language}|${skills.map(([id, level]) => `${id}:${level}`).join()}`;
  const made = { skills, key };
  asked.set(requirements, made);
  return made;
};

/** What a chat needs of an agent. */
export const needsOf = ({
  queueId,
  weight,
  requirements,
}: Pick<Chat, 'queueId' | 'weight' | 'requirements'>): Needs => ({
  queueId,
  weight,
  skills: askedBy(requirements).skills,
  language: requirements.language,
});

/** Serves the queue. */
export const serves = (agent: Agent, { queueId }: Needs): boolean =>
  agent.config?.queueIds.includes(queueId) ?? false;

/** Has the skills at the levels. */
export const isSkilled = (agent: Agent, { skills }: Needs): boolean => {
  for (const [id, level] of skills) if ((agent.config?.skills[id] ?? 0) < level) return false;
  return true;
};

/** Speaks the language: the primary one counts, en serves en-GB. */
export const speaks = (agent: Agent, { language }: Needs): boolean =>
  language === '' || (agent.config?.languages.some((known) => primary(known) === language) ?? false);

/** Meets all of it: queue, skills and language. */
export const meets = (agent: Agent, needs: Needs): boolean =>
  serves(agent, needs) && isSkilled(agent, needs) && speaks(agent, needs);

const primary = (tag: string): string => {
  const end = tag.search(/[-_]/);
  return (end < 0 ? tag : tag.slice(0, end)).toLowerCase();
};

/** The primary language of a tag such as de-AT, in lower case. */
export const primaryLanguage = primary;

/** The lane of a chat; made, with the agents who meet its needs, when it is the first of its kind. */
export const laneOf = (state: RoutingState, chat: Chat): Lane => {
  const key = `${chat.queueId}|${chat.weight}|${askedBy(chat.requirements).key}`;
  return state.lanes.get(key) ?? makeLane(state, key, needsOf(chat));
};

const makeLane = (state: RoutingState, key: string, needs: Needs): Lane => {
  if (state.lanes.size >= LANES_KEPT) dropEmptyLanes(state);
  const free = state.laneAt.indexOf(undefined);
  const index = free < 0 ? state.laneAt.length : free;
  const lane: Lane = {
    key,
    index,
    needs,
    waiting: new OrderedSet<Chat>(turnKey, byTurn),
    members: new Uint32Array((state.slots.length >> 5) + 1),
    skilled: 0,
    size: 0,
  };
  if (index >= state.heads.length) growTables(state, Math.max(64, index * 2));
  state.laneAt[index] = lane;
  state.heads[index] = Infinity;
  state.standings.fill(0, index * STANDINGS, (index + 1) * STANDINGS);
  state.lanes.set(key, lane);
  for (const agent of state.queues.get(needs.queueId)?.agents ?? []) enter(state, lane, agent);
  return lane;
};

const growTables = (state: RoutingState, lanes: number): void => {
  const heads = new Float64Array(lanes).fill(Infinity);
  heads.set(state.heads);
  state.heads = heads;
  const standings = new Int32Array(lanes * STANDINGS);
  standings.set(state.standings);
  state.standings = standings;
};

const enter = (state: RoutingState, lane: Lane, agent: Agent): void => {
  if (!isSkilled(agent, lane.needs)) return;
  lane.skilled++;
  if (!speaks(agent, lane.needs)) return;
  lane.size++;
  lane.members = roomFor(lane.members, agent.slot);
  setBit(lane.members, agent.slot, true);
  state.standings[lane.index * STANDINGS + agent.standing]!++;
  agent.lanes.push(lane.index);
};

/** True when the agent meets all needs of the lane. */
export const isMember = (lane: Lane, agent: Agent): boolean =>
  agent.slot >= 0 && hasBit(lane.members, agent.slot);

/** Puts an agent into every lane whose needs they meet; their queues and standing are right already. */
export const enterLanes = (state: RoutingState, agent: Agent): void => {
  for (const lane of state.lanes.values()) if (serves(agent, lane.needs)) enter(state, lane, agent);
};

/** Takes an agent out of all lanes, before their configuration changes. */
export const leaveLanes = (state: RoutingState, agent: Agent): void => {
  for (const lane of state.lanes.values())
    if (serves(agent, lane.needs) && isSkilled(agent, lane.needs)) lane.skilled--;
  for (const index of agent.lanes) {
    const lane = state.laneAt[index]!;
    lane.size--;
    setBit(lane.members, agent.slot, false);
    state.standings[index * STANDINGS + agent.standing]!--;
  }
  agent.lanes = [];
};

/** Gives an agent another standing in all their lanes. */
export const setStanding = (state: RoutingState, agent: Agent, standing: number): void => {
  const { standings } = state;
  const before = agent.standing;
  agent.standing = standing;
  if (standing === before) return;
  for (const index of agent.lanes) {
    const base = index * STANDINGS;
    standings[base + before]!--;
    standings[base + standing]!++;
  }
};

/** Lets a chat wait in its lane. */
export const joinLane = (state: RoutingState, chat: Chat): void => {
  const lane = laneOf(state, chat);
  chat.lane = lane;
  // All that is known of a lane's needs is the same for its chats: they share it.
  lane.waiting.add(chat);
  if (chat.turn < state.heads[lane.index]!) state.heads[lane.index] = chat.turn;
};

/** Takes a chat out of the lane in which it waits. */
export const quitLane = (state: RoutingState, chat: Chat): void => {
  const { lane } = chat;
  if (!lane) return;
  lane.waiting.delete(chat);
  chat.lane = undefined;
  if (chat.turn === state.heads[lane.index]) state.heads[lane.index] = lane.waiting.first()?.turn ?? Infinity;
};

/** Removes lanes without chats, those of a queue or all; they are made again when they are needed. */
export const dropEmptyLanes = (state: RoutingState, queueId?: string): void => {
  const dropped = new Set<number>();
  for (const lane of state.lanes.values()) {
    if (lane.waiting.size > 0 || (queueId !== undefined && lane.needs.queueId !== queueId)) continue;
    dropped.add(lane.index);
    state.lanes.delete(lane.key);
    state.laneAt[lane.index] = undefined;
  }
  if (dropped.size === 0) return;
  for (const agent of state.agents.values())
    if (agent.lanes.some((index) => dropped.has(index)))
      agent.lanes = agent.lanes.filter((index) => !dropped.has(index));
};

/** Members who are unavailable; too full for the weight; free enough, and if not overdue, open. */
export interface LaneCounts {
  readonly unavailable: number;
  readonly full: number;
  readonly overdue: number;
  readonly open: number;
}

/** How the members of a lane stand to a chat of its weight, limits of teams not counted. */
export const countsOf = (state: RoutingState, { index, needs }: Lane): LaneCounts => {
  const base = index * STANDINGS;
  const { standings } = state;
  const weight = Math.min(needs.weight, MOST_UNITS);
  let full = 0;
  let open = 0;
  let overdue = 0;
  for (let units = 0; units <= MOST_UNITS; units++) {
    const prompt = standings[base + 1 + units]!;
    const late = standings[base + 1 + OVERDUE + units]!;
    if (units < weight) full += prompt + late;
    else {
      open += prompt;
      overdue += late;
    }
  }
  return { unavailable: standings[base]!, full, overdue, open };
};
