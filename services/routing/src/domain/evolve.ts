import type { routing } from '@parley/contracts';
import { unreachable } from '@parley/kernel';
import { COOL_DOWN_MS, enqueue } from './chats.js';
import { presenceChanged, shiftStarted, wrapUpEnded, wrapUpStarted } from './evolve-agents.js';
import { assignmentEnded, assignmentStarted } from './evolve-assignments.js';
import {
  conversationDequeued,
  failsafeActed,
  preferenceEnded,
  targetEntered,
  transferEnded,
  transferRequested,
} from './evolve-chats.js';
import {
  agentConfigured,
  agentRemoved,
  queueConfigured,
  queueHoursChanged,
  queueRemoved,
  settingsConfigured,
  teamConfigured,
  teamRemoved,
  workflowPublished,
} from './evolve-config.js';
import { endRecorded } from './evolve-chats.js';
import { offerAccepted, offerMade, offerReturned } from './evolve-offers.js';
import { changeAgent, exclude, readmit } from './indexes.js';
import { agentOf, withBoth } from './lookup.js';
import { UNTIL_AVAILABLE, type RoutingState } from './state.js';

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
    case 'queueHoursChanged':
      return queueHoursChanged(state, event.value, time);
    case 'agentConfigured':
      return agentConfigured(state, event.value, time);
    case 'agentRemoved':
      return agentRemoved(state, event.value);
    case 'teamConfigured':
      return teamConfigured(state, event.value);
    case 'teamRemoved':
      return teamRemoved(state, event.value);
    case 'skillConfigured':
      if (event.value.skill) state.skills.set(event.value.skill.skillId, event.value.skill);
      return;
    case 'skillRemoved':
      state.skills.delete(event.value.skillId);
      return;
    case 'scheduleConfigured':
      if (event.value.schedule) state.schedules.set(event.value.schedule.scheduleId, event.value.schedule);
      return;
    case 'scheduleRemoved':
      state.schedules.delete(event.value.scheduleId);
      return;
    case 'settingsConfigured':
      return settingsConfigured(state, event.value);
    case 'workflowDraftSaved':
      state.draft = event.value.workflow;
      state.draftRevision = event.value.revision;
      return;
    case 'workflowPublished':
      return workflowPublished(state, event.value);
    case 'agentPresenceChanged':
      return presenceChanged(state, event.value, time);
    case 'shiftStarted':
      return shiftStarted(state, event.value, time);
    case 'agentNotResponding':
      return changeAgent(state, agentOf(state, event.value.agentId), (agent) => {
        agent.notResponding = true;
        agent.statusSince = time;
      });
    case 'replyOverdue':
      return changeAgent(state, agentOf(state, event.value.agentId), (agent) => {
        agent.overdue.add(event.value.conversationId);
      });
    case 'replyCaughtUp':
      return changeAgent(state, agentOf(state, event.value.agentId), (agent) => {
        agent.overdue.delete(event.value.conversationId);
      });
    case 'wrapUpStarted':
      return wrapUpStarted(state, event.value, time);
    case 'wrapUpEnded':
      return wrapUpEnded(state, event.value, time);
    case 'conversationEnqueued':
      return enqueue(state, event.value, time);
    case 'conversationDequeued':
      return conversationDequeued(state, event.value);
    case 'conversationEndRecorded':
      return endRecorded(state, event.value);
    case 'targetEntered':
      return targetEntered(state, event.value);
    case 'preferenceEnded':
      return preferenceEnded(state, event.value);
    case 'failsafeActed':
      return failsafeActed(state, event.value, time);
    case 'overflowReached':
      // The chat leaves with the ConversationDequeued that follows.
      return;
    case 'transferRequested':
      return transferRequested(state, event.value, time);
    case 'transferEnded':
      return transferEnded(state, event.value);
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
      return offerReturned(state, event.value, undefined);
    case 'exclusionEnded':
      return withBoth(state, event.value, (chat, agent) => readmit(state, chat, agent));
    case 'assignmentStarted':
      return assignmentStarted(state, event.value, time);
    case 'assignmentEnded':
      return assignmentEnded(state, event.value, time);
    default:
      return unreachable(event);
  }
};
