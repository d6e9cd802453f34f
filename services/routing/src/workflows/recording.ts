import { conversation, routing } from '@parley/contracts';
import { quantileOf, survivalOf, type Observation } from '../estimates/survival.js';

/** Chats that a dry run takes in at most: the last ones of the range. */
const MOST_ARRIVALS = 20_000;
/** Arrivals before the range are played too, uncounted: a queue that begins empty would look too good. */
export const WARM_UP_MS = 2 * 3_600_000;
/** Before all that is played so much is read to know who was there when it begins. */
const LOOK_BACK_MS = 24 * 3_600_000;
const RING_SECONDS = 5;
const TALK_SECONDS = 300;

/** A chat as it was recorded. Times are ms. */
export interface Arrival {
  readonly conversationId: string;
  readonly at: number;
  readonly entry: routing.ConversationEnqueued;
  /** The queue that was asked for is known: no filter had decided. */
  readonly queueKnown: boolean;
  /** How long agents had it. */
  readonly talk: number;
  /** How long the visitor is ready to wait; Infinity when nothing suggests that they would leave. */
  readonly patience: number;
}

/** What a range of routing's log says about who came, who was there and how they behaved. */
export interface Recording {
  readonly arrivals: readonly Arrival[];
  /** In order of time, those before the range at its beginning. */
  readonly presence: readonly { readonly at: number; readonly report: routing.AgentPresenceChanged }[];
  /** From an offer to its acceptance, usually, ms. */
  readonly ring: number;
  /** Where counting begins, ms. */
  readonly from: number;
  readonly to: number;
}

interface Seen {
  readonly at: number;
  readonly entry: routing.ConversationEnqueued;
  readonly queueKnown: boolean;
  acceptedAt: number;
  leftAt: number;
  talk: number;
  readonly since: Map<string, number>;
}

const Entry = conversation.QueueEntered_Reason;
const { ConversationDequeued_Reason: Dequeued } = routing;
const { AGENT_STATUS_AVAILABLE } = routing.AgentStatus;

/**
 * Reads routing's log, event by event and in order, into a recording of a range (ms). The day before the range tells who
 * was there when it began: whoever came, and whoever was offered a chat without having come since.
 */
export class Recorder {
  readonly #chats = new Map<string, Seen>();
  readonly #present = new Map<string, routing.AgentPresenceChanged>();
  /** Offered a chat before anything was read of their presence: they were available since before. */
  readonly #thereBefore = new Set<string>();
  readonly #told = new Set<string>();
  readonly #presence: { at: number; report: routing.AgentPresenceChanged }[] = [];
  readonly #offered = new Map<string, number>();
  readonly #rings: number[] = [];

  constructor(
    private readonly from: number,
    private readonly to: number,
  ) {}

  /** From when on the log has to be read, ms. */
  get begin(): number {
    return this.from - WARM_UP_MS - LOOK_BACK_MS;
  }

  /** Takes in an event; false when the range is over. */
  add({ event }: routing.RoutingEvent, at: number): boolean {
    if (at > this.to) return false;
    const begin = this.from - WARM_UP_MS;
    if (event?.$case === 'offerMade' && !this.#told.has(event.value.agentId))
      this.#thereBefore.add(event.value.agentId);
    if (event?.$case === 'agentPresenceChanged') {
      this.#told.add(event.value.agentId);
      if (at < begin) this.#present.set(event.value.agentId, event.value);
      else this.#presence.push({ at, report: event.value });
    }
    if (at < begin || !event) return true;
    if (event.$case === 'conversationEnqueued') this.#entered(event.value, at);
    else if (event.$case === 'offerMade') this.#offered.set(event.value.offerId, at);
    else if (event.$case === 'offerAccepted') this.#accepted(event.value, at);
    else if (event.$case === 'assignmentStarted') this.#begins(event.value, at);
    else if (event.$case === 'assignmentEnded') this.#ends(event.value, at);
    else if (event.$case === 'conversationDequeued') {
      const seen = this.#chats.get(event.value.conversationId);
      if (seen && event.value.reason === Dequeued.REASON_CLOSED && !seen.acceptedAt) seen.leftAt ||= at;
    }
    return true;
  }

  /**
   * What was recorded; what is not known of a chat is drawn from the others, always the same for the same chat.
   * `unchanged`: who has been as they are since before the log was read; counts for those of whom nothing was read.
   */
  finish(unchanged: readonly routing.AgentPresenceChanged[] = []): Recording {
    const chats = [...this.#chats];
    const talks = chats.map(([, { talk }]) => talk).filter((talk) => talk > 0);
    talks.sort((a, b) => a - b);
    const begin = this.from - WARM_UP_MS;
    const presence = this.#presentAtFirst(unchanged).map((report) => ({ at: begin, report }));
    const patience = patienceOf(chats.map(([, seen]) => seen));
    return {
      arrivals: chats.map(([conversationId, seen]) => ({
        conversationId,
        at: seen.at,
        entry: seen.entry,
        queueKnown: seen.queueKnown,
        talk: seen.talk || drawn(talks, chanceOf(`talk ${conversationId}`)) || TALK_SECONDS * 1000,
        patience: patience(conversationId, seen),
      })),
      presence: [...presence, ...this.#presence],
      ring: middle(this.#rings) ?? RING_SECONDS * 1000,
      from: this.from,
      to: this.to,
    };
  }

  #presentAtFirst(unchanged: readonly routing.AgentPresenceChanged[]): routing.AgentPresenceChanged[] {
    const offered = [...this.#thereBefore].filter((agentId) => !this.#present.has(agentId));
    return [
      ...this.#present.values(),
      ...offered.map((agentId) => ({ agentId, status: AGENT_STATUS_AVAILABLE, online: true, revision: 0n })),
      ...unchanged.filter(({ agentId }) => !this.#told.has(agentId) && !this.#thereBefore.has(agentId)),
    ];
  }

  #entered(entry: routing.ConversationEnqueued, at: number): void {
    const first = entry.reason === Entry.REASON_UNSPECIFIED || entry.reason === Entry.REASON_STARTED;
    if (!first || this.#chats.has(entry.conversationId)) return;
    const fresh = { acceptedAt: 0, leftAt: 0, talk: 0, since: new Map<string, number>() };
    this.#chats.set(entry.conversationId, {
      at,
      entry: asItCame(entry),
      queueKnown: entry.filter === 0,
      ...fresh,
    });
    const [oldest] = this.#chats.keys();
    if (this.#chats.size > MOST_ARRIVALS && oldest !== undefined) this.#chats.delete(oldest);
  }

  #accepted({ offerId, conversationId, agentId }: routing.OfferAccepted, at: number): void {
    const offeredAt = this.#offered.get(offerId);
    this.#offered.delete(offerId);
    const seen = this.#chats.get(conversationId);
    if (!seen) return;
    if (!seen.acceptedAt && offeredAt !== undefined) this.#rings.push(at - offeredAt);
    this.#begins({ conversationId, agentId }, at);
  }

  #begins(pair: { readonly conversationId: string; readonly agentId: string }, at: number): void {
    const seen = this.#chats.get(pair.conversationId);
    if (!seen) return;
    seen.acceptedAt ||= at;
    seen.since.set(pair.agentId, at);
  }

  #ends({ conversationId, agentId }: routing.AssignmentEnded, at: number): void {
    const seen = this.#chats.get(conversationId);
    const since = seen?.since.get(agentId);
    if (!seen || since === undefined) return;
    seen.since.delete(agentId);
    seen.talk += at - since;
  }
}

/** An entry without what a workflow made of it. Which queue was asked for is known only where none decided. */
const asItCame = (entry: routing.ConversationEnqueued): routing.ConversationEnqueued =>
  routing.ConversationEnqueued.fromPartial({
    conversationId: entry.conversationId,
    contactId: entry.contactId,
    lastAgentId: entry.lastAgentId,
    language: entry.language,
    topic: entry.topic,
    pageUrl: entry.pageUrl,
    pageTitle: entry.pageTitle,
    channel: entry.channel,
    queueId: entry.filter > 0 ? '' : entry.queueId,
    sourceVersion: 1,
  });

/** How long a visitor waits: as recorded for those who left; the others at least as long as they did, like those who left. */
const patienceOf = (chats: readonly Seen[]): ((conversationId: string, seen: Seen) => number) => {
  const observations: Observation[] = chats
    .filter(({ leftAt, acceptedAt }) => leftAt > 0 || acceptedAt > 0)
    .map(({ at, leftAt, acceptedAt }) => ({ value: (leftAt || acceptedAt) - at, censored: leftAt === 0 }));
  const curve = survivalOf(observations);
  return (conversationId, { at, leftAt, acceptedAt }) => {
    if (leftAt > 0) return leftAt - at;
    const waited = acceptedAt > 0 ? acceptedAt - at : 0;
    const stillThere = curve.findLast(([value]) => value <= waited)?.[1] ?? 1;
    return quantileOf(curve, 1 - stillThere * chanceOf(`patience ${conversationId}`)) ?? Infinity;
  };
};

/** A number from 0 to 1 that depends on a text alone (FNV-1a, mixed). */
const chanceOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
};

const drawn = (sorted: readonly number[], chance: number): number | undefined =>
  sorted[Math.floor(chance * sorted.length)];

const middle = (values: readonly number[]): number | undefined =>
  drawn(
    [...values].sort((a, b) => a - b),
    0.5,
  );
