import { conversation } from '@parley/contracts';
import { failedPrecondition, type ApiError } from '@parley/kernel';
import type { Leave } from './care-commands.js';
import type { Join, ReleaseAgent } from './commands.js';
import type { Fact } from './events.js';
import { agentLeft, queueEntered, transferEnds } from './facts.js';
import { happened, mayAct, mayKnow, notAParticipant, nothing, refuse, type Decision } from './rules.js';
import { isCurrent, isOpen, type State } from './state.js';
import { transferDone } from './transfers.js';

const { AgentLeft_Reason: Left, QueueEntered_Reason: Entered } = conversation;

const supervisorLeft = (supervisorId: string): Fact => ({ $case: 'supervisorLeft', value: { supervisorId } });

/**
 * Routing's decision carried out. Refused when the chat does not wait for it (any more), so that routing frees the
 * agent's slot: closed, taken by somebody else, or the transfer is over.
 */
export const join = (state: State, command: Join): Decision => {
  const { by, now, agentId, agentName, offerId, transferId } = command;
  const refused = mayAct(state, by);
  if (refused) return refuse(refused);
  if (state.agentIds.includes(agentId)) return nothing;
  const notAwaited = transferId ? notAskedFor(state, command) : notWaiting(state, command);
  if (notAwaited) return refuse(notAwaited);
  const joined: Fact = {
    $case: 'agentJoined',
    value: { agentId, agentName, queueId: command.queueId || state.queueId, offerId, transferId },
  };
  const done = transferId && state.transfer ? transferDone(state.transfer, state, agentId) : [];
  const before = state.supervisorIds.includes(agentId) ? [supervisorLeft(agentId)] : [];
  return happened(by, now, ...before, joined, ...done);
};

const notWaiting = (state: State, { queueVersion }: Join): ApiError | undefined =>
  state.status === conversation.ConversationState.CONVERSATION_STATE_QUEUED && isCurrent(state, queueVersion)
    ? undefined
    : failedPrecondition('NOT_WAITING', 'The chat does not wait for an agent any more: free the slot.');

const notAskedFor = (state: State, { transferId, agentId }: Join): ApiError | undefined => {
  const wanted = state.transfer?.id === transferId ? state.transfer : undefined;
  return wanted && (wanted.toAgentId === '' || wanted.toAgentId === agentId)
    ? undefined
    : failedPrecondition('TRANSFER_OVER', 'Nobody waits for this transfer any more: free the slot.');
};

const ENTERED_AFTER: Readonly<
  Partial<Record<conversation.AgentLeft_Reason, conversation.QueueEntered_Reason>>
> = { [Left.REASON_NO_REPLY]: Entered.REASON_NO_REPLY };

/** One agent less; the last one gives the chat back to its queue, and takes back what they asked others. */
const without = (state: State, agentId: string, reason: conversation.AgentLeft_Reason): readonly Fact[] => {
  const left = agentLeft(agentId, reason);
  if (state.agentIds.length > 1) return [left];
  const entered = queueEntered(state.queueId, ENTERED_AFTER[reason] ?? Entered.REASON_AGENT_LEFT);
  return [...transferEnds(state), left, entered];
};

/** An agent is gone for good, or did not reply; a supervisor who had joined is gone too. */
export const releaseAgent = (state: State, { by, now, agentId, reason }: ReleaseAgent): Decision => {
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  if (!isOpen(state)) return nothing;
  if (state.agentIds.includes(agentId))
    return happened(by, now, ...without(state, agentId, reason || Left.REASON_DISCONNECTED));
  return state.supervisorIds.includes(agentId) ? happened(by, now, supervisorLeft(agentId)) : nothing;
};

/** The caller leaves, as agent or as supervisor. */
export const leave = (state: State, { by, now }: Leave): Decision => {
  const refused = mayAct(state, by);
  if (refused) return refuse(refused);
  const { id } = by.actor;
  if (state.agentIds.includes(id)) return happened(by, now, ...without(state, id, Left.REASON_LEFT));
  if (state.supervisorIds.includes(id)) return happened(by, now, supervisorLeft(id));
  return refuse(notAParticipant());
};
