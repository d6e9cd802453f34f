import type { routing } from '@parley/contracts';
import { ok, unreachable, type ApiError, type Result } from '@parley/kernel';
import type { Command } from './commands.js';
import { putAgent, removeAgent } from './decide-agents.js';
import { assignConversation, startAssignment } from './decide-assign.js';
import { putSchedule, putSettings, putSkill, removeSchedule, removeSkill } from './decide-catalogue.js';
import { putQueue, removeQueue } from './decide-config.js';
import { endConversation, enqueue } from './decide-conversations.js';
import { acceptOffer, declineOffer, endWrapUp } from './decide-offers.js';
import { setPresence } from './decide-presence.js';
import { putTeam, removeTeam, replyCaughtUp, replyOverdue } from './decide-team.js';
import { tick } from './decide-time.js';
import { cancelTransfer, requestTransfer } from './decide-transfers.js';
import { publishWorkflow, rollBackWorkflow, saveWorkflowDraft } from './decide-workflow.js';
import { Decision } from './decision.js';
import type { Ports } from './ports.js';
import type { Refusal } from './refusal.js';
import { isAvailable, type RoutingState } from './state.js';

/** Bumped when the same state and command lead to other events; every commit carries it. */
export const ENGINE_VERSION = 5;

/**
 * Decides one command at a time (ms; never before the state's last event) and returns its events, which are applied to
 * the state already. A refusal leaves the state as it was. The same state, command and time give the same events.
 */
export const decide = (
  state: RoutingState,
  command: Command,
  now: number,
  ports: Ports,
): Result<readonly routing.RoutingEvent[], ApiError> => {
  const decision = new Decision(state, Math.max(now, state.time), ports);
  const refusal = carryOut(decision, command);
  if (refusal) return { ok: false, error: refusal };
  decision.settle();
  return ok(decision.events);
};

const carryOut = (decision: Decision, command: Command): Refusal => {
  switch (command.kind) {
    case 'putQueue':
      return putQueue(decision, command.queue, command);
    case 'removeQueue':
      return removeQueue(decision, command.queueId, command);
    case 'putAgent':
      return putAgent(decision, command.agent, command);
    case 'removeAgent':
      return removeAgent(decision, command.agentId, command);
    case 'putTeam':
      return putTeam(decision, command.team, command);
    case 'removeTeam':
      return removeTeam(decision, command.teamId, command);
    case 'putSkill':
      return putSkill(decision, command.skill, command);
    case 'removeSkill':
      return removeSkill(decision, command.skillId, command);
    case 'putSchedule':
      return putSchedule(decision, command.schedule, command);
    case 'removeSchedule':
      return removeSchedule(decision, command.scheduleId, command);
    case 'putSettings':
      return putSettings(decision, command.settings, command);
    case 'saveWorkflowDraft':
      return saveWorkflowDraft(decision, command.workflow, command);
    case 'publishWorkflow':
      return publishWorkflow(decision, command);
    case 'rollBackWorkflow':
      return rollBackWorkflow(decision, command);
    case 'enqueue':
      return enqueue(decision, command.entry, command.attributes);
    case 'endConversation':
      return endConversation(decision, command);
    case 'requestTransfer':
      return requestTransfer(decision, command.transfer);
    case 'cancelTransfer':
      return cancelTransfer(decision, command.conversationId, command.transferId);
    case 'assignConversation':
      return assignConversation(decision, command);
    case 'startAssignment':
      return startAssignment(decision, command);
    case 'acceptOffer':
      return acceptOffer(decision, command.offerId, command.agentId);
    case 'declineOffer':
      return declineOffer(decision, command);
    case 'endWrapUp':
      return endWrapUp(decision, command.conversationId, command.agentId);
    case 'setPresence':
      setPresence(decision, command.report);
      return undefined;
    case 'replyOverdue':
      return replyOverdue(decision, command);
    case 'replyCaughtUp':
      return replyCaughtUp(decision, command.conversationId, command.agentId);
    case 'tick':
      return tick(decision);
    case 'settle':
      for (const agent of decision.state.agents.values()) if (isAvailable(agent)) decision.touchAgent(agent);
      return undefined;
    default:
      return unreachable(command);
  }
};
