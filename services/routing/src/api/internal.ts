import type { Handlers } from '@parley/contracts';
import { ApiError, invalidArgument } from '@parley/kernel';
import { executeFor, readFor, type ApiDeps } from './deps.js';

/** Handlers of RoutingInternalService: what other services tell. */
export const routingInternalApi = (
  deps: Pick<ApiDeps, 'writer' | 'replies'>,
): Handlers<'parley.routing.v1.RoutingInternalService'> => {
  const execute = executeFor(deps);
  const read = readFor(deps);
  return {
    enqueueConversation({ commandId, entry, attributes }, context) {
      if (!entry) throw invalidArgument('entry', 'is required');
      return execute(context, commandId, { kind: 'enqueue', entry, attributes }, () => ({}));
    },

    endConversation: ({ commandId, ...fields }, context) =>
      execute(context, commandId, { kind: 'endConversation', ...fields }, () => ({})),

    requestTransfer({ commandId, transfer }, context) {
      if (!transfer) throw invalidArgument('transfer', 'is required');
      return execute(context, commandId, { kind: 'requestTransfer', transfer }, () => ({}));
    },

    async cancelTransfer({ commandId, conversationId, transferId }, context) {
      const command = { kind: 'cancelTransfer', conversationId, transferId } as const;
      try {
        return await execute(context, commandId, command, () => ({}));
      } catch (error) {
        // It was accepted or refused before the wish came.
        if (error instanceof ApiError && error.details.reason === 'NO_SUCH_TRANSFER') return {};
        throw error;
      }
    },

    startAssignment: ({ commandId, ...fields }, context) =>
      execute(context, commandId, { kind: 'startAssignment', weight: 0, ...fields }, () => ({})),

    listAgentsAtWork: ({ agentIds }, context) =>
      read(context, ({ agents }) => ({
        agentIds: agentIds.filter((id) => {
          const agent = agents.get(id);
          return agent !== undefined && agent.offers.size + agent.chats.size + agent.wrapUps.size > 0;
        }),
      })),

    async reportReplies({ reports }, { tenant }) {
      // Only where the domain is open: another instance would keep it in vain.
      await deps.writer(tenant);
      deps.replies.reported(tenant, reports);
      return {};
    },

    async setAgentPresence({ agents }, context) {
      await Promise.all(
        agents.map((report) => execute(context, '', { kind: 'setPresence', report }, () => undefined)),
      );
      return {};
    },
  };
};
