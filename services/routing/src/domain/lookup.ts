import { emptyAgent } from './state.js';
import type { Agent, Chat, RoutingState } from './types.js';

/** The agent with this id; made when nothing is known of them yet. */
export const agentOf = (state: RoutingState, id: string): Agent => {
  const known = state.agents.get(id);
  if (known) return known;
  const agent = emptyAgent(id);
  state.agents.set(id, agent);
  return agent;
};

/** A conversation and an agent, as many events name them. */
export interface Pair {
  readonly conversationId: string;
  readonly agentId: string;
}

/** Does something with both; nothing when the conversation is not known. */
export const withBoth = (state: RoutingState, pair: Pair, then: (chat: Chat, agent: Agent) => void): void => {
  const chat = state.chats.get(pair.conversationId);
  if (chat) then(chat, agentOf(state, pair.agentId));
};
