import { expect, it } from '@jest/globals';
import { conversation, methods, publicMethods, routing } from '@parley/contracts';
import type { RequestContext } from '@parley/kernel';
import { assertPeople } from './people.js';

const path = 'parley.conversation.v1.ConversationService/AssignFollowUp';
const people = new Map([
  ['acme/ann', { disabled: false }],
  ['acme/bob', { disabled: true }],
  ['globex/gil', { disabled: false }],
]);
const asked = {
  get: async (key: string): Promise<{ disabled: boolean } | undefined> => people.get(key),
};

const as: RequestContext = {
  tenant: 'acme',
  principal: { role: 'supervisor', id: 'sue' },
  deadline: Infinity,
};
/** Conversations whose messages somebody has already. */
const ownedBy = (ownerId: string): Parameters<typeof assertPeople>[4] => ({
  getConversation: async ({ conversationId }) =>
    conversation.GetConversationResponse.fromPartial({
      conversation: { followUp: { conversationId, ownerId } },
    }),
});

/** Hands a message that was left to somebody. */
const assign = (agentId: string, ownerId = 'ann'): Promise<void> =>
  assertPeople(
    methods.get(path)!,
    conversation.AssignFollowUpRequest.fromPartial({ conversationId: '0-c', commandId: 'x', agentId }),
    as,
    asked,
    ownedBy(ownerId),
  );

it('lets a follow-up be given to a person of the tenant, or to nobody', async () => {
  await assign('ann');
  await assign('');
});

it.each([
  ['ana', 'there is no person "ana"'],
  ['gil', 'there is no person "gil"'],
  ['bob', '"bob" may not log in any more'],
])('refuses to give it to %s, and says how to find somebody', async (agentId, why) => {
  await expect(assign(agentId)).rejects.toMatchObject({
    details: {
      violations: [
        { field: 'agentId', description: `${why}; ListUsers shows those there are, with their userId` },
      ],
    },
  });
});

it.each(['bob', 'ana'])('lets %s keep what is theirs, so that its time can be changed', async (agentId) => {
  await assign(agentId, agentId);
});

it('asks nothing of requests that name nobody', async () => {
  const refuse = () => Promise.reject(new Error('asked'));
  const other = publicMethods.find(({ name }) => name === 'PutQueue')!;
  const request = routing.PutQueueRequest.fromPartial({ queueId: 'ana' });
  await assertPeople(other, request, as, { get: refuse }, { getConversation: refuse });
});
