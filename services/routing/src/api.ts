import type { Handlers, routing } from '@parley/contracts';
import { failedPrecondition, invalidArgument, type RequestContext } from '@parley/kernel';
import {
  conversationOfOffer,
  listAgents,
  listQueues,
  offersOf,
  position,
  type Command,
  type RoutingState,
} from './domain.js';
import type { Acceptance } from './joins.js';

/** The writer of a domain, as far as handlers need it. */
interface Writer {
  execute<T>(
    command: Command,
    commandId: string,
    deadline: number,
    view: (state: RoutingState) => T,
  ): Promise<T>;
  read<T>(deadline: number, view: (state: RoutingState) => T): Promise<T>;
}

export interface ApiDeps {
  /** Rejects with `unavailable` where the tenant's partition is not owned. */
  readonly writer: (tenant: string) => Promise<Writer>;
  readonly join: (acceptance: Acceptance, context: RequestContext) => Promise<void>;
  /** Every step of routing about a conversation, oldest first. */
  readonly explain: (tenant: string, conversationId: string) => Promise<routing.RoutingStep[]>;
}

type RoutingHandlers = Handlers<'parley.routing.v1.RoutingService'>;

/** Handlers of RoutingService. */
export const routingApi = ({ writer, join, explain }: ApiDeps): RoutingHandlers => {
  const execute = async <T>(
    { tenant, deadline }: RequestContext,
    commandId: string,
    command: Command,
    view: (state: RoutingState) => T,
  ): Promise<T> => (await writer(tenant)).execute(command, commandId, deadline, view);
  const read = async <T>(
    { tenant, deadline }: RequestContext,
    view: (state: RoutingState) => T,
  ): Promise<T> => (await writer(tenant)).read(deadline, view);

  return {
    async putQueue({ commandId, expectedVersion, ...fields }, context) {
      const command = { kind: 'putQueue', expectedVersion, queue: { ...fields, version: 0 } } as const;
      return execute(context, commandId, command, (state) => ({
        queue: state.queues.get(fields.queueId)?.config,
      }));
    },

    async removeQueue({ commandId, queueId }, context) {
      return execute(context, commandId, { kind: 'removeQueue', queueId }, () => ({}));
    },

    async putAgent({ commandId, expectedVersion, ...fields }, context) {
      const command = { kind: 'putAgent', expectedVersion, agent: { ...fields, version: 0 } } as const;
      return execute(context, commandId, command, (state) => ({
        agent: state.agents.get(fields.agentId)?.config,
      }));
    },

    async acceptOffer({ offerId }, context) {
      const { tenant, principal } = context;
      const command = { kind: 'acceptOffer', offerId, agentId: principal.id } as const;
      const conversationId = conversationOfOffer(offerId);
      const accepted = await execute(context, acceptId(offerId, principal.id), command, (state) => {
        const chat = state.chats.get(conversationId);
        if (chat?.offerId !== offerId || chat.agentId !== principal.id) return undefined;
        const agentName = state.agents.get(principal.id)?.config?.name || (principal.name ?? '');
        return { tenant, offerId, conversationId, agentId: principal.id, agentName, queueId: chat.queueId };
      });
      // Accepted once, but the chat has ended since.
      if (!accepted)
        throw failedPrecondition('CONVERSATION_ENDED', 'This chat is over; there is nothing more to do.');
      await join(accepted, context);
      return { conversationId };
    },

    async declineOffer({ offerId, reason }, context) {
      const agentId = context.principal.id;
      const command = { kind: 'declineOffer', offerId, agentId, reason } as const;
      return execute(context, `${offerId}-d`, command, () => ({}));
    },

    async endWrapUp({ conversationId }, context) {
      const command = { kind: 'endWrapUp', conversationId, agentId: context.principal.id } as const;
      return execute(context, '', command, () => ({}));
    },

    listOffers: (_request, context) =>
      read(context, (state) => ({ offers: offersOf(state, context.principal.id) })),
    listQueues: (_request, context) => read(context, (state) => ({ queues: listQueues(state) })),
    listAgents: (_request, context) => read(context, (state) => ({ agents: listAgents(state) })),

    getQueuePosition: ({ conversationId }, context) =>
      read(context, (state) => {
        const { role, id } = context.principal;
        const contactId = state.chats.get(conversationId)?.contactId;
        // Somebody else's chat looks to a visitor like one that does not wait.
        if (role === 'visitor' && contactId !== id) return position(state, '');
        return position(state, conversationId);
      }),

    explainRouting: async ({ conversationId }, { tenant }) => ({
      steps: await explain(tenant, conversationId),
    }),
  };
};

// Another agent's attempt at the same offer must not be answered with the first one's outcome.
const acceptId = (offerId: string, agentId: string): string => `${offerId}/${agentId}`;

/** Handlers of RoutingInternalService. */
export const routingInternalApi = ({
  writer,
}: Pick<ApiDeps, 'writer'>): Handlers<'parley.routing.v1.RoutingInternalService'> => ({
  async enqueueConversation({ commandId, entry }, { tenant, deadline }) {
    if (!entry) throw invalidArgument('entry', 'is required');
    return (await writer(tenant)).execute({ kind: 'enqueue', entry }, commandId, deadline, () => ({}));
  },

  async endConversation({ commandId, ...fields }, { tenant, deadline }) {
    const command = { kind: 'endConversation', ...fields } as const;
    return (await writer(tenant)).execute(command, commandId, deadline, () => ({}));
  },

  async setAgentPresence({ agents }, { tenant, deadline }) {
    const domain = await writer(tenant);
    await Promise.all(
      agents.map((report) => domain.execute({ kind: 'setPresence', report }, '', deadline, () => undefined)),
    );
    return {};
  },
});
