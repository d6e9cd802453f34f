import { failedPrecondition } from '@parley/kernel';
import { conversationOfOffer, offersOf } from '../domain.js';
import { acceptanceOf } from '../joins.js';
import { executeFor, readFor, type ApiDeps, type RoutingHandlers } from './deps.js';

type OfferHandlers = Pick<
  RoutingHandlers,
  'acceptOffer' | 'declineOffer' | 'endWrapUp' | 'listOffers' | 'assignConversation'
>;

// Another agent's attempt at the same offer must not be answered with the first one's outcome.
const acceptId = (offerId: string, agentId: string): string => `${offerId}/${agentId}`;

/** Handlers of what agents do with offers, and supervisors with waiting chats. */
export const offerHandlers = (deps: Pick<ApiDeps, 'writer' | 'join'>): OfferHandlers => {
  const execute = executeFor(deps);
  const read = readFor(deps);
  return {
    async acceptOffer({ offerId }, context) {
      const { tenant, principal } = context;
      const command = { kind: 'acceptOffer', offerId, agentId: principal.id } as const;
      const conversationId = conversationOfOffer(offerId);
      const accepted = await execute(context, acceptId(offerId, principal.id), command, (state) => {
        const chat = state.chats.get(conversationId);
        const assignment = chat?.assignments.find((each) => each.offerId === offerId);
        if (!chat || assignment?.agentId !== principal.id) return undefined;
        const acceptance = acceptanceOf(tenant, state, chat, assignment);
        return { ...acceptance, agentName: acceptance.agentName || (principal.name ?? '') };
      });
      // Accepted once, but the chat has ended since.
      if (!accepted)
        throw failedPrecondition('CONVERSATION_ENDED', 'This chat is over; there is nothing more to do.');
      await deps.join(accepted, context);
      return { conversationId };
    },

    declineOffer({ offerId, reason }, context) {
      const agentId = context.principal.id;
      const command = { kind: 'declineOffer', offerId, agentId, reason } as const;
      return execute(context, `${offerId}-d`, command, () => ({}));
    },

    endWrapUp({ conversationId }, context) {
      const command = { kind: 'endWrapUp', conversationId, agentId: context.principal.id } as const;
      return execute(context, '', command, () => ({}));
    },

    listOffers: (_request, context) =>
      read(context, (state) => ({ offers: offersOf(state, context.principal.id) })),

    assignConversation({ commandId, ...fields }, context) {
      const command = { kind: 'assignConversation', ...fields } as const;
      return execute(context, commandId, command, (state) => {
        const chat = state.chats.get(fields.conversationId);
        const agents = [...(chat?.offers ?? []), ...(chat?.assignments ?? [])];
        const offer = agents.find(({ agentId }) => agentId === fields.agentId);
        return { offerId: (offer && ('id' in offer ? offer.id : offer.offerId)) ?? '' };
      });
    },
  };
};
