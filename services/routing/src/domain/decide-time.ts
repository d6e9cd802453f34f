import { unreachable } from '@parley/kernel';
import { chatIsDue } from './decide-failsafe.js';
import { hoursPassed } from './decide-hours.js';
import { timeOut } from './decide-offers.js';
import type { Decision } from './decision.js';
import type { Due } from './state.js';

/** Due things one tick carries out at most, so that a commit stays small. */
export const TICK_LIMIT = 100;

/** Carries out what is due by now: offers time out, wrap-up ends, targets give way, hours change, the failsafe acts. */
export const tick = (decision: Decision): undefined => {
  for (let done = 0; done < TICK_LIMIT; done++) {
    const due = decision.state.due.first();
    if (!due || due.at > decision.now) return;
    carryOut(decision, due);
  }
};

const carryOut = (decision: Decision, { kind, id, agentId }: Due): void => {
  switch (kind) {
    case 'chat':
      return chatIsDue(decision, id);
    case 'hours':
      return hoursPassed(decision, id);
    case 'offer':
      return timeOut(decision, id, agentId);
    case 'wrap_up':
      decision.emit({ $case: 'wrapUpEnded', value: { conversationId: id, agentId } });
      return decision.touchAgent(decision.state.agents.get(agentId));
    case 'exclusion':
      decision.emit({ $case: 'exclusionEnded', value: { conversationId: id, agentId } });
      return decision.touchChat(id);
    default:
      return unreachable(kind);
  }
};
