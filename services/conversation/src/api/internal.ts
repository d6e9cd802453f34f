import { conversation, type Client, type Handlers } from '@parley/contracts';
import { ApiError, hash32, type RequestContext } from '@parley/kernel';
import type { Owner } from '@parley/eventlog';
import type { Addresses } from '../addresses.js';
import { contactOf } from '../contacts/contacts.js';
import { identify } from '../contacts/identity.js';
import type { Command } from '../domain/commands.js';
import type { State } from '../domain/state.js';
import type { Opening } from '../opening.js';
import { routingHandlers, type RoutingParts } from './routing.js';

type Service = Handlers<'parley.conversation.v1.ConversationInternalService'>;

export interface InternalParts extends RoutingParts {
  readonly addresses: Addresses;
  readonly opening: Pick<Opening, 'openIds' | 'inChat'>;
  readonly owner: Pick<Owner<State, Command>, 'heads'>;
  /** Tells a conversation's owner, who may be another instance. */
  readonly recordIdentity: Client<'parley.conversation.v1.ConversationInternalService'>['recordIdentity'];
  readonly now: () => number;
}

/** ConversationInternalService. */
export const internalHandlers = (parts: InternalParts): Service => {
  const { addresses, commands, contacts, opening, owner, recordIdentity, now } = parts;

  return {
    ...routingHandlers(parts),

    joinConversation: async ({ conversationId, commandId, ...join }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'join',
        ...join,
      });
      return { version };
    },

    releaseAgent: async ({ conversationId, commandId, agentId }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'releaseAgent',
        agentId,
        reason: conversation.AgentLeft_Reason.REASON_DISCONNECTED,
      });
      return { version };
    },

    visitorLeft: async ({ conversationId, commandId, lastContactAt }, context) => {
      const { version } = await addresses.ending(commands, context, conversationId, commandId, {
        type: 'visitorLeft',
        lastContactAt: lastContactAt?.getTime() ?? now(),
      });
      return { version };
    },

    recordIdentity: async ({ conversationId, commandId, externalId, name, email }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'introduce',
        name,
        email,
        externalId,
        verified: true,
      });
      return { version };
    },

    identifyContact: async (request, context) => {
      const { contact, conversationIds } = await identify(
        contacts,
        context.tenant,
        request,
        now(),
        (contact) => opening.inChat(contact),
      );
      for (const conversationId of conversationIds) {
        const { externalId, name, email } = contact;
        const commandId = `identity-${hash32(`${externalId}/${name}/${email}`).toString(36)}-${conversationId}`;
        await tell(() =>
          recordIdentity({ conversationId, commandId, externalId, name, email }, asService(context)),
        );
      }
      const open = await opening.openIds([contact]);
      return { contact: contactOf(contact, open.get(contact.id) ?? '') };
    },

    listPersonIds: async ({ contactId }, { tenant }) => {
      const person = await contacts.find(tenant, contactId);
      return { contactIds: [...(await contacts.idsOfPerson(tenant, person?.contactId ?? contactId))] };
    },

    getHeads: async ({ conversationIds }, { tenant }) => ({
      heads: Object.fromEntries(await owner.heads(tenant, conversationIds)),
    }),
  };
};

/** Who identifies is the customer's server, by the gateway; in the conversation it stands as the platform's doing. */
const asService = (context: RequestContext): RequestContext => ({
  ...context,
  principal: { role: 'system', id: 'conversation' },
});

/** A conversation that is over or was never begun needs no telling. */
const tell = async (telling: () => Promise<unknown>): Promise<void> => {
  try {
    await telling();
  } catch (error) {
    const reason = error instanceof ApiError ? error.details.reason : undefined;
    if (reason !== 'CONVERSATION_CLOSED' && reason !== 'CONVERSATION_NOT_FOUND') throw error;
  }
};
