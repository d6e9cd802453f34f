import type { Handlers } from '@parley/contracts';
import type { RequestContext } from '@parley/kernel';
import type { Collection } from '@parley/store';
import type { Addresses } from '../addresses.js';
import type { Commands } from '../commands.js';
import type { Contacts } from '../contacts/contacts.js';
import { keyOf, type FollowUpDoc } from '../documents.js';
import { maskCards } from '../domain/mask.js';
import type { State } from '../domain/state.js';
import { followUpAsStored } from '../inbox-documents.js';
import type { ReplyPromise, Whereabouts } from '../promises.js';
import { messagePlace } from './answers.js';

type Service = Handlers<'parley.conversation.v1.ConversationService'>;

const ROWS_BY_DEFAULT = 50;

export interface LaterParts {
  readonly commands: Commands;
  readonly contacts: Contacts;
  readonly addresses: Addresses;
  readonly promised: (context: RequestContext, where: Whereabouts) => Promise<ReplyPromise>;
  readonly followUps: Collection<FollowUpDoc>;
  readonly now: () => number;
}

const dateOf = (ms: number): Date | undefined => (ms > 0 ? new Date(ms) : undefined);

/** Messages that are left, and their answers: ConversationService. */
export const laterHandlers = (parts: LaterParts) => {
  const { commands, contacts, addresses, promised, followUps, now } = parts;

  /** What was promised already, or what routing says can be. */
  const promiseFor = async (context: RequestContext, state: State): Promise<number> => {
    if (state.replyBy || state.followUp) return state.replyBy;
    const { queueId, topic, locale } = state;
    return (await promised(context, { queueId, topic, locale })).replyBy;
  };

  return {
    leaveMessage: async (request, context) => {
      const { conversationId, messageId, text, clientSeq } = request;
      const state = await commands.stateFor(context, conversationId);
      const known = request.email ? undefined : await addresses.of(context.tenant, conversationId);
      const unrecorded = known && !known.recorded ? known : { name: '', email: '' };
      const done = await commands.execute(context, conversationId, messageId, {
        type: 'leaveMessage',
        messageId,
        text,
        name: request.name || unrecorded.name,
        email: request.email || unrecorded.email,
        clientSeq,
        replyBy: await promiseFor(context, state),
      });
      const { name, email } = request;
      // After the log: a crash in between makes the visitor's client repeat the command, which comes by here again.
      if (name || email)
        await contacts.change(context.tenant, state.contactId, (contact) =>
          contact.verified
            ? undefined
            : { ...contact, name: maskCards(name) || contact.name, email: email || contact.email },
        );
      return { version: done.version, replyBy: dateOf(done.envelope.state.followUp?.dueAt ?? 0) };
    },

    assignFollowUp: async ({ conversationId, commandId, agentId, dueAt }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'assignFollowUp',
        agentId,
        dueAt: dueAt?.getTime() ?? 0,
      });
      return { version };
    },

    answerFollowUp: async ({ conversationId, messageId, text }, context) => {
      const address = await addresses.of(context.tenant, conversationId);
      const done = await commands.execute(context, conversationId, messageId, {
        type: 'answerFollowUp',
        messageId,
        text,
        address,
      });
      return {
        version: messagePlace(done.envelope.state, messageId, done).version,
        byMail: address !== undefined,
      };
    },

    listFollowUps: async ({ mine, answered, queueId, page }, { tenant, principal }) => {
      const which = {
        ...(mine ? { ownerKey: keyOf(tenant, principal.id) } : { tenant }),
        ...(queueId ? { queueId } : {}),
      };
      const found = await followUps.find({
        filter: { ...which, status: answered ? 'answered' : 'open' },
        sort: answered ? { field: 'answeredAt', direction: 'desc' } : { field: 'dueAt', direction: 'asc' },
        limit: page?.limit || ROWS_BY_DEFAULT,
        ...(page?.cursor ? { cursor: page.cursor } : {}),
      });
      const overdue = await followUps.count({ ...which, status: 'open', dueAt: { lt: now() } });
      return { followUps: found.items.map(followUpAsStored), nextCursor: found.next ?? '', overdue };
    },
  } satisfies Partial<Service>;
};
