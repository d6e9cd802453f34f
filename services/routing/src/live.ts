import { offerLiveSubject, queueLiveSubject, routing } from '@parley/contracts';
import type { Bus } from '@parley/messaging';
import { listQueues, offerView, type RoutingState } from './domain.js';

const EVERY_MS = 1_000;
const { OfferChanged_State: State } = routing;

type Changed = Pick<routing.OfferMade, 'offerId' | 'conversationId' | 'agentId'>;

const changeOf = ({ event }: routing.RoutingEvent): [Changed, routing.OfferChanged_State] | undefined => {
  if (event?.$case === 'offerMade') return [event.value, State.STATE_PENDING];
  if (event?.$case === 'offerAccepted') return [event.value, State.STATE_ACCEPTED];
  if (event?.$case === 'offerDeclined') return [event.value, State.STATE_DECLINED];
  if (event?.$case === 'offerTimedOut') return [event.value, State.STATE_TIMED_OUT];
  if (event?.$case === 'offerRescinded') return [event.value, State.STATE_RESCINDED];
  return undefined;
};

/** Fan-out of what is durable: offers to their agents at once, the figures of queues once a second at most. */
export class Live {
  readonly #dirty = new Map<string, RoutingState>();
  readonly #sent = new Map<string, string>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(private readonly bus: Pick<Bus, 'publish'>) {
    this.#timer = setInterval(() => this.#publishQueues(), EVERY_MS).unref();
  }

  /** Right after the acknowledgement of the log; does not wait. */
  committed(tenant: string, events: readonly routing.RoutingEvent[], state: RoutingState): void {
    for (const event of events) {
      const change = changeOf(event);
      if (change) this.#publishOffer(tenant, state, ...change);
    }
    this.#dirty.set(tenant, state);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#publishQueues();
  }

  #publishOffer(
    tenant: string,
    state: RoutingState,
    { offerId, conversationId, agentId }: Changed,
    to: routing.OfferChanged_State,
  ): void {
    const chat = state.chats.get(conversationId);
    const pending = chat?.offers.find(({ id }) => id === offerId);
    const offer =
      chat && pending
        ? offerView(state, chat, pending)
        : routing.Offer.fromPartial({ offerId, conversationId, agentId });
    const body = routing.OfferChanged.encode({ offer, state: to }).finish();
    this.bus.publish(offerLiveSubject(tenant, agentId), body);
  }

  #publishQueues(): void {
    for (const [tenant, state] of this.#dirty)
      for (const figures of listQueues(state)) {
        const subject = queueLiveSubject(tenant, figures.queue?.queueId ?? '');
        const body = routing.QueueState.encode(figures).finish();
        const text = Buffer.from(body).toString('base64');
        if (this.#sent.get(subject) === text) continue;
        this.#sent.set(subject, text);
        this.bus.publish(subject, body);
      }
    this.#dirty.clear();
  }
}
