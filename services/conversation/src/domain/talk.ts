import { common, conversation } from '@parley/contracts';
import { alreadyExists, invalidArgument, permissionDenied } from '@parley/kernel';
import type { AddNote, By, ChangePage, Introduce, MarkRead, Send, Start } from './commands.js';
import type { Fact } from './events.js';
import { maskCards, maskValues } from './mask.js';
import {
  happened,
  isAgent,
  mayAct,
  mayKnow,
  notAParticipant,
  nothing,
  outOfOrder,
  refuse,
  standsAbove,
  type Decision,
} from './rules.js';
import { senderKey, type State } from './state.js';

const DEFAULT_QUEUE = 'default';
const STARTED = conversation.QueueEntered_Reason.REASON_STARTED;

const messageSent = (messageId: string, text: string, clientSeq: number): Fact => ({
  $case: 'messageSent',
  value: { messageId, content: { $case: 'text', value: { text: maskCards(text) } }, clientSeq },
});

/** Opens the conversation: started, identified if they said who they are, the first message, into the queue. */
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
  facts.push({
    $case: 'queueEntered',
    value: { queueId: command.queueId || DEFAULT_QUEUE, reason: STARTED },
  });
  return happened(command.by, command.now, ...facts);
};

const identified = (name: string, email: string, externalId: string, verified: boolean): Fact => ({
  $case: 'visitorIdentified',
  value: { name: maskCards(name), email, externalId, verified },
});

/**
 * What comes of a message whose id is known: nothing when it is a repetition, a refusal when somebody else's has it. All
 * visitors who may write here are one person, who may have been identified between the two.
 */
const sameId = (state: State, by: By, id: string): Decision | undefined => {
  const known = state.messages.find((message) => message.id === id);
  if (!known) return undefined;
  const kind = senderKey({ ...by.actor, id: '' });
  const own =
    known.sender === senderKey(by.actor) || (by.role === 'visitor' && known.sender.startsWith(kind));
  return own
    ? nothing
    : refuse(alreadyExists('MESSAGE_ID_TAKEN', 'Another message has this id: send yours with a new one.'));
};

/** A message of the visitor, of an agent in the chat, or of an integration. */
export const send = (state: State, { by, now, messageId, text, clientSeq }: Send): Decision => {
  const refused = mayAct(state, by);
  if (refused) return refuse(refused);
  if (isAgent(by) && !state.agentIds.includes(by.actor.id)) return refuse(notAParticipant());
  const same = sameId(state, by, messageId);
  if (same) return same;
  if (clientSeq > 0) {
    const expected = (state.clientSeqs[senderKey(by.actor)] ?? 0) + 1;
    if (clientSeq !== expected) return refuse(outOfOrder(clientSeq, expected));
  }
  return happened(by, now, messageSent(messageId, text, clientSeq));
};

/** A note for colleagues; agents in the chat, supervisors and admins anywhere. */
export const note = (state: State, { by, now, noteId, text }: AddNote): Decision => {
  const refused = mayAct(state, by);
  if (refused) return refuse(refused);
  if (by.role === 'visitor')
    return refuse(permissionDenied('ROLE_NOT_ALLOWED', 'Notes are for agents: send a message instead.'));
  if (!standsAbove(by) && !state.agentIds.includes(by.actor.id)) return refuse(notAParticipant());
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
  if (!visitor && !state.agentIds.includes(by.actor.id)) return nothing;
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
