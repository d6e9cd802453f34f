import { routing } from '@parley/contracts';
import { unreachable } from '@parley/kernel';
import { enqueue, moveQueue, remember, removeChat } from './chats.js';
import { changeAgent, exclude, readmit, reconfigureAgent, stopWaiting, wait } from './indexes.js';
import { OrderedSet } from './ordered-set.js';
import {
  byAge,
  emptyAgent,
  isAvailable,
  UNTIL_AVAILABLE,
  type Agent,
  type Chat,
  type Due,
  type RoutingState,
} from './state.js';

/** How long a chat is not offered again to an agent who declined or left it, ms. */
export const COOL_DOWN_MS = 30_000;

const Ended = routing.AssignmentEnded_Reason;

/**
 * Applies one event, in place. `time` is the time of its commit, ms. Total: an event about something that is not
 * there changes nothing but the version.
 */
export const evolve = (state: RoutingState, recorded: routing.RoutingEvent, time: number): void => {
  state.version++;
  state.time = time;
  const { event } = recorded;
  if (!event) return;
  switch (event.$case) {
    case 'queueConfigured':
      return queueConfigured(state, event.value);
    case 'queueRemoved':
      return queueRemoved(state, event.value);
    case 'agentConfigured':
      return agentConfigured(state, event.value, time);
    case 'agentPresenceChanged':
      return presenceChanged(state, event.value, time);
    case 'agentNotResponding':
      return changeAgent(agentOf(state, event.value.agentId), (agent) => {
        agent.notResponding = true;
      });
    case 'conversationEnqueued':
      return enqueue(state, event.value, time);
    case 'conversationDequeued':
    case 'conversationEndRecorded':
      return ended(state, event.value.conversationId, event.value.sourceVersion);
    case 'offerMade':
      return offerMade(state, event.value, time);
    case 'offerAccepted':
      return offerAccepted(state, event.value, time);
    case 'offerDeclined':
      return offerReturned(state, event.value, (chat, agent) =>
        exclude(state, chat, agent, time + COOL_DOWN_MS),
      );
    case 'offerTimedOut':
      return offerReturned(state, event.value, (chat, agent) => exclude(state, chat, agent, UNTIL_AVAILABLE));
    case 'offerRescinded':
      return offerReturned(state, event.value, () => undefined);
    case 'exclusionEnded':
      return withBoth(state, event.value, (chat, agent) => readmit(state, chat, agent));
    case 'assignmentEnded':
      return assignmentEnded(state, event.value, time);
    case 'wrapUpStarted':
      return wrapUpStarted(state, event.value, time);
    case 'wrapUpEnded':
      return wrapUpEnded(state, event.value, time);
    default:
      return unreachable(event);
  }
};

interface Pair {
  readonly conversationId: string;
  readonly agentId: string;
}

const agentOf = (state: RoutingState, id: string): Agent => {
  const known = state.agents.get(id);
  if (known) return known;
  const agent = emptyAgent(id);
  state.agents.set(id, agent);
  return agent;
};

const withBoth = (state: RoutingState, pair: Pair, then: (chat: Chat, agent: Agent) => void): void => {
  const chat = state.chats.get(pair.conversationId);
  if (chat) then(chat, agentOf(state, pair.agentId));
};

const queueConfigured = (state: RoutingState, { queue }: routing.QueueConfigured): void => {
  if (!queue) return;
  const known = state.queues.get(queue.queueId);
  if (known) known.config = queue;
  else
    state.queues.set(queue.queueId, {
      config: queue,
      line: new OrderedSet(byAge),
      agents: new Set(),
      active: 0,
    });
};

const queueRemoved = (state: RoutingState, { queueId }: routing.QueueRemoved): void => {
  for (const agent of state.agents.values())
    if (agent.config?.queueIds.includes(queueId))
      reconfigureAgent(state, agent, {
        ...agent.config,
        queueIds: agent.config.queueIds.filter((id) => id !== queueId),
        version: agent.config.version + 1,
      });
  moveQueue(state, queueId);
};

const agentConfigured = (
  state: RoutingState,
  { agent: config }: routing.AgentConfigured,
  time: number,
): void => {
  if (!config) return;
  const agent = agentOf(state, config.agentId);
  if (!agent.config) changeAgent(agent, () => (agent.idleSince = time));
  reconfigureAgent(state, agent, config);
};

const presenceChanged = (state: RoutingState, report: routing.AgentPresenceChanged, time: number): void => {
  const agent = agentOf(state, report.agentId);
  const available = routing.AgentStatus.AGENT_STATUS_AVAILABLE;
  // The report that they are available still, sent again while the offer timed out, is no click of theirs.
  const back = report.status === available && agent.reported !== available;
  changeAgent(agent, () => {
    const before = isAvailable(agent);
    agent.reported = report.status;
    agent.online = report.online;
    agent.revision = report.revision;
    if (back) agent.notResponding = false;
    if (isAvailable(agent) && !before) agent.idleSince = time;
  });
  if (!back) return;
  for (const id of [...agent.excludedFrom]) {
    const chat = state.chats.get(id);
    if (chat?.excluded.get(agent.id) === UNTIL_AVAILABLE) readmit(state, chat, agent);
  }
};

const offerDue = (chat: Chat): Due => ({
  at: chat.expiresAt,
  kind: 'offer',
  conversationId: chat.id,
  agentId: chat.agentId,
});

const offerMade = (state: RoutingState, made: routing.OfferMade, time: number): void =>
  withBoth(state, made, (chat, agent) => {
    stopWaiting(state, chat);
    chat.phase = 'offered';
    chat.offerId = made.offerId;
    chat.agentId = agent.id;
    chat.expiresAt = made.expiresAt?.getTime() ?? time;
    state.due.add(offerDue(chat));
    changeAgent(agent, () => {
      agent.used += chat.weight;
      agent.offers.add(chat.id);
    });
  });

const offerAccepted = (state: RoutingState, accepted: routing.OfferAccepted, time: number): void =>
  withBoth(state, accepted, (chat, agent) => {
    state.due.delete(offerDue(chat));
    const queue = state.queues.get(chat.queueId);
    queue?.line.delete(chat);
    if (queue) queue.active++;
    chat.phase = 'active';
    chat.expiresAt = 0;
    chat.acceptedAt = time;
    changeAgent(agent, () => {
      agent.offers.delete(chat.id);
      agent.chats.add(chat.id);
      agent.idleSince = time;
    });
  });

const offerReturned = (state: RoutingState, pair: Pair, then: (chat: Chat, agent: Agent) => void): void =>
  withBoth(state, pair, (chat, agent) => {
    state.due.delete(offerDue(chat));
    changeAgent(agent, () => {
      agent.used -= chat.weight;
      agent.offers.delete(chat.id);
    });
    chat.offerId = '';
    chat.agentId = '';
    chat.expiresAt = 0;
    wait(state, chat);
    then(chat, agent);
  });

const ended = (state: RoutingState, conversationId: string, sourceVersion: number): void => {
  const chat = state.chats.get(conversationId);
  if (chat) removeChat(state, chat);
  remember(state, conversationId, Math.max(sourceVersion, chat?.sourceVersion ?? 0));
};

const assignmentEnded = (state: RoutingState, end: routing.AssignmentEnded, time: number): void =>
  withBoth(state, end, (chat, agent) => {
    changeAgent(agent, () => {
      agent.used -= chat.weight;
      agent.chats.delete(chat.id);
      agent.idleSince = time;
    });
    const queue = state.queues.get(chat.queueId);
    if (queue) queue.active--;
    chat.phase = 'detached';
    if (end.reason === Ended.REASON_CLOSED) return ended(state, chat.id, end.sourceVersion);
    if (end.reason === Ended.REASON_JOIN_REFUSED) {
      // No proof that the conversation is over: its entry, told again, lets it wait again.
      removeChat(state, chat);
      return remember(state, chat.id, chat.sourceVersion - 1);
    }
    chat.offerId = '';
    chat.agentId = '';
    chat.acceptedAt = 0;
    chat.sourceVersion = Math.max(chat.sourceVersion, end.sourceVersion);
    exclude(state, chat, agent, time + COOL_DOWN_MS);
  });

const wrapUpDue = (pair: Pair, at: number): Due => ({
  at,
  kind: 'wrap_up',
  conversationId: pair.conversationId,
  agentId: pair.agentId,
});

const wrapUpStarted = (state: RoutingState, started: routing.WrapUpStarted, time: number): void => {
  const until = started.until?.getTime() ?? time;
  state.due.add(wrapUpDue(started, until));
  changeAgent(agentOf(state, started.agentId), (agent) => {
    agent.wrapUps.set(started.conversationId, { until, weight: started.weight });
    agent.used += started.weight;
  });
};

const wrapUpEnded = (state: RoutingState, end: routing.WrapUpEnded, time: number): void => {
  const agent = agentOf(state, end.agentId);
  const wrapUp = agent.wrapUps.get(end.conversationId);
  if (!wrapUp) return;
  state.due.delete(wrapUpDue(end, wrapUp.until));
  changeAgent(agent, () => {
    agent.wrapUps.delete(end.conversationId);
    agent.used -= wrapUp.weight;
    agent.idleSince = time;
  });
};
