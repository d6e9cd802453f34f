/** Ends that are remembered: older ones count less and less. */
const MEMORY = 200;

/** How a rate is kept: events and the time in which they could have happened, both fading as events come in. */
export interface RateRecord {
  readonly events: number;
  readonly seconds: number;
}

/**
 * How often something happens per second of exposure, such as chats ended per second of a busy slot. What is still going
 * on counts with its time so far, so that long chats do not go unseen until they end. It fades with events, not with
 * time: the night does not make it forget the day.
 */
export class Rate {
  #events: number;
  #seconds: number;

  constructor({ events, seconds }: RateRecord = { events: 0, seconds: 0 }) {
    this.#events = events;
    this.#seconds = seconds;
  }

  /** So many were exposed for so long. */
  expose(count: number, seconds: number): void {
    this.#seconds += count * Math.max(0, seconds);
  }

  /** It has happened; `counted` false: it could have, and something else came first. */
  happened(counted = true): void {
    const kept = 1 - 1 / MEMORY;
    this.#events = this.#events * kept + (counted ? 1 : 0);
    this.#seconds *= kept;
  }

  /** Per second; 0 before it has happened. */
  perSecond(): number {
    return this.#seconds > 0 ? this.#events / this.#seconds : 0;
  }

  /** How much is known, in events. */
  weight(): number {
    return this.#events;
  }

  toJSON(): RateRecord {
    return { events: this.#events, seconds: this.#seconds };
  }
}
