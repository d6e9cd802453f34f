import { routing } from '@parley/contracts';
import { COOL_DOWN_MS, newChat, quitLine, remember, removeChat, reschedule, stopWaiting } from './chats.js';
import { changeAgent, exclude } from './indexes.js';
import { withBoth } from './lookup.js';
import type { Assignment, Chat, RoutingState } from './state.js';

const Reason = routing.AssignmentEnded_Reason;
export const assignmentEnded = (state: RoutingState, end: routing.AssignmentEnded, time: number): void =>
  withBoth(state, end, (chat, agent) => {
    const assignment = chat.assignments.find(({ agentId }) => agentId === agent.id);
    if (!assignment) return;
    chat.assignments = chat.assignments.filter((other) => other !== assignment);
    if (chat.leavingAgentId === agent.id) chat.leavingAgentId = '';
    changeAgent(state, agent, () => {
      agent.used -= assignment.weight;
      agent.chats.delete(chat.id);
      agent.overdue.delete(chat.id);
      agent.idleSince = time;
    });
    chat.sourceVersion = Math.max(chat.sourceVersion, end.sourceVersion);
    if (chat.assignments.length > 0) return;
    const queue = state.queues.get(chat.queueId);
    if (queue) queue.active--;
    chat.phase = 'detached';
    chat.warm = false;
    lastOneLeft(state, chat, end, () => exclude(state, chat, agent, time + COOL_DOWN_MS));
  });

const lastOneLeft = (
  state: RoutingState,
  chat: Chat,
  { reason }: routing.AssignmentEnded,
  coolDown: () => void,
): void => {
  if (reason === Reason.REASON_CLOSED) {
    removeChat(state, chat);
    return remember(state, chat.id, chat.sourceVersion);
  }
  if (reason === Reason.REASON_JOIN_REFUSED) {
    // No proof that the conversation is over: its entry, told again, lets it wait again, unless more is known of it.
    removeChat(state, chat);
    const known = chat.sourceVersion > chat.entryVersion;
    return remember(state, chat.id, known ? chat.sourceVersion : chat.entryVersion - 1);
  }
  if (reason === Reason.REASON_AGENT_LEFT || reason === Reason.REASON_NO_REPLY) coolDown();
};

/** An agent has a chat without having been offered it. One that is not known is known from here on. */
export const assignmentStarted = (
  state: RoutingState,
  started: routing.AssignmentStarted,
  time: number,
): void => {
  if (!state.chats.has(started.conversationId)) {
    const { conversationId: id, weight, sourceVersion } = started;
    const entered = { enteredAt: time, firstEnteredAt: time, turn: time, seq: state.version };
    state.chats.set(id, newChat({ id, weight, sourceVersion, ...entered }));
    state.ended.delete(started.conversationId);
  }
  withBoth(state, started, (chat, agent) => {
    if (chat.phase === 'waiting') stopWaiting(state, chat);
    if (chat.phase === 'waiting' || chat.phase === 'offered') quitLine(state, chat);
    const queue = state.queues.get(chat.queueId);
    if (chat.phase !== 'active' && queue) queue.active++;
    chat.phase = 'active';
    chat.preferredAgentId = '';
    chat.sourceVersion = Math.max(chat.sourceVersion, started.sourceVersion);
    reschedule(state, chat);
    const { weight } = started;
    const assignment: Assignment = {
      agentId: agent.id,
      offerId: '',
      acceptedAt: time,
      weight,
      transferId: '',
    };
    chat.assignments = [...chat.assignments, assignment];
    changeAgent(state, agent, () => {
      agent.used += weight;
      agent.chats.add(chat.id);
      agent.idleSince = time;
    });
  });
};
