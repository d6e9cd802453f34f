import type { routing } from '@parley/contracts';
import { exclude, laneOf, reconfigureAgent } from './indexes.js';
import { OrderedSet } from './ordered-set.js';
import {
  byAge,
  emptyAgent,
  emptyState,
  type Agent,
  type Chat,
  type Due,
  type RoutingState,
} from './state.js';

type ChatRecord = Omit<Chat, 'excluded'> & { readonly excluded: readonly (readonly [string, number])[] };

interface AgentRecord {
  readonly id: string;
  readonly config: routing.Agent | undefined;
  readonly reported: routing.AgentStatus;
  readonly online: boolean;
  readonly revision: string;
  readonly notResponding: boolean;
  readonly idleSince: number;
  readonly wrapUps: readonly (readonly [conversationId: string, until: number, weight: number])[];
}

/** A state as JSON: facts only, every index is rebuilt from them. Bump `format` when a reader must know. */
export interface Snapshot {
  readonly format: 1;
  readonly version: number;
  readonly time: number;
  readonly queues: readonly routing.Queue[];
  readonly agents: readonly AgentRecord[];
  readonly chats: readonly ChatRecord[];
  readonly ended: readonly (readonly [string, number])[];
}

/** The state as JSON; equal states (by their events) give equal snapshots. */
export const takeSnapshot = (state: RoutingState): Snapshot => ({
  format: 1,
  version: state.version,
  time: state.time,
  queues: [...state.queues.values()].map((queue) => queue.config),
  agents: [...state.agents.values()].map((agent) => ({
    id: agent.id,
    config: agent.config,
    reported: agent.reported,
    online: agent.online,
    revision: String(agent.revision),
    notResponding: agent.notResponding,
    idleSince: agent.idleSince,
    wrapUps: [...agent.wrapUps].map(([id, { until, weight }]) => [id, until, weight] as const),
  })),
  chats: [...state.chats.values()].map((chat) => ({ ...chat, excluded: [...chat.excluded] })),
  ended: [...state.ended],
});

/** The state that a snapshot was taken of. */
export const restoreSnapshot = (snapshot: Snapshot): RoutingState => {
  const state = emptyState();
  state.version = snapshot.version;
  state.time = snapshot.time;
  for (const config of snapshot.queues)
    state.queues.set(config.queueId, { config, line: new OrderedSet(byAge), agents: new Set(), active: 0 });
  const agents = new Map(snapshot.agents.map((record) => [record.id, restoreAgent(state, record)]));
  for (const record of snapshot.chats) restoreChat(state, record, agents);
  // Last, when what they hold is known: the orders they stand in depend on it.
  for (const { id, config } of snapshot.agents) {
    const agent = agents.get(id)!;
    state.agents.set(id, agent);
    reconfigureAgent(state, agent, config);
  }
  for (const [id, version] of snapshot.ended) state.ended.set(id, version);
  return state;
};

const restoreAgent = (state: RoutingState, record: AgentRecord): Agent => {
  const agent = emptyAgent(record.id);
  agent.reported = record.reported;
  agent.online = record.online;
  agent.revision = BigInt(record.revision);
  agent.notResponding = record.notResponding;
  agent.idleSince = record.idleSince;
  for (const [conversationId, at, weight] of record.wrapUps) {
    agent.wrapUps.set(conversationId, { until: at, weight });
    agent.used += weight;
    state.due.add({ at, kind: 'wrap_up', conversationId, agentId: agent.id });
  }
  return agent;
};

const restoreChat = (state: RoutingState, record: ChatRecord, agents: ReadonlyMap<string, Agent>): void => {
  const chat: Chat = { ...record, excluded: new Map() };
  state.chats.set(chat.id, chat);
  for (const [agentId, until] of record.excluded) exclude(state, chat, agents.get(agentId)!, until);
  const queue = state.queues.get(chat.queueId);
  if (chat.phase === 'waiting') laneOf(state, chat).waiting.add(chat);
  if (chat.phase === 'waiting' || chat.phase === 'offered') queue?.line.add(chat);
  if (chat.phase === 'active' && queue) queue.active++;
  const agent = agents.get(chat.agentId);
  if (!agent) return;
  agent.used += chat.weight;
  if (chat.phase === 'active') agent.chats.add(chat.id);
  else {
    agent.offers.add(chat.id);
    const due: Due = { at: chat.expiresAt, kind: 'offer', conversationId: chat.id, agentId: agent.id };
    state.due.add(due);
  }
};
