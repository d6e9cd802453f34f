import { conversation } from '@parley/contracts';
import { failedPrecondition } from '@parley/kernel';
import type { JoinAsSupervisor, TakeOver, Whisper } from './care-commands.js';
import type { Fact } from './events.js';
import { agentLeft, transferEnds } from './facts.js';
import { maskCards } from './mask.js';
import { happened, hasAgent, maySupervise, nothing, refuse, type Decision } from './rules.js';
import type { State } from './state.js';
import { sameId } from './repetition.js';

/** For the agents of the chat only. */
export const whisper = (state: State, { by, now, whisperId, text }: Whisper): Decision => {
  const refused = maySupervise(state, by) ?? hasAgent(state);
  if (refused) return refuse(refused);
  const same = sameId(state, by, whisperId);
  if (same) return same;
  return happened(by, now, { $case: 'whisperSent', value: { whisperId, text: maskCards(text) } });
};

/** Beside the agent, seen by all. Nothing for who is in the chat already. */
export const joinAsSupervisor = (state: State, { by, now }: JoinAsSupervisor): Decision => {
  const refused = maySupervise(state, by) ?? hasAgent(state);
  if (refused) return refuse(refused);
  const { id, name } = by.actor;
  if (state.supervisorIds.includes(id) || state.agentIds.includes(id)) return nothing;
  return happened(by, now, {
    $case: 'supervisorJoined',
    value: { supervisorId: id, supervisorName: name },
  });
};

/**
 * The supervisor becomes the chat's only agent, whoever was before leaves: also of a chat that waits, is parked, or
 * is with a bot. Not of one in which the visitor writes a message for later: that is answered as a follow-up.
 */
export const takeOver = (state: State, { by, now }: TakeOver): Decision => {
  const refused = maySupervise(state, by);
  if (refused) return refuse(refused);
  if (state.status === conversation.ConversationState.CONVERSATION_STATE_TAKING_MESSAGE)
    return refuse(
      failedPrecondition(
        'TAKING_MESSAGE',
        'The visitor is leaving a message, nobody waits in this chat: answer the follow-up.',
      ),
    );
  const { id, name } = by.actor;
  const others = state.agentIds.filter((agentId) => agentId !== id);
  const within = state.agentIds.includes(id);
  if (within && others.length === 0) return nothing;
  const facts: Fact[] = [
    ...transferEnds(state),
    ...others.map((agentId) => agentLeft(agentId, conversation.AgentLeft_Reason.REASON_TAKEN_OVER)),
  ];
  if (state.supervisorIds.includes(id)) facts.push({ $case: 'supervisorLeft', value: { supervisorId: id } });
  facts.push({ $case: 'takenOver', value: { supervisorId: id, supervisorName: name } });
  if (!within)
    facts.push({
      $case: 'agentJoined',
      value: { agentId: id, agentName: name, queueId: state.queueId, offerId: '', transferId: '' },
    });
  return happened(by, now, ...facts);
};
