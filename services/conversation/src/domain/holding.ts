import { conversation } from '@parley/contracts';
import { failedPrecondition } from '@parley/kernel';
import type { Hold, Park, Resume, Unpark } from './care-commands.js';
import type { Fact } from './events.js';
import { queueEntered, transferEnds } from './facts.js';
import type { By } from './given.js';
import { happened, hasAgent, inCharge, mayHandle, nothing, refuse, type Decision } from './rules.js';
import type { State } from './state.js';

const { ConversationState: Status } = conversation;

/** Whose chat it is: the caller's, when they are in it, else that of the agent who has been in it longest. */
const agentOf = (state: State, by: By): string =>
  inCharge(state, by) ? by.actor.id : (state.agentIds[0] ?? '');

/** The visitor is asked to wait; the slot is kept. */
export const hold = (state: State, { by, now }: Hold): Decision => {
  const refused = mayHandle(state, by) ?? hasAgent(state);
  if (refused) return refuse(refused);
  if (state.status === Status.CONVERSATION_STATE_ON_HOLD) return nothing;
  return happened(by, now, { $case: 'held', value: { agentId: agentOf(state, by) } });
};

export const resume = (state: State, { by, now }: Resume): Decision => {
  const refused = mayHandle(state, by) ?? hasAgent(state);
  if (refused) return refuse(refused);
  if (state.status !== Status.CONVERSATION_STATE_ON_HOLD) return nothing;
  return happened(by, now, { $case: 'resumed', value: { agentId: agentOf(state, by) } });
};

/** Releases the slot of an idle chat. Only of one agent: with two, one of them leaves. */
export const park = (state: State, { by, now }: Park): Decision => {
  const refused = mayHandle(state, by);
  if (refused) return refuse(refused);
  if (state.parkedBy) return nothing;
  const without = hasAgent(state);
  if (without) return refuse(without);
  if (state.agentIds.length > 1)
    return refuse(
      failedPrecondition('SEVERAL_AGENTS', 'Another agent is in the chat too: leave it instead of parking.'),
    );
  return happened(by, now, ...transferEnds(state), {
    $case: 'parked',
    value: { agentId: agentOf(state, by) },
  });
};

/** How a parked chat goes on: through its queue, whoever parked it being asked first. */
export const unparked = (state: State): Fact =>
  queueEntered(state.queueId, conversation.QueueEntered_Reason.REASON_UNPARKED, {
    preferredAgentId: state.parkedBy,
  });

export const unpark = (state: State, { by, now }: Unpark): Decision => {
  const refused = mayHandle(state, by);
  if (refused) return refuse(refused);
  if (!state.parkedBy)
    return refuse(
      failedPrecondition('NOT_PARKED', 'The chat is not parked (any more): there is nothing to take back.'),
    );
  return happened(by, now, unparked(state));
};
