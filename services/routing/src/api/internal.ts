import type { Handlers } from '@parley/contracts';
import { invalidArgument } from '@parley/kernel';
import { executeFor, type ApiDeps } from './deps.js';

/** Handlers of RoutingInternalService: what other services tell. */
export const routingInternalApi = (
  deps: Pick<ApiDeps, 'writer'>,
): Handlers<'parley.routing.v1.RoutingInternalService'> => {
  const execute = executeFor(deps);
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

    async setAgentPresence({ agents }, context) {
      await Promise.all(
        agents.map((report) => execute(context, '', { kind: 'setPresence', report }, () => undefined)),
      );
      return {};
    },
  };
};
