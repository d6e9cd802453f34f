import type { routing } from '@parley/contracts';
import type { Estimating } from './estimating.js';
import type { ReplyWatch } from './reply-watch.js';

/** Adds what the engine does not know, estimates and reply times, to its views. */
export class Figures {
  constructor(
    private readonly estimating: Pick<Estimating, 'ofChat' | 'ofNext' | 'coverage'>,
    private readonly replies: Pick<ReplyWatch, 'lastReplySeconds'>,
  ) {}

  queue(tenant: string, state: routing.QueueState): routing.QueueState {
    const estimate = this.estimating.ofNext(tenant, state);
    const estimateCoverage = this.estimating.coverage(tenant, state.queue?.queueId ?? '');
    return { ...state, estimate, estimateCoverage };
  }

  agent(tenant: string, state: routing.AgentState): routing.AgentState {
    const lastReplySeconds = this.replies.lastReplySeconds(tenant, state.agent?.agentId ?? '');
    return lastReplySeconds === undefined ? state : { ...state, lastReplySeconds };
  }

  place(tenant: string, found: routing.GetQueuePositionResponse): routing.GetQueuePositionResponse {
    return { ...found, ...this.estimate(tenant, found.queueId, found.position) };
  }

  /** Of a chat at a place of a queue (1 is next). */
  estimate(
    tenant: string,
    queueId: string | undefined,
    place: number,
  ): { readonly estimate: routing.WaitEstimate | undefined } {
    return { estimate: this.estimating.ofChat(tenant, queueId ?? '', place) };
  }
}
