import { conversation } from '@parley/contracts';
import type { Join, ReleaseAgent } from './commands.js';
import type { Fact } from './events.js';
import { happened, mayAct, mayKnow, nothing, refuse, type Decision } from './rules.js';
import { isOpen, type State } from './state.js';

/** Routing's decision carried out. Refused once closed, so that routing frees the agent's slot. */
export const join = (state: State, command: Join): Decision => {
  const refused = mayAct(state, command.by);
  if (refused) return refuse(refused);
  if (state.agentIds.includes(command.agentId)) return nothing;
  return happened(command.by, command.now, {
    $case: 'agentJoined',
    value: {
      agentId: command.agentId,
      agentName: command.agentName,
      queueId: command.queueId || state.queueId,
      offerId: command.offerId,
    },
  });
};

/** An agent is gone for good; without another one in the chat it goes back to its queue. */
export const releaseAgent = (state: State, { by, now, agentId }: ReleaseAgent): Decision => {
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  if (!isOpen(state) || !state.agentIds.includes(agentId)) return nothing;
  const left: Fact = {
    $case: 'agentLeft',
    value: { agentId, reason: conversation.AgentLeft_Reason.REASON_DISCONNECTED },
  };
  if (state.agentIds.length > 1) return happened(by, now, left);
  return happened(by, now, left, {
    $case: 'queueEntered',
    value: { queueId: state.queueId, reason: conversation.QueueEntered_Reason.REASON_AGENT_LEFT },
  });
};
