import {
  offerLiveSubject,
  presence,
  presenceLiveAll,
  queueLiveAll,
  routing,
  staffLiveSubject,
  type Client,
} from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import {
  agentPresenceFrame,
  offerFrame,
  queueRemovedFrame,
  queueStateFrame,
  staffStateFrame,
} from './frames.js';
import type { SocketPort } from './port.js';
import type { Topics } from './topics.js';

const READ_MS = 10_000;

export interface PeopleOptions {
  readonly topics: Topics;
  readonly routing: Pick<Client<'parley.routing.v1.RoutingService'>, 'listOffers'>;
  readonly clock: Clock;
}

/** Makes a frame of a message once for all sockets that get the same message one after the other. */
const shared = (make: (data: Uint8Array) => string): ((data: Uint8Array) => string) => {
  let last: { data: Uint8Array; frame: string } | undefined;
  return (data) => {
    if (last?.data !== data) last = { data, frame: make(data) };
    return last.frame;
  };
};

const offerText = shared((data) => offerFrame(routing.OfferChanged.decode(data)));
const presenceText = shared((data) => agentPresenceFrame(presence.AgentPresence.decode(data)));
const queueText = shared((data) => queueStateFrame(routing.QueueState.decode(data)));
const staffText = shared((data) => staffStateFrame(routing.StaffState.decode(data)));

/** What every person at a desk hears without asking: their offers, colleagues' status, the queues. */
export class PeopleFeed {
  private readonly leave: readonly (() => void)[];

  constructor(
    private readonly options: PeopleOptions,
    private readonly socket: SocketPort,
  ) {
    const { topics } = options;
    const { tenant, principal } = socket.session;
    this.leave = [
      topics.join(offerLiveSubject(tenant, principal.id), (data) => socket.send(offerText(data))),
      topics.join(presenceLiveAll(tenant), (data) => socket.send(presenceText(data))),
      topics.join(queueLiveAll(tenant), (data, subject) => {
        // Nothing: the queue was removed.
        if (data.length > 0) socket.send(queueText(data));
        else socket.send(queueRemovedFrame(subject.slice(subject.lastIndexOf('.') + 1)));
      }),
      topics.join(staffLiveSubject(tenant), (data) => socket.send(staffText(data))),
    ];
    void this.resync();
  }

  /** Sends the offers that are pending. A failed read is tried again with the next resync. */
  async resync(): Promise<void> {
    const { tenant, principal } = this.socket.session;
    const context = { tenant, principal, deadline: this.options.clock.now() + READ_MS };
    const answer = await this.options.routing.listOffers({}, context).catch(() => undefined);
    for (const offer of answer?.offers ?? [])
      this.socket.send(offerFrame({ offer, state: routing.OfferChanged_State.STATE_PENDING }));
  }

  close(): void {
    for (const leave of this.leave) leave();
  }
}
