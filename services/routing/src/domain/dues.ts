import type { Due, RoutingState } from './types.js';

/** True while what was to happen then is still to happen: what it is about has the same time. */
export const isStillDue = (state: RoutingState, due: Due): boolean => {
  const { kind, id, agentId, at } = due;
  switch (kind) {
    case 'chat':
      return state.chats.get(id)?.due === due;
    case 'offer':
      return (
        state.chats.get(id)?.offers.some((offer) => offer.agentId === agentId && offer.expiresAt === at) ??
        false
      );
    case 'exclusion':
      return state.chats.get(id)?.excluded.get(agentId) === at;
    case 'wrap_up':
      return state.agents.get(agentId)?.wrapUps.get(id)?.until === at;
    case 'hours':
      return state.queues.get(id)?.hoursUntil === at;
  }
};
