import { common, conversation, DEFAULT_QUEUE_ID } from '@parley/contracts';
import { failedPrecondition, invalidArgument, permissionDenied } from '@parley/kernel';
import type { AddNote, ChangePage, Introduce, MarkRead, Send, Start } from './commands.js';
import type { Fact } from './events.js';
import { identified, messageSent, queueEntered } from './facts.js';
import { maskCards, maskValues } from './mask.js';
import {
  happened,
  isAgent,
  mayAct,
  mayKnow,
  notAParticipant,
  nothing,
  refuse,
  inCharge,
  standsAbove,
  takesPart,
  type Decision,
} from './rules.js';
import { unparked } from './holding.js';
import { messageTaken, nothingWritten } from './messages-taken.js';
import { sameId, wrongOrder } from './repetition.js';
import { isOpenFollowUp, type State } from './state.js';

const { QueueEntered_Reason: Entered } = conversation;

/**
 * Opens the conversation: started, identified if they said who they are, the first message, into the queue. A message
 * that is left for later ends it in the same commit.
 */
export const start = (state: State, command: Start): Decision => {
  // Another tab has finished the same reservation: there is one conversation, and this is it.
  if (state.version > 0) return nothing;
  const facts: Fact[] = [
    {
      $case: 'started',
      value: {
        contactId: command.contactId,
        channel: command.channel,
        locale: command.locale,
        page: command.page,
        topic: maskCards(command.topic),
        prechat: maskValues(command.prechat),
      },
    },
  ];
  if (command.name || command.email) facts.push(identified(command.name, command.email, '', false));
  if (command.text) {
    // Integrations open conversations for a contact; what they write is their own and not counted as the visitor's.
    const counts = command.by.actor.kind === common.Actor_Kind.KIND_VISITOR;
    facts.push(messageSent(command.messageId, command.text, counts ? 1 : 0));
  }
  const queueId = command.queueId || DEFAULT_QUEUE_ID;
  if (command.replyBy === undefined) facts.push(queueEntered(queueId, Entered.REASON_STARTED));
  else if (command.text) facts.push(...messageTaken(queueId, command.replyBy, command.now));
  else return refuse(nothingWritten());
  return happened(command.by, command.now, ...facts);
};

/**
 * A message of the visitor, of an agent or supervisor in the chat, or of an integration. A visitor's brings a parked
 * chat back into its queue; an agent's answers what was left to be answered later.
 */
export const send = (state: State, { by, now, messageId, text, clientSeq }: Send): Decision => {
  const refused = mayAct(state, by);
  if (refused) return refuse(refused);
  if (isAgent(by) && !takesPart(state, by))
    return refuse(
      state.parkedBy
        ? failedPrecondition('CONVERSATION_PARKED', 'The chat is parked: take it back first (unpark).')
        : notAParticipant(),
    );
  const refusal = sameId(state, by, messageId) ?? wrongOrder(state, by, clientSeq);
  if (refusal) return refusal;
  const facts = [messageSent(messageId, text, clientSeq)];
  if (state.parkedBy && by.role === 'visitor') facts.push(unparked(state));
  if (isAgent(by) && isOpenFollowUp(state.followUp))
    facts.push({ $case: 'followUpAnswered', value: { agentId: by.actor.id, byMail: false } });
  return happened(by, now, ...facts);
};

/** A note for colleagues; agents in the chat, supervisors and admins anywhere. */
export const note = (state: State, { by, now, noteId, text }: AddNote): Decision => {
  const refused = mayAct(state, by);
  if (refused) return refuse(refused);
  if (by.role === 'visitor')
    return refuse(permissionDenied('ROLE_NOT_ALLOWED', 'Notes are for agents: send a message instead.'));
  if (!standsAbove(by) && !inCharge(state, by)) return refuse(notAParticipant());
  const same = sameId(state, by, noteId);
  if (same) return same;
  return happened(by, now, { $case: 'noteAdded', value: { noteId, text: maskCards(text) } });
};

/** Marks only move forward. Of those who are not in the chat nothing is noted: their reading answers nobody. */
export const read = (state: State, { by, now, version }: MarkRead): Decision => {
  const refused = mayKnow(state, by);
  if (refused) return refuse(refused);
  if (version > state.version)
    return refuse(
      invalidArgument('version', `the conversation ends at ${state.version}: mark that at most.`),
    );
  const visitor = by.role === 'visitor';
  if (!visitor && !takesPart(state, by)) return nothing;
  if (version <= (visitor ? state.visitorRead : state.agentRead)) return nothing;
  return happened(by, now, { $case: 'readUpTo', value: { version } });
};

export const changePage = (state: State, { by, now, page }: ChangePage): Decision => {
  const refused = mayAct(state, by);
  if (refused) return refuse(refused);
  if (page.url === state.pageUrl) return nothing;
  return happened(by, now, { $case: 'pageChanged', value: { page } });
};

/** Who the visitor is, said by themselves or, verified, by the customer's server. */
export const introduce = (state: State, command: Introduce): Decision => {
  const refused = mayAct(state, command.by);
  if (refused) return refuse(refused);
  if (!command.name && !command.email && !command.externalId)
    return refuse(invalidArgument('name', 'give a name or a mail address, or both.'));
  return happened(
    command.by,
    command.now,
    identified(command.name, command.email, command.externalId, command.verified),
  );
};
