import { conversation } from '@parley/contracts';
import { alreadyExists, failedPrecondition, invalidArgument, notFound, type ApiError } from '@parley/kernel';
import type { CancelTransfer, RefuseTransfer, Transfer } from './care-commands.js';
import type { Fact } from './events.js';
import { agentLeft, queueEntered, transferEnds } from './facts.js';
import { maskCards } from './mask.js';
import { happened, hasAgent, mayHandle, mayKnow, nothing, refuse, type Decision } from './rules.js';
import { isOpen, type State, type TransferUnderWay } from './state.js';

const { TransferRequested_Mode: Mode, AgentLeft_Reason: Left } = conversation;

/**
 * Asks another agent, or the best one of a queue, to take part: the first stays until the other has joined. Only a cold
 * transfer to a queue is done at once: everybody leaves, and the chat waits there.
 */
export const transfer = (state: State, command: Transfer): Decision => {
  const { by, now, transferId, toAgentId, toQueueId } = command;
  const refused = mayHandle(state, by) ?? hasAgent(state);
  if (refused) return refuse(refused);
  if (state.transfer?.id === transferId) return nothing;
  const wrong = wrongWish(state, command);
  if (wrong) return refuse(wrong);
  const fromAgentId = state.agentIds.includes(by.actor.id) ? by.actor.id : (state.agentIds[0] ?? '');
  const mode = command.mode || Mode.MODE_COLD;
  const summary = maskCards(command.summary);
  const requested: Fact = {
    $case: 'transferRequested',
    value: { transferId, fromAgentId, toAgentId, toQueueId, summary, mode },
  };
  if (toAgentId || mode === Mode.MODE_WARM) return happened(by, now, requested);
  return happened(
    by,
    now,
    requested,
    ...state.agentIds.map((agentId) => agentLeft(agentId, Left.REASON_TRANSFERRED)),
    queueEntered(toQueueId, conversation.QueueEntered_Reason.REASON_TRANSFERRED, {
      transferredBy: fromAgentId,
    }),
    { $case: 'transferred', value: { transferId, fromAgentId, toAgentId, toQueueId, mode } },
  );
};

/** True when the transfer has been asked for already, whatever has become of it. */
export const knowsTransfer = ({ transfer, pastTransfers }: State, transferId: string): boolean =>
  transfer?.id === transferId || pastTransfers.some(({ id }) => id === transferId);

const wrongWish = (state: State, command: Transfer): ApiError | undefined => {
  const { by, transferId, toAgentId, toQueueId, summary } = command;
  if ((toAgentId === '') === (toQueueId === ''))
    return invalidArgument('toAgentId', 'name an agent or a queue, one of the two.');
  if (summary.trim() === '')
    return invalidArgument('summary', 'say in a sentence what the next agent needs to know.');
  if (toAgentId && state.agentIds.includes(toAgentId))
    return toAgentId === by.actor.id
      ? invalidArgument('toAgentId', 'you are in the chat already: choose somebody else.')
      : failedPrecondition('ALREADY_IN_CHAT', 'That agent is in the chat already: leave it to them.');
  if (state.pastTransfers.some((past) => past.id === transferId))
    return alreadyExists('TRANSFER_ID_TAKEN', 'Another transfer has this id: ask with a new one.');
  if (state.transfer)
    return failedPrecondition(
      'TRANSFER_UNDER_WAY',
      'Somebody is being asked already: wait for the answer, or cancel it.',
    );
  return undefined;
};

/** Taken back. What is refused or cancelled already changes nothing; what is done cannot be undone. */
export const cancelTransfer = (state: State, { by, now, transferId }: CancelTransfer): Decision => {
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  const past = state.pastTransfers.findLast(({ id }) => id === transferId);
  if (past?.done)
    return refuse(
      failedPrecondition('TRANSFER_OVER', 'The transfer is done: ask who has the chat now to hand it back.'),
    );
  if (past) return nothing;
  if (state.transfer?.id !== transferId)
    return refuse(notFound('TRANSFER_NOT_FOUND', 'There is no such transfer in this chat: check its id.'));
  const notAllowed = mayHandle(state, by);
  if (notAllowed) return refuse(notAllowed);
  return happened(by, now, ...transferEnds(state));
};

/** Nobody took it: whoever asked goes on. Nothing when it is over already. */
export const refuseTransfer = (state: State, command: RefuseTransfer): Decision => {
  const { by, now, transferId, reason, note } = command;
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  if (!isOpen(state) || state.transfer?.id !== transferId) return nothing;
  return happened(
    by,
    now,
    ...transferEnds(state, reason || conversation.TransferRefused_Reason.REASON_UNAVAILABLE, note),
  );
};

/** What follows when this agent has taken the transfer: cold, the first one leaves. */
export const transferDone = (
  transfer: TransferUnderWay,
  state: State,
  toAgentId: string,
): readonly Fact[] => {
  const { id: transferId, fromAgentId, toQueueId, mode } = transfer;
  const leaves = mode === Mode.MODE_COLD && state.agentIds.includes(fromAgentId);
  return [
    ...(leaves ? [agentLeft(fromAgentId, Left.REASON_TRANSFERRED)] : []),
    { $case: 'transferred', value: { transferId, fromAgentId, toAgentId, toQueueId, mode } },
  ];
};
