import { messageSchemas, type Client, type Method } from '@parley/contracts';
import { invalidArgument, type RequestContext } from '@parley/kernel';

/** The people of a tenant, by `<tenant>/<user id>`. */
export interface People {
  get(key: string): Promise<{ readonly disabled: boolean } | undefined>;
}

/** Where it is asked whose a follow-up is. */
export type Conversations = Pick<Client<'parley.conversation.v1.ConversationService'>, 'getConversation'>;

/**
 * Throws `invalidArgument` when a field of the request that has to name a person names nobody who may log in. Whoever has
 * the conversation's follow-up already may be named all the same: nothing is given to them, as when only its time changes.
 * Rejects with what the conversation answers when it cannot say who that is.
 */
export const assertPeople = async (
  { request: name }: Method,
  request: unknown,
  context: RequestContext,
  people: People,
  conversations: Conversations,
): Promise<void> => {
  const fields = request as Readonly<Record<string, unknown>>;
  for (const field of messageSchemas[name] ?? []) {
    const userId = field.rules?.user ? fields[field.name] : undefined;
    if (typeof userId !== 'string' || userId === '') continue;
    const person = await people.get(`${context.tenant}/${userId}`);
    if (person && !person.disabled) continue;
    if (userId === (await ownerOf(fields['conversationId'], context, conversations))) continue;
    throw invalidArgument(
      field.name,
      `${person ? `"${userId}" may not log in any more` : `there is no person "${userId}"`}; ListUsers shows those there are, with their userId`,
    );
  }
};

const ownerOf = async (
  conversationId: unknown,
  context: RequestContext,
  conversations: Conversations,
): Promise<string | undefined> => {
  if (typeof conversationId !== 'string') return undefined;
  const { conversation } = await conversations.getConversation({ conversationId }, context);
  return conversation?.followUp?.ownerId;
};
