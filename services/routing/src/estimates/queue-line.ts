import { Calibration, type ScoreRange } from './calibration.js';
import { scoreOf, waitAt, waitModel, type WaitModel } from './model.js';
import { Rate, type RateRecord } from './rates.js';

/** Chats that must have ended before their rate is believed. */
const LEAST_SERVED = 10;
/** Acceptances after which the mean time to accept is believed. */
const RING_MEMORY = 50;

/** A wait that is under way, and what was said about it when it began. Times in ms. */
interface Waiting {
  readonly since: number;
  readonly model: WaitModel;
  readonly given: ScoreRange;
}

/** A range of seconds, unrounded. */
export interface Range {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** What is kept of a queue. */
export interface QueueLineRecord {
  readonly service: RateRecord;
  readonly abandon: RateRecord;
  readonly ring: { readonly mean: number; readonly count: number };
  readonly resolved: ReturnType<Calibration['toJSON']>;
}

/** One queue's rates, the waits under way, and how good what was said about earlier ones was. */
export class QueueLine {
  readonly calibration: Calibration;
  readonly #service: Rate;
  readonly #abandon: Rate;
  readonly #waits = new Map<string, Waiting>();
  #ring: { mean: number; count: number };
  #waiting = 0;
  #serving = 0;
  #at = 0;

  constructor(record?: QueueLineRecord) {
    this.#service = new Rate(record?.service);
    this.#abandon = new Rate(record?.abandon);
    this.#ring = { mean: 0, count: 0, ...record?.ring };
    this.calibration = new Calibration(record?.resolved);
  }

  /** The number of waiting or served chats changes at this time (ms). */
  change(at: number, waiting: number, serving: number): void {
    const seconds = this.#at === 0 ? 0 : (at - this.#at) / 1000;
    this.#service.expose(this.#serving, seconds);
    this.#abandon.expose(this.#waiting, seconds);
    this.#at = Math.max(this.#at, at);
    this.#waiting = Math.max(0, this.#waiting + waiting);
    this.#serving = Math.max(0, this.#serving + serving);
  }

  /** A chat was served to its end. */
  served(): void {
    this.#service.happened();
  }

  /** It was accepted so many seconds after it was offered. */
  accepted(seconds: number): void {
    const count = Math.min(this.#ring.count + 1, RING_MEMORY);
    this.#ring = { mean: this.#ring.mean + (seconds - this.#ring.mean) / count, count };
  }

  /** The distribution of the wait at a place in line (1 is next); undefined when it cannot be said. */
  modelAt(place: number): WaitModel | undefined {
    if (this.#service.weight() < LEAST_SERVED) return undefined;
    return waitModel({
      place,
      serving: this.#serving,
      serviceRate: this.#service.perSecond(),
      abandonRate: this.#abandon.perSecond(),
      ringSeconds: this.#ring.mean,
    });
  }

  /** The 80 % range (s) at a place in line, calibrated, whether it can be trusted or not. */
  rangeAt(place: number): Range | undefined {
    const model = this.modelAt(place);
    return model && rangeOf(model, this.calibration.range());
  }

  /** A wait begins: what would be said now is compared with what it becomes. */
  begin(conversationId: string, at: number, place: number): void {
    const model = this.modelAt(place);
    if (model) this.#waits.set(conversationId, { since: at, model, given: this.calibration.range() });
  }

  /** A wait ends: with an agent, or (`left`) because the visitor left or the chat went elsewhere. */
  end(conversationId: string, at: number, how: 'answered' | 'left' | 'elsewhere'): void {
    if (how !== 'elsewhere') this.#abandon.happened(how === 'left');
    const wait = this.#waits.get(conversationId);
    if (!wait) return;
    this.#waits.delete(conversationId);
    const seconds = Math.max(0, at - wait.since) / 1000;
    this.calibration.resolve(scoreOf(wait.model, seconds), wait.given, how !== 'answered');
  }

  toJSON(): QueueLineRecord {
    return {
      service: this.#service.toJSON(),
      abandon: this.#abandon.toJSON(),
      ring: this.#ring,
      resolved: this.calibration.toJSON(),
    };
  }
}

const rangeOf = (model: WaitModel, { low, median, high }: ScoreRange): Range => ({
  low: waitAt(model, low),
  median: waitAt(model, median),
  high: waitAt(model, high),
});
