import { routing } from '@parley/contracts';
import { Random } from './random.js';

/** A queue to simulate. Times in seconds. */
export interface SimulatedQueue {
  readonly seed: number;
  readonly chats: number;
  /** To the next arrival. */
  readonly interarrival: (now: number, random: Random) => number;
  /** How long this agent takes for a chat. */
  readonly talk: (agent: number, random: Random) => number;
  readonly agents: number;
  /** Agents at work at a time; all of them when not given. It is looked at whenever a chat ends. */
  readonly staff?: (now: number) => number;
  /** How long somebody is ready to wait; for ever when not given. */
  readonly patience?: (random: Random) => number;
}

/** A chat that had to wait: what it met, and how long it waited, or would have if it had not left. */
export interface SimulatedWait {
  readonly id: string;
  /** 1: it was next. */
  readonly place: number;
  readonly at: number;
  readonly seconds: number;
  readonly left: boolean;
}

/** Where the events of the simulation go; `at` in ms. */
export interface Observer {
  /** After the events of a moment. */
  readonly committed: (
    events: readonly routing.RoutingEvent[],
    at: number,
    placeOf: (id: string) => number,
  ) => void;
  readonly waited: (wait: SimulatedWait) => void;
}

interface Waiting {
  readonly id: string;
  readonly since: number;
  readonly place: number;
  /** Patience is over; it stays in line as a shadow, to learn how long it would have waited. */
  left: boolean;
}

interface Happening {
  readonly at: number;
  readonly order: number;
  readonly what: () => void;
}

type EventCase = NonNullable<routing.RoutingEvent['event']>;

const START = Date.UTC(2026, 0, 5, 8);
const STAFF_CHECK = 60;

/** One queue, first come first served, as the engine's events would tell it. */
export const simulateQueue = (queue: SimulatedQueue, observer: Observer): void => {
  const random = new Random(queue.seed);
  const heap: Happening[] = [];
  const free: number[] = Array.from({ length: queue.agents }, (_, i) => i);
  const line: Waiting[] = [];
  let order = 0;
  let now = 0;
  let arrived = 0;

  const plan = (at: number, what: () => void): void => {
    const happening = { at, order: order++, what };
    let low = 0;
    let high = heap.length;
    // Latest first, so that the next one is popped from the end.
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = heap[middle]!;
      if (other.at > at || (other.at === at && other.order > happening.order)) low = middle + 1;
      else high = middle;
    }
    heap.splice(low, 0, happening);
  };
  const placeOf = (id: string): number => {
    const present = line.filter(({ left }) => !left);
    return present.findIndex((waiting) => waiting.id === id) + 1;
  };
  const tell = (...events: readonly EventCase[]): void =>
    observer.committed(
      events.map((event) => ({ event })),
      Math.round(START + now * 1000),
      placeOf,
    );
  const busy = (): number => queue.agents - free.length;
  const maySeat = (): boolean => free.length > 0 && busy() < (queue.staff?.(now) ?? queue.agents);

  const serve = (id: string): EventCase[] => {
    const agent = free.shift()!;
    const pair = { offerId: `${id}-o`, conversationId: id, agentId: `agent${agent}` };
    plan(now + queue.talk(agent, random), () => {
      free.push(agent);
      const reason = routing.AssignmentEnded_Reason.REASON_CLOSED;
      const ended = { conversationId: id, agentId: pair.agentId, reason, sourceVersion: 2 };
      tell({ $case: 'assignmentEnded', value: ended }, ...fill());
    });
    return [
      { $case: 'offerMade', value: routing.OfferMade.fromPartial({ ...pair, queueId: 'q' }) },
      { $case: 'offerAccepted', value: pair },
    ];
  };
  const fill = (): EventCase[] => {
    const events: EventCase[] = [];
    while (maySeat() && line.length > 0) {
      const next = line.shift()!;
      observer.waited({ ...next, at: START + next.since * 1000, seconds: now - next.since });
      if (!next.left) events.push(...serve(next.id));
    }
    return events;
  };
  const arrive = (): void => {
    const id = `c${arrived++}`;
    if (arrived < queue.chats) plan(now + queue.interarrival(now, random), arrive);
    const entry = routing.ConversationEnqueued.fromPartial({ conversationId: id, queueId: 'q', weight: 1 });
    const entered: EventCase = { $case: 'conversationEnqueued', value: entry };
    if (maySeat() && line.length === 0) return tell(entered, ...serve(id));
    const place = line.filter(({ left }) => !left).length + 1;
    const waiting: Waiting = { id, since: now, place, left: false };
    line.push(waiting);
    tell(entered);
    if (queue.patience) plan(now + queue.patience(random), () => leave(waiting));
  };
  const leave = (waiting: Waiting): void => {
    if (!line.includes(waiting)) return;
    waiting.left = true;
    const reason = routing.ConversationDequeued_Reason.REASON_CLOSED;
    tell({
      $case: 'conversationDequeued',
      value: { conversationId: waiting.id, queueId: 'q', reason, sourceVersion: 2 },
    });
  };
  const checkStaff = (): void => {
    const events = fill();
    if (events.length > 0) tell(...events);
    if (arrived < queue.chats || line.length > 0) plan(now + STAFF_CHECK, checkStaff);
  };

  plan(0, arrive);
  if (queue.staff) plan(0, checkStaff);
  for (let next = heap.pop(); next; next = heap.pop()) {
    now = next.at;
    next.what();
  }
};
