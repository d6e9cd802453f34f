import {
  agentLiveSubject,
  offerLiveSubject,
  queueLiveSubject,
  routing,
  staffLiveSubject,
} from '@parley/contracts';
import type { Bus } from '@parley/messaging';
import {
  agentState,
  listQueues,
  offerView,
  staffState,
  type RoutingState,
  type TeamEntry,
} from './domain.js';
import type { Figures } from './figures.js';

const EVERY_MS = 1_000;
const { OfferChanged_State: State } = routing;
const NOTHING = new Uint8Array();

type Changed = Pick<routing.OfferMade, 'offerId' | 'conversationId' | 'agentId'> &
  Partial<Pick<routing.OfferMade, 'autoAccept'>>;

const changeOf = ({ event }: routing.RoutingEvent): [Changed, routing.OfferChanged_State] | undefined => {
  if (event?.$case === 'offerMade') return [event.value, State.STATE_PENDING];
  if (event?.$case === 'offerAccepted') return [event.value, State.STATE_ACCEPTED];
  if (event?.$case === 'offerDeclined') return [event.value, State.STATE_DECLINED];
  if (event?.$case === 'offerTimedOut') return [event.value, State.STATE_TIMED_OUT];
  if (event?.$case === 'offerRescinded') return [event.value, State.STATE_RESCINDED];
  return undefined;
};

/** Agents whose row an event changes. */
const agentsOf = ({ event }: routing.RoutingEvent, state: RoutingState): Iterable<string> => {
  if (event?.$case === 'agentConfigured') return [event.value.agent?.agentId ?? ''];
  if (event?.$case === 'teamConfigured') {
    const members = state.teams.get(event.value.team?.teamId ?? '')?.members ?? [];
    return [...members].map(({ id }) => id);
  }
  // Who was in it cannot be told from what is left; it is rare, and of the rows only those that have changed are sent.
  if (event?.$case === 'queueRemoved') return state.agents.keys();
  return event && 'agentId' in event.value ? [event.value.agentId] : [];
};

/** What these agents hold is taken from what their colleagues may be offered, where the team has a limit. */
const withColleagues = ({ agents, teams }: RoutingState, changed: Dirty): Set<string> => {
  const rows = new Set(changed.agents);
  const limited = new Set<TeamEntry>();
  if (changed.teams) for (const team of teams.values()) limited.add(team);
  for (const id of changed.agents) {
    const team = agents.get(id)?.team;
    if (team) limited.add(team);
  }
  for (const { config, members } of limited)
    if (config.maxUsed > 0) for (const { id } of members) rows.add(id);
  return rows;
};

/** After these, whoever left a team is not to be found in it any more. */
const MEMBERSHIP: ReadonlySet<string | undefined> = new Set(['agentConfigured', 'agentRemoved']);

interface Dirty {
  state: RoutingState;
  queues: boolean;
  /** Somebody may have left a team. */
  teams: boolean;
  readonly agents: Set<string>;
}

/** Fan-out of what is durable: offers to their agents at once, rows of queues and agents once a second at most. */
export class Live {
  readonly #dirty = new Map<string, Dirty>();
  readonly #states = new Map<string, RoutingState>();
  /** What was sent last, by subject. */
  readonly #sent = new Map<string, string>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly bus: Pick<Bus, 'publish'>,
    private readonly figures: Pick<Figures, 'queue' | 'agent'>,
  ) {
    this.#timer = setInterval(() => this.#publishRows(), EVERY_MS).unref();
  }

  /** Right after the acknowledgement of the log; does not wait. */
  committed(tenant: string, events: readonly routing.RoutingEvent[], state: RoutingState): void {
    const dirty = this.#of(tenant, state);
    dirty.queues = true;
    for (const event of events) {
      const change = changeOf(event);
      if (change) this.#publishOffer(tenant, state, ...change);
      for (const agentId of agentsOf(event, state)) if (agentId) dirty.agents.add(agentId);
      if (MEMBERSHIP.has(event.event?.$case)) dirty.teams = true;
      if (event.event?.$case === 'queueRemoved')
        this.#remove(queueLiveSubject(tenant, event.event.value.queueId));
      if (event.event?.$case === 'agentRemoved')
        this.#remove(agentLiveSubject(tenant, event.event.value.agentId));
    }
  }

  /** Rows of agents whose replies have changed. */
  replied(tenant: string, agentIds: Iterable<string>): void {
    const state = this.#states.get(tenant);
    if (!state) return;
    const { agents } = this.#of(tenant, state);
    for (const agentId of agentIds) agents.add(agentId);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#publishRows();
  }

  #of(tenant: string, state: RoutingState): Dirty {
    let dirty = this.#dirty.get(tenant);
    if (!dirty) this.#dirty.set(tenant, (dirty = { state, queues: false, teams: false, agents: new Set() }));
    dirty.state = state;
    this.#states.set(tenant, state);
    return dirty;
  }

  #publishOffer(
    tenant: string,
    state: RoutingState,
    { offerId, conversationId, agentId, autoAccept }: Changed,
    to: routing.OfferChanged_State,
  ): void {
    const chat = state.chats.get(conversationId);
    const pending = chat?.offers.find(({ id }) => id === offerId);
    const offer =
      chat && pending
        ? offerView(state, chat, pending)
        : // Over already, such as one that was accepted in the commit that made it: it must not ring.
          routing.Offer.fromPartial({ offerId, conversationId, agentId, autoAccept: autoAccept ?? false });
    const body = routing.OfferChanged.encode({ offer, state: to }).finish();
    this.bus.publish(offerLiveSubject(tenant, agentId), body);
  }

  #publishRows(): void {
    for (const [tenant, dirty] of this.#dirty) {
      const { state, queues } = dirty;
      if (queues) this.#publishQueues(tenant, state);
      for (const agentId of withColleagues(state, dirty)) {
        const agent = state.agents.get(agentId);
        if (!agent?.config) continue;
        const row = this.figures.agent(tenant, agentState(agent));
        this.#publish(agentLiveSubject(tenant, agentId), routing.AgentState.encode(row).finish());
      }
    }
    this.#dirty.clear();
  }

  #publishQueues(tenant: string, state: RoutingState): void {
    for (const figures of listQueues(state)) {
      const body = routing.QueueState.encode(this.figures.queue(tenant, figures)).finish();
      this.#publish(queueLiveSubject(tenant, figures.queue?.queueId ?? ''), body);
    }
    this.#publish(staffLiveSubject(tenant), routing.StaffState.encode(staffState(state)).finish());
  }

  #publish(subject: string, body: Uint8Array): void {
    const text = Buffer.from(body).toString('base64');
    if (this.#sent.get(subject) === text) return;
    this.#sent.set(subject, text);
    this.bus.publish(subject, body);
  }

  #remove(subject: string): void {
    this.#sent.delete(subject);
    this.bus.publish(subject, NOTHING);
  }
}
