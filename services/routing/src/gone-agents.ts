import { routing, type Client } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import { ownContext } from './context.js';
import type { RoutingState } from './domain.js';

/** Lets go of the chats of agents who are gone for good: each goes back to its queue, with the visitor still in it. */
export class GoneAgents {
  constructor(
    private readonly conversations: Pick<
      Client<'parley.conversation.v1.ConversationInternalService'>,
      'releaseAgent'
    >,
    private readonly clock: Clock,
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
  ) {}

  /**
   * Takes agents without a socket whose status is offline out of their chats. The conversations say so themselves,
   * and their queue entries free what routing holds. What fails is tried again with the next call.
   */
  async release(tenant: string, state: RoutingState): Promise<void> {
    for (const { agentId, conversationId, offerId } of chatsOfGone(state)) {
      try {
        // Once for each acceptance: who comes back and accepts again is not taken out by a repetition.
        const request = { conversationId, agentId, commandId: `${offerId}-gone` };
        await this.conversations.releaseAgent(request, ownContext(tenant, this.clock));
        this.logger.info({ tenant, conversationId, agentId }, 'a chat was taken from an agent who is gone');
      } catch (error) {
        this.logger.warn(
          { err: error, tenant, conversationId },
          'a gone agent is still in a chat; again soon',
        );
      }
    }
  }
}

interface Left {
  readonly agentId: string;
  readonly conversationId: string;
  readonly offerId: string;
}

const offerOf = (state: RoutingState, conversationId: string, agentId: string): string =>
  state.chats.get(conversationId)?.assignments.find((each) => each.agentId === agentId)?.offerId ?? '';

const chatsOfGone = (state: RoutingState): Left[] => {
  const found: Left[] = [];
  for (const agent of state.agents.values()) {
    if (agent.online || agent.reported !== routing.AgentStatus.AGENT_STATUS_OFFLINE) continue;
    for (const conversationId of agent.chats)
      found.push({
        agentId: agent.id,
        conversationId,
        offerId: offerOf(state, conversationId, agent.id),
      });
  }
  return found;
};
