import { routing } from '@parley/contracts';
import { QueueLine, type QueueLineRecord, type Range } from './queue-line.js';

const {
  ConversationDequeued_Reason: Dequeued,
  AssignmentEnded_Reason: Ended,
  OfferMade_Kind: Kind,
} = routing;

/** Shorter waits are not worth a number, s. */
const LEAST_SHOWN = 30;

/** What is kept of a domain's estimates, as JSON. */
export interface EstimatesRecord {
  readonly format: 1;
  readonly queues: Readonly<Record<string, QueueLineRecord>>;
}

/** A chat that the engine holds, as far as estimates start from it after a restart. */
export interface HeldChat {
  readonly id: string;
  readonly queueId: string;
  readonly phase: string;
  readonly offers: readonly { readonly agentId: string }[];
  readonly assignments: readonly { readonly agentId: string }[];
}

interface Chat {
  readonly queueId: string;
  /** Pending offers: agent id to when each was made, ms. */
  readonly offers: Map<string, number>;
}

/**
 * Estimates of waits for one routing domain, learned from the engine's events. Hidden until enough waits have ended and
 * as many of them lay in the range that was given for them as should have.
 */
export class WaitEstimates {
  readonly #lines = new Map<string, QueueLine>();
  /** Chats in line, offered or not. */
  readonly #chats = new Map<string, Chat>();
  /** Taken slots, by conversation and agent, with their queue. */
  readonly #slots = new Map<string, string>();

  constructor(record?: EstimatesRecord) {
    for (const [queueId, line] of Object.entries(record?.queues ?? {}))
      this.#lines.set(queueId, new QueueLine(line));
  }

  /** Starts from what the engine holds at `now` (ms). Waits that are under way teach nothing: their beginning is unknown. */
  resume(chats: Iterable<HeldChat>, now: number): void {
    for (const { id, queueId, phase, offers, assignments } of chats) {
      const pending = new Map(offers.map(({ agentId }) => [agentId, now] as const));
      const inLine = phase === 'waiting' || phase === 'offered';
      if (inLine) this.#chats.set(id, { queueId, offers: pending });
      if (inLine && pending.size === 0) this.#line(queueId).change(now, 1, 0);
      for (const { agentId } of [...offers, ...assignments])
        this.#take({ conversationId: id, agentId }, queueId, now);
    }
  }

  /**
   * Takes in the events of one commit (`at` in ms). `placeOf` tells the place in line after it, 1 for the next; 0 when a
   * chat does not wait.
   */
  committed(
    events: readonly routing.RoutingEvent[],
    at: number,
    placeOf: (conversationId: string) => number,
  ): void {
    const entered = new Set<string>();
    const endedIn = new Map<string, string>();
    for (const { event } of events) if (event) this.#apply(event, at, entered, endedIn);
    for (const conversationId of entered) {
      const chat = this.#chats.get(conversationId);
      // Who is offered to somebody at once has not waited.
      if (!chat || chat.offers.size > 0) continue;
      const place = placeOf(conversationId);
      if (place > 0) this.#line(chat.queueId).begin(conversationId, at, place);
    }
  }

  /** What the chat at a place of this queue (1 is next) has to expect; undefined when it cannot be said, or is short. */
  estimate(queueId: string, place: number): routing.WaitEstimate | undefined {
    if (!this.isTrusted(queueId)) return undefined;
    const range = this.rangeAt(queueId, place);
    return range && range.high > LEAST_SHOWN ? rounded(range) : undefined;
  }

  /** What a chat that enters now has to expect, behind so many waiting ones and with so much capacity free. */
  estimateForNext(queueId: string, waiting: number, freeCapacity: number): routing.WaitEstimate | undefined {
    return waiting === 0 && freeCapacity > 0 ? undefined : this.estimate(queueId, waiting + 1);
  }

  /** The share of a queue's waits that lay in the range given for them; undefined with too few of them. */
  coverage(queueId: string): number | undefined {
    return this.#lines.get(queueId)?.calibration.coverage();
  }

  /** True when a queue's estimates may be shown. */
  isTrusted(queueId: string): boolean {
    return this.#lines.get(queueId)?.calibration.isTrusted() ?? false;
  }

  /** The 80 % range (s) of a place, whether it may be shown or not: for comparing with other models. */
  rangeAt(queueId: string, place: number): Range | undefined {
    return this.#lines.get(queueId)?.rangeAt(place);
  }

  /** The mean (s) that the model expects at a place, before calibration. */
  meanAt(queueId: string, place: number): number | undefined {
    return this.#lines.get(queueId)?.modelAt(place)?.mean;
  }

  toJSON(): EstimatesRecord {
    const queues = [...this.#lines].map(([queueId, line]) => [queueId, line.toJSON()] as const);
    return { format: 1, queues: Object.fromEntries(queues) };
  }

  #apply(
    event: NonNullable<routing.RoutingEvent['event']>,
    at: number,
    entered: Set<string>,
    endedIn: Map<string, string>,
  ): void {
    if (event.$case === 'conversationEnqueued')
      this.#enter(event.value.conversationId, event.value.queueId, at, entered);
    else if (event.$case === 'targetEntered') {
      const { conversationId, queueId } = event.value;
      if (this.#chats.get(conversationId)?.queueId !== queueId)
        this.#enter(conversationId, queueId, at, entered);
    } else if (event.$case === 'offerMade') this.#offered(event.value, at);
    else if (event.$case === 'offerAccepted') this.#accepted(event.value, at);
    else if (
      event.$case === 'offerDeclined' ||
      event.$case === 'offerTimedOut' ||
      event.$case === 'offerRescinded'
    )
      this.#returned(event.value, at);
    else if (event.$case === 'conversationDequeued') {
      const { conversationId, reason } = event.value;
      this.#leave(conversationId, at, reason === Dequeued.REASON_CLOSED ? 'left' : 'elsewhere');
    } else if (event.$case === 'assignmentEnded') {
      const queueId = this.#free(event.value, at);
      if (!queueId) return;
      endedIn.set(event.value.conversationId, queueId);
      if (event.value.reason !== Ended.REASON_JOIN_REFUSED) this.#line(queueId).served();
    } else if (event.$case === 'wrapUpStarted') {
      const queueId = endedIn.get(event.value.conversationId);
      if (queueId) this.#take(event.value, queueId, at);
    } else if (event.$case === 'wrapUpEnded') this.#free(event.value, at);
    else if (event.$case === 'queueRemoved') this.#forget(event.value.queueId);
  }

  #enter(conversationId: string, queueId: string, at: number, entered: Set<string>): void {
    const offers = this.#chats.get(conversationId)?.offers ?? new Map<string, number>();
    this.#leave(conversationId, at, 'elsewhere');
    this.#chats.set(conversationId, { queueId, offers });
    if (offers.size === 0) this.#line(queueId).change(at, 1, 0);
    entered.add(conversationId);
  }

  #offered({ conversationId, agentId, queueId, kind }: routing.OfferMade, at: number): void {
    const chat = this.#chats.get(conversationId);
    this.#take({ conversationId, agentId }, chat?.queueId ?? queueId, at);
    if (!chat || kind === Kind.KIND_TRANSFER) return;
    if (chat.offers.size === 0) this.#line(chat.queueId).change(at, -1, 0);
    chat.offers.set(agentId, at);
  }

  #accepted({ conversationId, agentId }: routing.OfferAccepted, at: number): void {
    const chat = this.#chats.get(conversationId);
    const offeredAt = chat?.offers.get(agentId);
    if (!chat || offeredAt === undefined) return;
    const line = this.#line(chat.queueId);
    line.accepted((at - offeredAt) / 1000);
    line.end(conversationId, at, 'answered');
    this.#chats.delete(conversationId);
  }

  #returned(pair: { readonly conversationId: string; readonly agentId: string }, at: number): void {
    this.#free(pair, at);
    const chat = this.#chats.get(pair.conversationId);
    if (!chat?.offers.delete(pair.agentId)) return;
    if (chat.offers.size === 0) this.#line(chat.queueId).change(at, 1, 0);
  }

  #leave(conversationId: string, at: number, how: 'left' | 'elsewhere'): void {
    const chat = this.#chats.get(conversationId);
    if (!chat) return;
    const line = this.#line(chat.queueId);
    if (chat.offers.size === 0) line.change(at, -1, 0);
    line.end(conversationId, at, how);
    this.#chats.delete(conversationId);
  }

  #take({ conversationId, agentId }: SlotOf, queueId: string, at: number): void {
    const key = slotKey(conversationId, agentId);
    if (this.#slots.has(key)) return;
    this.#slots.set(key, queueId);
    this.#line(queueId).change(at, 0, 1);
  }

  #free({ conversationId, agentId }: SlotOf, at: number): string | undefined {
    const key = slotKey(conversationId, agentId);
    const queueId = this.#slots.get(key);
    if (queueId === undefined) return undefined;
    this.#slots.delete(key);
    this.#line(queueId).change(at, 0, -1);
    return queueId;
  }

  #forget(queueId: string): void {
    this.#lines.delete(queueId);
    for (const [id, chat] of this.#chats) if (chat.queueId === queueId) this.#chats.delete(id);
    for (const [key, queue] of this.#slots) if (queue === queueId) this.#slots.delete(key);
  }

  #line(queueId: string): QueueLine {
    let line = this.#lines.get(queueId);
    if (!line) this.#lines.set(queueId, (line = new QueueLine()));
    return line;
  }
}

interface SlotOf {
  readonly conversationId: string;
  readonly agentId: string;
}

const slotKey = (conversationId: string, agentId: string): string => `${conversationId}/${agentId}`;

/** Outwards, so that rounding never makes the range narrower than it was meant. */
const rounded = ({ low, median, high }: Range): routing.WaitEstimate => {
  const step = high < 120 ? 10 : high < 600 ? 30 : 60;
  return {
    lowSeconds: Math.floor(low / step) * step,
    medianSeconds: Math.round(median / step) * step,
    highSeconds: Math.ceil(high / step) * step,
  };
};
