import { conversation, type routing } from '@parley/contracts';
import { dropEmptyLanes, joinLane, quitLane } from './lanes.js';
import { exclude, NOBODY, readmit } from './indexes.js';
import { turnOf } from './orders.js';
import { ENDED_KEPT, isInLine, NO_REQUIREMENTS } from './state.js';
import type { Chat, Due, QueueEntry, RoutingState } from './types.js';

/** A chat that is not acknowledged for so long is seen to when its queue does not say, s. */
export const FAILSAFE_SECONDS = 60;

const ENDED_AT_ONCE = 1_000;

/** How long a chat is not offered again to an agent who declined or left it, ms. */
export const COOL_DOWN_MS = 30_000;

/** The queue that takes chats which name none that exists; undefined while the domain has no queue. */
export const defaultQueue = (state: RoutingState): QueueEntry | undefined => {
  for (const queue of state.queues.values()) if (queue.config.isDefault) return queue;
  return undefined;
};

/** How long a chat may go unacknowledged in this queue, ms. */
export const failsafeMs = (queue: QueueEntry | undefined): number =>
  (queue?.config.failsafeSeconds || FAILSAFE_SECONDS) * 1000;

const BLANK: Chat = {
  id: '',
  phase: 'detached',
  queueId: '',
  weight: 1,
  priority: 0,
  enteredAt: 0,
  firstEnteredAt: 0,
  turn: 0,
  seq: 0,
  entryVersion: 0,
  sourceVersion: 0,
  contactId: '',
  lastAgentId: '',
  language: '',
  topic: '',
  pageUrl: '',
  pageTitle: '',
  channel: '',
  requirements: NO_REQUIREMENTS,
  workflowVersion: 0,
  filter: 0,
  filterName: '',
  target: 0,
  targetUntil: 0,
  preferredAgentId: '',
  preferredUntil: 0,
  parked: false,
  failsafeAt: 0,
  failsafeTimes: 0,
  escalated: false,
  offers: [],
  assignments: [],
  transfer: undefined,
  warm: false,
  leavingAgentId: '',
  excluded: NOBODY,
  lane: undefined,
  due: undefined,
};

/** A chat with these facts. All have the same shape, which is what makes them fast. */
export const newChat = (facts: Partial<Chat> & Pick<Chat, 'id'>): Chat => ({ ...BLANK, ...facts });

/** Lets a chat wait as the event says; one that is known keeps the agents it is not to be offered to. */
export const enqueue = (state: RoutingState, entry: routing.ConversationEnqueued, time: number): void => {
  const known = state.chats.get(entry.conversationId);
  if (known) leaveQueue(state, known);
  const enteredAt = entry.enteredAt?.getTime() ?? time;
  const firstEnteredAt = entry.firstEnteredAt?.getTime() ?? enteredAt;
  const chat = newChat({
    id: entry.conversationId,
    queueId: entry.queueId,
    weight: entry.weight,
    priority: entry.priority,
    enteredAt,
    firstEnteredAt,
    turn: turnOf(firstEnteredAt, entry.priority, state.settings.ageingSeconds),
    seq: state.version,
    entryVersion: entry.sourceVersion,
    sourceVersion: entry.sourceVersion,
    contactId: entry.contactId,
    lastAgentId: entry.lastAgentId,
    language: entry.language,
    topic: entry.topic,
    pageUrl: entry.pageUrl,
    pageTitle: entry.pageTitle,
    channel: entry.channel,
    requirements: entry.requirements ?? NO_REQUIREMENTS,
    workflowVersion: entry.workflowVersion,
    filter: entry.filter,
    filterName: entry.filterName,
    preferredAgentId: entry.preferredAgentId,
    preferredUntil: entry.preferredUntil?.getTime() ?? 0,
    parked: entry.reason === conversation.QueueEntered_Reason.REASON_UNPARKED,
    failsafeAt: enteredAt + failsafeMs(state.queues.get(entry.queueId)),
    excluded: known?.excluded ?? NOBODY,
  });
  state.chats.set(chat.id, chat);
  state.ended.delete(chat.id);
  enterLine(state, chat);
  wait(state, chat);
  const giver = state.agents.get(entry.transferredBy);
  if (giver) exclude(state, chat, giver, chat.failsafeAt);
};

/** Puts a chat into the line of its queue. */
export const enterLine = (state: RoutingState, chat: Chat): void => {
  const queue = state.queues.get(chat.queueId);
  queue?.line.add(chat);
  queue?.ages.add(chat);
};

/** Takes a chat out of its queue's line; whoever was offered it is dealt with by the caller. */
export const quitLine = (state: RoutingState, chat: Chat): void => {
  const queue = state.queues.get(chat.queueId);
  queue?.line.delete(chat);
  queue?.ages.drop();
};

/** Puts a chat among those that wait for an offer: in its lane, or with the agent that it is kept for. */
export const wait = (state: RoutingState, chat: Chat): void => {
  chat.phase = 'waiting';
  const preferred = state.agents.get(chat.preferredAgentId);
  if (preferred) preferred.reserved.add(chat);
  else {
    chat.preferredAgentId = '';
    joinLane(state, chat);
  }
  reschedule(state, chat);
};

/** Takes a chat from among those that wait for an offer. */
export const stopWaiting = (state: RoutingState, chat: Chat): void => {
  state.agents.get(chat.preferredAgentId)?.reserved.delete(chat);
  quitLane(state, chat);
};

const leaveQueue = (state: RoutingState, chat: Chat): void => {
  if (isInLine(chat)) quitLine(state, chat);
  if (chat.phase === 'waiting') stopWaiting(state, chat);
  chat.phase = 'detached';
  reschedule(state, chat);
};

/** Changes what a chat's turn, lane and queue depend on, wherever it stands. */
export const placeChat = (
  state: RoutingState,
  chat: Chat,
  { queueId, priority, requirements }: Pick<Chat, 'queueId' | 'priority' | 'requirements'>,
): void => {
  // On entering its first target a chat stands right already.
  if (chat.queueId === queueId && chat.priority === priority && chat.requirements === requirements)
    return reschedule(state, chat);
  replace(state, chat, () => {
    chat.queueId = queueId;
    chat.priority = priority;
    chat.requirements = requirements;
  });
};

const replace = (state: RoutingState, chat: Chat, change: () => void): void => {
  const { phase } = chat;
  const inLine = isInLine(chat);
  if (phase === 'waiting') stopWaiting(state, chat);
  const from = chat.queueId;
  if (inLine) state.queues.get(from)?.line.delete(chat);
  change();
  chat.turn = turnOf(chat.firstEnteredAt, chat.priority, state.settings.ageingSeconds);
  if (inLine && chat.queueId === from) state.queues.get(from)?.line.add(chat);
  else if (inLine) {
    state.queues.get(from)?.ages.drop();
    enterLine(state, chat);
  }
  if (phase === 'waiting') wait(state, chat);
  else reschedule(state, chat);
};

/** Notes when something is to happen with the chat next, if nobody does anything. */
export const reschedule = (state: RoutingState, chat: Chat): void => {
  const at = dueAt(state, chat);
  if (chat.due?.at === at) return;
  if (chat.due) {
    chat.due = undefined;
    state.due.drop();
  }
  if (at === Infinity) return;
  const due: Due = { at, kind: 'chat', id: chat.id, agentId: '' };
  chat.due = due;
  state.due.add(due);
};

const dueAt = (state: RoutingState, chat: Chat): number => {
  const { phase, failsafeAt } = chat;
  if (phase === 'offered') return failsafeAt;
  if (phase !== 'waiting') return Infinity;
  return Math.min(failsafeAt, leavesAt(state, chat), preferenceEndsAt(chat));
};

const preferenceEndsAt = (chat: Chat): number => (chat.preferredAgentId ? chat.preferredUntil : Infinity);

/** When a waiting chat has to leave its target: its time is over, it waits for too long, or the queue has closed. */
export const leavesAt = (state: RoutingState, chat: Chat): number => {
  const queue = state.queues.get(chat.queueId);
  const target = chat.targetUntil || Infinity;
  if (!queue || chat.preferredAgentId) return target;
  const { maxWaitSeconds } = queue.config;
  const limit = maxWaitSeconds > 0 ? chat.enteredAt + maxWaitSeconds * 1000 : Infinity;
  return Math.min(target, limit, queue.open ? Infinity : queue.hoursSince);
};

/** Forgets a chat; the caller has freed what agents held for it. */
export const removeChat = (state: RoutingState, chat: Chat): void => {
  leaveQueue(state, chat);
  for (const agentId of chat.excluded.keys()) {
    const agent = state.agents.get(agentId);
    if (agent) readmit(state, chat, agent);
  }
  state.chats.delete(chat.id);
};

/** Remembers at which version a conversation ended; the oldest are forgotten beyond ENDED_KEPT. */
export const remember = (state: RoutingState, conversationId: string, version: number): void => {
  state.ended.delete(conversationId);
  state.ended.set(conversationId, version);
  if (state.ended.size <= ENDED_KEPT + ENDED_AT_ONCE) return;
  // Many at once: finding the first of a map costs as much as was deleted before it.
  for (const oldest of state.ended.keys()) {
    state.ended.delete(oldest);
    if (state.ended.size <= ENDED_KEPT) return;
  }
};

/** Removes a queue; whatever is in it goes on in the default queue, with its place by age. */
export const moveQueue = (state: RoutingState, queueId: string): void => {
  const from = state.queues.get(queueId);
  if (!from) return;
  if (from.hoursUntil) state.due.drop();
  const isDefault = defaultQueue(state) === from;
  const to = isDefault ? undefined : defaultQueue(state);
  if (to)
    for (const chat of state.chats.values())
      if (chat.queueId === queueId) placeChat(state, chat, { ...chat, queueId: to.config.queueId });
  if (to) to.active += from.active;
  state.queues.delete(queueId);
  dropEmptyLanes(state, queueId);
};

/** When a queue's hours change, as something due. */
export const hoursDue = (queueId: string, at: number): Due => ({
  at,
  kind: 'hours',
  id: queueId,
  agentId: '',
});

/** Sorts all chats anew: what a level of priority is worth has changed. */
export const sortAnew = (state: RoutingState): void => {
  for (const chat of state.chats.values()) replace(state, chat, () => undefined);
};
