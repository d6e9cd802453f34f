import { conversation, type Handlers } from '@parley/contracts';
import type { Commands } from '../commands.js';
import type { Contacts } from '../contacts/contacts.js';
import type { History } from '../history.js';

type Service = Handlers<'parley.conversation.v1.ConversationInternalService'>;

export interface RoutingParts {
  readonly commands: Commands;
  readonly contacts: Contacts;
  readonly history: History;
}

/** What routing asks of conversations, beside joining: ConversationInternalService. */
export const routingHandlers = ({ commands, contacts, history }: RoutingParts) =>
  ({
    refuseTransfer: async ({ conversationId, commandId, transferId, reason, note }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'refuseTransfer',
        transferId,
        reason,
        note,
      });
      return { version };
    },

    requestMessage: async ({ conversationId, commandId, request, queueVersion }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'requestMessage',
        reason: request?.reason ?? conversation.MessageRequested_Reason.REASON_UNSPECIFIED,
        replyBy: request?.replyBy?.getTime() ?? 0,
        opensAt: request?.opensAt?.getTime() ?? 0,
        queueVersion,
      });
      return { version };
    },

    handToBot: async ({ conversationId, commandId, queueVersion }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'handToBot',
        queueVersion,
      });
      return { version };
    },

    recordWaitEstimate: async ({ conversationId, commandId, shown }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'showEstimate',
        shown: shown ?? conversation.WaitEstimateShown.fromPartial({}),
      });
      return { version };
    },

    informVisitor: async ({ conversationId, commandId, informed }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'inform',
        informed: informed ?? conversation.VisitorInformed.fromPartial({}),
      });
      return { version };
    },

    requeueConversation: async ({ conversationId, commandId, agentId, reason }, context) => {
      const { version } = await commands.execute(context, conversationId, commandId, {
        type: 'releaseAgent',
        agentId,
        reason: reason || conversation.AgentLeft_Reason.REASON_NO_REPLY,
      });
      return { version };
    },

    getRoutingAttributes: async ({ conversationId }, context) => {
      const { contactId } = await commands.stateFor(context, conversationId);
      const [first] = await history.events(context.tenant, conversationId, 0, { limit: 1, bytes: 1 });
      const started = first?.event?.event?.$case === 'started' ? first.event.event.value : undefined;
      const contact = await contacts.find(context.tenant, contactId);
      return {
        prechat: { ...started?.prechat },
        contact: { ...contact?.attributes },
        contactVerified: contact?.verified ?? false,
      };
    },
  }) satisfies Partial<Service>;
