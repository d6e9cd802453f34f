import { hasBit } from './bits.js';
import {
  countsOf,
  isMember,
  isSkilled,
  meets,
  needsOf,
  serves,
  speaks,
  standingOf,
  STANDINGS,
} from './lanes.js';
import { canTake, isStillMeant } from './eligible.js';
import { hoursDue, leavesAt } from './chats.js';
import { wrapUpDue } from './evolve-agents.js';
import { offerDue } from './evolve-offers.js';
import { turnOf } from './orders.js';
import { freeOf, isAvailable, isOpen, type Chat, type Due, type RoutingState } from './state.js';

/** What must hold after every decision; says what does not. Costs agents times chats: for tests and simulations. */
export const invariants = (state: RoutingState): string[] => [
  ...capacity(state),
  ...ownership(state),
  ...missedMatches(state),
  ...lines(state),
  ...lanes(state),
  ...dues(state),
];

const capacity = (state: RoutingState): string[] => {
  const found: string[] = [];
  for (const agent of state.agents.values()) {
    let held = 0;
    for (const id of agent.offers) held += state.chats.get(id)?.weight ?? Number.NaN;
    for (const id of agent.chats)
      held +=
        state.chats.get(id)?.assignments.find(({ agentId }) => agentId === agent.id)?.weight ?? Number.NaN;
    for (const { weight } of agent.wrapUps.values()) held += weight;
    if (held !== agent.used) found.push(`${agent.id} holds ${held} but counts ${agent.used}`);
    const many = agent.config?.maxChats ?? 0;
    if (agent.offers.size === 0) continue;
    if (agent.used > agent.capacity) found.push(`${agent.id} is offered chats beyond their capacity`);
    if (many > 0 && agent.offers.size + agent.chats.size > many)
      found.push(`${agent.id} is offered too many chats`);
    if (!isAvailable(agent)) found.push(`${agent.id} is offered chats but is not available`);
  }
  for (const { config, members, used } of state.teams.values()) {
    const all = [...members];
    const sum = all.reduce((total, agent) => total + agent.used, 0);
    if (sum !== used) found.push(`team ${config.teamId} holds ${sum} but counts ${used}`);
    const offered = all.some((agent) => agent.offers.size > 0);
    if (config.maxUsed > 0 && used > config.maxUsed && offered)
      found.push(`team ${config.teamId} is offered chats beyond its limit`);
    if (all.some((agent) => agent.config?.teamId !== config.teamId))
      found.push(`members of ${config.teamId}`);
  }
  return found;
};

const ownership = (state: RoutingState): string[] => {
  const found: string[] = [];
  const agents = [...state.agents.values()];
  for (const chat of state.chats.values()) {
    const { id, phase, offers, assignments, transfer } = chat;
    const say = (what: string): void => void found.push(`${id} is ${phase} ${what}`);
    const ids = (list: readonly { readonly agentId: string }[]): string =>
      list
        .map(({ agentId }) => agentId)
        .sort()
        .join();
    const holding = (which: 'offers' | 'chats'): string =>
      agents
        .filter((agent) => agent[which].has(id))
        .map((agent) => agent.id)
        .sort()
        .join();
    if (ids(offers) !== holding('offers')) say(`and offered to ${ids(offers)}, not ${holding('offers')}`);
    if (ids(assignments) !== holding('chats')) say(`with ${ids(assignments)}, not ${holding('chats')}`);
    if (new Set(offers.map(({ agentId }) => agentId)).size !== offers.length) say('and offered twice to one');
    if ((phase === 'active') !== assignments.length > 0) say(`with ${assignments.length} agents`);
    if (phase === 'offered' && offers.length === 0) say('without an offer');
    if ((phase === 'waiting' || phase === 'detached') && offers.length > 0) say('with an offer');
    if (assignments.length > 1 && !chat.warm && !chat.leavingAgentId) say('with two owners');
    if (transfer && phase !== 'active') say('with a transfer');
    if (phase === 'active' && offers.some(({ transferId }) => transferId !== transfer?.id))
      say('with an offer of no transfer');
    if (transfer && offers.length !== 1) say(`with a transfer and ${offers.length} offers`);
  }
  return found;
};

/** Nobody waits whom somebody could take. */
const missedMatches = (state: RoutingState): string[] => {
  const found: string[] = [];
  const open = [...state.agents.values()].filter(isOpen);
  for (const chat of state.chats.values()) {
    if (chat.phase !== 'waiting') continue;
    for (const agent of open) {
      if (!canTake(agent, chat)) continue;
      const meant = chat.preferredAgentId
        ? chat.preferredAgentId === agent.id && isStillMeant(agent, chat)
        : meets(agent, needsOf(chat));
      if (meant) found.push(`${chat.id} waits though ${agent.id} is free`);
    }
  }
  return found;
};

const same = (name: string, index: Iterable<{ id: string }>, facts: readonly { id: string }[]): string[] => {
  const left = [...index]
    .map(({ id }) => id)
    .sort()
    .join();
  const right = facts
    .map(({ id }) => id)
    .sort()
    .join();
  return left === right ? [] : [`${name}: ${left} is not ${right}`];
};

const inOrder = (name: string, line: Iterable<Chat>, key: (chat: Chat) => number): string[] => {
  const keys = [...line].map(key);
  return keys.every((each, i) => i === 0 || keys[i - 1]! <= each) ? [] : [`${name} is out of order`];
};

const lines = (state: RoutingState): string[] => {
  const found: string[] = [];
  const chats = [...state.chats.values()];
  const agents = [...state.agents.values()];
  for (const [id, queue] of state.queues) {
    const here = chats.filter((chat) => chat.queueId === id);
    const inLine = here.filter(({ phase }) => phase === 'waiting' || phase === 'offered');
    const serving = agents.filter(({ config }) => config?.queueIds.includes(id));
    const available = serving.filter(isAvailable);
    const free = available.reduce((sum, agent) => sum + freeOf(agent), 0);
    found.push(
      ...same(`line of ${id}`, queue.line, inLine),
      ...same(`ages of ${id}`, new Set(queue.ages), inLine),
      ...same(`agents of ${id}`, queue.agents, serving),
      ...inOrder(`line of ${id}`, queue.line, ({ turn }) => turn),
    );
    const oldest = Math.min(...inLine.map(({ enteredAt }) => enteredAt));
    if ((queue.ages.first()?.enteredAt ?? Infinity) !== oldest) found.push(`oldest of ${id}`);
    if (queue.active !== here.filter(({ phase }) => phase === 'active').length) found.push(`active of ${id}`);
    if (queue.available !== available.length || queue.free !== free) found.push(`figures of ${id}`);
  }
  for (const chat of chats) {
    const { firstEnteredAt, priority, phase, queueId } = chat;
    if (chat.turn !== turnOf(firstEnteredAt, priority, state.settings.ageingSeconds) && phase !== 'detached')
      found.push(`turn of ${chat.id}`);
    if ((phase === 'waiting' || phase === 'offered') && !state.queues.has(queueId))
      found.push(`${chat.id} is in no queue`);
  }
  const open = agents.filter(isOpen);
  const marked = agents.filter(({ slot }) => slot >= 0 && hasBit(state.open, slot));
  found.push(...same('free agents', state.free, open), ...same('open agents', marked, open));
  return found;
};

const lanes = (state: RoutingState): string[] => {
  const found: string[] = [];
  const agents = [...state.agents.values()];
  for (const lane of state.lanes.values()) {
    const { key, index, needs } = lane;
    const skilled = agents.filter((agent) => serves(agent, needs) && isSkilled(agent, needs));
    const members = skilled.filter((agent) => speaks(agent, needs));
    found.push(
      ...same(
        `members of ${key}`,
        agents.filter((agent) => isMember(lane, agent)),
        members,
      ),
    );
    found.push(
      ...same(
        `lanes of those in ${key}`,
        agents.filter((agent) => agent.lanes.includes(index)),
        members,
      ),
    );
    if (lane.skilled !== skilled.length || lane.size !== members.length) found.push(`counts of ${key}`);
    const { unavailable, full, overdue, open } = countsOf(state, lane);
    if (unavailable + full + overdue + open !== members.length) found.push(`standings of ${key}`);
    for (let standing = 0; standing < STANDINGS; standing++) {
      const count = members.filter((agent) => standingOf(agent) === standing).length;
      if (state.standings[index * STANDINGS + standing] !== count)
        found.push(`standing ${standing} in ${key}`);
    }
    const waiting = [...state.chats.values()].filter((chat) => chat.lane === lane);
    found.push(...same(`waiting in ${key}`, lane.waiting, waiting));
    if (state.heads[index] !== (lane.waiting.first()?.turn ?? Infinity)) found.push(`head of ${key}`);
  }
  for (const chat of state.chats.values()) {
    const reserved = chat.phase === 'waiting' && chat.preferredAgentId !== '';
    if ((chat.lane !== undefined) !== (chat.phase === 'waiting' && !reserved))
      found.push(`lane of ${chat.id}`);
    if (reserved !== (state.agents.get(chat.preferredAgentId)?.reserved.has(chat) ?? false))
      found.push(`${chat.id} is kept for nobody`);
  }
  return found;
};

const dues = (state: RoutingState): string[] => {
  const found: string[] = [];
  const expected: Due[] = [];
  for (const chat of state.chats.values()) {
    const { id, phase, failsafeAt, preferredAgentId, preferredUntil } = chat;
    for (const offer of chat.offers) expected.push(offerDue(chat, offer));
    for (const [agentId, at] of chat.excluded)
      if (at > 0) expected.push({ at, kind: 'exclusion', id, agentId });
    const at = Math.min(
      phase === 'waiting' || phase === 'offered' ? failsafeAt : Infinity,
      phase === 'waiting' ? leavesAt(state, chat) : Infinity,
      phase === 'waiting' && preferredAgentId ? preferredUntil : Infinity,
    );
    if (at !== Infinity) expected.push({ at, kind: 'chat', id, agentId: '' });
    if ((chat.due?.at ?? Infinity) !== at) found.push(`due time of ${id}`);
  }
  for (const { id: agentId, wrapUps } of state.agents.values())
    for (const [conversationId, { until }] of wrapUps)
      expected.push(wrapUpDue({ conversationId, agentId }, until));
  for (const [id, { hoursUntil }] of state.queues)
    if (hoursUntil > 0) expected.push(hoursDue(id, hoursUntil));
  const named = (due: Iterable<Due>): { id: string }[] =>
    [...new Set([...due].map(({ at, kind, id, agentId }) => `${at} ${kind} ${id} ${agentId}`))].map((id) => ({
      id,
    }));
  const next = Math.min(...expected.map(({ at }) => at));
  if ((state.due.first()?.at ?? Infinity) !== next)
    found.push(`next is due at ${state.due.first()?.at}, not ${next}`);
  return [...found, ...same('what is due', named(state.due), named(expected))];
};
