import { explainWaiting, listAgents, listQueues, position, staffState } from '../domain.js';
import { readFor, type ApiDeps, type RoutingHandlers } from './deps.js';

type ReadHandlers = Pick<
  RoutingHandlers,
  'listQueues' | 'listAgents' | 'getQueuePosition' | 'explainRouting' | 'explainWaiting'
>;

/** Handlers of what is to be seen: queues, agents, places in line, and why. */
export const readHandlers = (deps: Pick<ApiDeps, 'writer' | 'explain' | 'figures' | 'now'>): ReadHandlers => {
  const read = readFor(deps);
  return {
    listQueues: (_request, context) =>
      read(context, (state) => ({
        queues: listQueues(state).map((queue) => deps.figures.queue(context.tenant, queue)),
        staff: staffState(state),
      })),
    listAgents: (_request, context) =>
      read(context, (state) => ({
        agents: listAgents(state).map((agent) => deps.figures.agent(context.tenant, agent)),
      })),

    getQueuePosition: ({ conversationId }, context) =>
      read(context, (state) => {
        const { role, id } = context.principal;
        const contactId = state.chats.get(conversationId)?.contactId;
        // Somebody else's chat looks to a visitor like one that does not wait.
        if (role === 'visitor' && contactId !== id) return position(state, '');
        return deps.figures.place(context.tenant, position(state, conversationId));
      }),

    explainRouting: async ({ conversationId }, { tenant }) => ({
      steps: await deps.explain(tenant, conversationId),
    }),

    explainWaiting: ({ conversationId }, context) =>
      read(context, (state) => {
        const found = explainWaiting(state, conversationId, deps.now());
        const { position: place, entry } = found;
        return found.waiting
          ? { ...found, ...deps.figures.estimate(context.tenant, entry?.queueId, place) }
          : found;
      }),
  };
};
