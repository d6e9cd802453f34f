import { failedPrecondition, invalidArgument, permissionDenied, type ApiError } from '@parley/kernel';
import type { AnswerFollowUp, AssignFollowUp } from './care-commands.js';
import type { Fact } from './events.js';
import { messageSent } from './facts.js';
import { addressed } from './messages-taken.js';
import { happened, mayKnow, nothing, refuse, standsAbove, type Decision } from './rules.js';
import type { FollowUpState, State } from './state.js';
import { sameId } from './repetition.js';

const noFollowUp = (state: State): ApiError =>
  state.followUp
    ? failedPrecondition('FOLLOW_UP_ANSWERED', 'The message has been answered already.')
    : failedPrecondition(
        'NO_FOLLOW_UP',
        'No message was left in this conversation: there is nothing to answer.',
      );

const openOne = (state: State): FollowUpState | undefined =>
  state.followUp?.answeredAt === 0 ? state.followUp : undefined;

/** Who answers it, and until when. Agents take what is a queue's and give back their own; others stand above. */
export const assignFollowUp = (state: State, command: AssignFollowUp): Decision => {
  const { by, now, agentId, dueAt } = command;
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  const followUp = openOne(state);
  if (!followUp) return refuse(noFollowUp(state));
  const own = by.actor.id;
  if (!standsAbove(by) && ![followUp.ownerId, agentId].every((id) => id === '' || id === own))
    return refuse(
      permissionDenied(
        'NOT_YOURS',
        'Agents take messages for themselves: ask a supervisor to move this one.',
      ),
    );
  if (dueAt > 0 && dueAt < followUp.takenAt)
    return refuse(invalidArgument('dueAt', 'choose a time after the message was left.'));
  if (followUp.ownerId === agentId && (dueAt === 0 || dueAt === followUp.dueAt)) return nothing;
  return happened(by, now, {
    $case: 'followUpAssigned',
    value: { agentId, dueAt: dueAt > 0 ? new Date(dueAt) : undefined },
  });
};

/** Sends the answer and ends the follow-up. The conversation stays closed. */
export const answerFollowUp = (state: State, command: AnswerFollowUp): Decision => {
  const { by, now, messageId, text, address } = command;
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  const same = sameId(state, by, messageId);
  if (same) return same;
  const followUp = openOne(state);
  if (!followUp) return refuse(noFollowUp(state));
  if (!standsAbove(by) && followUp.ownerId && followUp.ownerId !== by.actor.id)
    return refuse(
      permissionDenied('NOT_YOURS', 'A colleague answers this one: ask them or a supervisor to pass it on.'),
    );
  const facts: Fact[] = [
    ...addressed(address),
    messageSent(messageId, text, 0),
    { $case: 'followUpAnswered', value: { agentId: by.actor.id, byMail: address !== undefined } },
  ];
  return happened(by, now, ...facts);
};
