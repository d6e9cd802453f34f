import type { Client } from '@parley/contracts';
import type { RequestContext } from '@parley/kernel';

const SERVICE = { role: 'system', id: 'transcript' } as const;

/** Asks the conversation service which contacts are the same person. Rejects with ApiError when it does not answer. */
export const contactsOf = (
  conversations: Pick<Client<'parley.conversation.v1.ConversationInternalService'>, 'listPersonIds'>,
) => ({
  family: async (contactId: string, context: RequestContext): Promise<readonly string[]> => {
    const { contactIds } = await conversations.listPersonIds(
      { contactId },
      { ...context, principal: SERVICE },
    );
    return contactIds.length > 0 ? contactIds : [contactId];
  },
});
