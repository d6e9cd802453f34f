import type { routing } from '@parley/contracts';
import { ok, unreachable, type ApiError, type Result } from '@parley/kernel';
import type { Command } from './commands.js';
import { putAgent, putQueue, removeQueue } from './decide-config.js';
import { endConversation, enqueue } from './decide-conversations.js';
import { acceptOffer, declineOffer, endWrapUp } from './decide-offers.js';
import { setPresence } from './decide-presence.js';
import { tick } from './decide-time.js';
import { Decision, type Refusal } from './decision.js';
import { isAvailable, type RoutingState } from './state.js';

/** Bumped when the same state and command lead to other events; every commit carries it. */
export const ENGINE_VERSION = 1;

/**
 * Decides one command at a time (ms; never before the state's last event) and returns its events, which are applied to
 * the state already. A refusal leaves the state as it was. The same state, command and time give the same events.
 */
export const decide = (
  state: RoutingState,
  command: Command,
  now: number,
): Result<readonly routing.RoutingEvent[], ApiError> => {
  const decision = new Decision(state, Math.max(now, state.time));
  const refusal = carryOut(decision, command);
  if (refusal) return { ok: false, error: refusal };
  decision.settle();
  return ok(decision.events);
};

const carryOut = (decision: Decision, command: Command): Refusal => {
  switch (command.kind) {
    case 'putQueue':
      return putQueue(decision, command.queue, command.expectedVersion);
    case 'removeQueue':
      return removeQueue(decision, command.queueId);
    case 'putAgent':
      return putAgent(decision, command.agent, command.expectedVersion);
    case 'acceptOffer':
      return acceptOffer(decision, command.offerId, command.agentId);
    case 'declineOffer':
      return declineOffer(decision, command);
    case 'endWrapUp':
      return endWrapUp(decision, command.conversationId, command.agentId);
    case 'enqueue':
      return enqueue(decision, command.entry);
    case 'endConversation':
      return endConversation(decision, command);
    case 'setPresence':
      setPresence(decision, command.report);
      return undefined;
    case 'tick':
      return tick(decision);
    case 'settle':
      for (const agent of decision.state.agents.values()) if (isAvailable(agent)) decision.touchAgent(agent);
      return undefined;
    default:
      return unreachable(command);
  }
};
