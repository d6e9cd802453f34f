import type { Handlers } from '@parley/contracts';
import { newUlid, permissionDenied, type RequestContext } from '@parley/kernel';
import type { Addresses } from '../addresses.js';
import type { Commands } from '../commands.js';
import type { Contacts } from '../contacts/contacts.js';
import { maskCards } from '../domain/mask.js';
import type { Opening } from '../opening.js';
import { messagePlace } from './answers.js';

type Service = Handlers<'parley.conversation.v1.ConversationService'>;

export interface CommandParts {
  readonly addresses: Addresses;
  readonly commands: Commands;
  readonly opening: Opening;
  readonly contacts: Contacts;
  readonly now: () => number;
}

/** The commands of ConversationService. */
export const commandHandlers = ({ addresses, commands, opening, contacts, now }: CommandParts) =>
  ({
    startConversation: (request, context) => opening.start(request, context),

    sendMessage: async (request, context) => {
      const { conversationId, messageId, text, clientSeq } = request;
      const done = await commands.execute(context, conversationId, messageId, {
        type: 'send',
        messageId,
        text,
        clientSeq,
      });
      const { version, time } = messagePlace(done.envelope.state, messageId, done);
      return { version, time: new Date(time) };
    },

    addNote: async ({ conversationId, noteId, text }, context) => {
      const done = await commands.execute(context, conversationId, noteId, { type: 'note', noteId, text });
      return { version: messagePlace(done.envelope.state, noteId, done).version };
    },

    markRead: async ({ conversationId, version }, context) => {
      // Marks only grow, so the same one again needs no command id to be recognised.
      await commands.execute(context, conversationId, newUlid(now()), { type: 'read', version });
      return {};
    },

    changePage: async ({ conversationId, commandId, page }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'changePage',
        page: page ?? { url: '', title: '' },
      });
      return { version };
    },

    introduceVisitor: async ({ conversationId, commandId, name, email }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'introduce',
        name,
        email,
        externalId: '',
        verified: false,
      });
      // After the log: a crash in between makes the visitor's client repeat the command, which comes by here again.
      await contacts.change(context.tenant, context.principal.id, (contact) =>
        contact.verified
          ? undefined
          : { ...contact, name: maskCards(name) || contact.name, email: email || contact.email },
      );
      return { version };
    },

    closeConversation: async ({ conversationId, commandId, reason }, context) => {
      const { version } = await addresses.ending(commands, context, conversationId, commandId, {
        type: 'close',
        reason,
      });
      return { version };
    },

    reopenConversation: async ({ conversationId, commandId }, context) => {
      await opening.claim(context, conversationId, await commands.stateFor(context, conversationId));
      const { version } = await commands.execute(context, conversationId, commandId, { type: 'reopen' });
      return { version };
    },

    rateConversation: async ({ conversationId, commandId, score, comment }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'rate',
        score,
        comment,
      });
      return { version };
    },

    recordConversion: async ({ conversationId, conversionId, name, value, currency }, context) => {
      const { version } = await commands.execute(context, conversationId, conversionId, {
        type: 'convert',
        conversionId,
        name,
        value,
        currency,
      });
      return { version };
    },

    eraseConversation: async ({ conversationId, commandId, reason }, context) => {
      mayErase(context);
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'erase',
        reason,
      });
      return { version };
    },
  }) satisfies Partial<Service>;

const mayErase = ({ principal: { role } }: RequestContext): void => {
  if (role === 'visitor' || role === 'agent' || role === 'supervisor')
    throw permissionDenied('ROLE_NOT_ALLOWED', 'Erasing is for admins: ask one.');
};
