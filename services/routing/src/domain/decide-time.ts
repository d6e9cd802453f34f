import type { Decision } from './decision.js';
import { rescindAll } from './decide-offers.js';
import type { Due } from './state.js';

/** Due things one tick carries out at most, so that a commit stays small. */
export const TICK_LIMIT = 100;

/** Carries out what is due by now: offers time out, wrap-up ends, agents may be offered a chat again. */
export const tick = (decision: Decision): undefined => {
  for (let done = 0; done < TICK_LIMIT; done++) {
    const due = decision.state.due.first();
    if (!due || due.at > decision.now) return;
    carryOut(decision, due);
  }
};

const carryOut = (decision: Decision, { kind, conversationId, agentId }: Due): void => {
  const agent = decision.state.agents.get(agentId);
  if (kind === 'wrap_up') {
    decision.emit({ $case: 'wrapUpEnded', value: { conversationId, agentId } });
    decision.touchAgent(agent);
    return;
  }
  decision.touchChat(conversationId);
  if (kind === 'exclusion') {
    decision.emit({ $case: 'exclusionEnded', value: { conversationId, agentId } });
    return;
  }
  const offerId = decision.state.chats.get(conversationId)?.offerId ?? '';
  decision.emit({ $case: 'offerTimedOut', value: { offerId, conversationId, agentId } });
  decision.emit({ $case: 'agentNotResponding', value: { agentId, offerId } });
  // Whoever did not hear one offer does not hear the others: nobody should wait for them.
  if (agent) rescindAll(decision, agent);
};
