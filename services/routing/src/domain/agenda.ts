import type { Compare } from './ordered-set.js';

/** Width of a span, ms. */
const SPAN = 1024;
/** What is not current any more is thrown out when there is more of it than of the rest, and than this. */
const FEW = 64;

/**
 * Things by their time (ms), of which only the next is ever asked for. They lie in spans as they come, and a span is put
 * in order when it is the next one: so adding costs the same however many there are. What has become void is not searched
 * for: it is passed over when its time comes.
 */
export class Agenda<T> implements Iterable<T> {
  readonly #time: (thing: T) => number;
  readonly #compare: Compare<T>;
  readonly #isCurrent: (thing: T) => boolean;
  readonly #spans = new Map<number, T[]>();
  /** Numbers of the spans, ascending. */
  readonly #ahead: number[] = [];
  /** The next span and all before it, the first thing last. */
  #next: T[] = [];
  #nextSpan = -Infinity;
  #size = 0;
  #void = 0;

  /** `compare` sorts by time first, and is 0 for equal things only. */
  constructor(time: (thing: T) => number, compare: Compare<T>, isCurrent: (thing: T) => boolean) {
    this.#time = time;
    this.#compare = compare;
    this.#isCurrent = isCurrent;
  }

  add(thing: T): void {
    this.#size++;
    const span = Math.floor(this.#time(thing) / SPAN);
    if (span <= this.#nextSpan) return this.#insert(thing);
    const things = this.#spans.get(span);
    if (things) things.push(thing);
    else this.#begin(span, thing);
  }

  /** One of them has become void. */
  drop(): void {
    this.#void++;
    if (this.#void > FEW && this.#void > this.#size / 2) this.#clear();
  }

  /** The current thing that comes first; undefined when there is none. */
  first(): T | undefined {
    for (;;) {
      for (let last = this.#next.at(-1); last !== undefined; last = this.#next.at(-1)) {
        if (this.#isCurrent(last)) return last;
        this.#next.pop();
        this.#passed(1);
      }
      const span = this.#ahead.shift();
      if (span === undefined) return undefined;
      const things = this.#spans.get(span)!;
      this.#spans.delete(span);
      this.#nextSpan = span;
      this.#next = things.filter(this.#isCurrent).sort((a, b) => this.#compare(b, a));
      this.#passed(things.length - this.#next.length);
    }
  }

  /** All that are current, in no order; one that was added twice comes twice. */
  *[Symbol.iterator](): Iterator<T> {
    for (const things of [this.#next, ...this.#spans.values()])
      for (const thing of things) if (this.#isCurrent(thing)) yield thing;
  }

  #passed(count: number): void {
    this.#size -= count;
    this.#void = Math.max(0, this.#void - count);
  }

  #insert(thing: T): void {
    const next = this.#next;
    let low = 0;
    let high = next.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(next[middle]!, thing) > 0) low = middle + 1;
      else high = middle;
    }
    next.splice(low, 0, thing);
  }

  #begin(span: number, thing: T): void {
    this.#spans.set(span, [thing]);
    const ahead = this.#ahead;
    let place = ahead.length;
    while (place > 0 && ahead[place - 1]! > span) place--;
    ahead.splice(place, 0, span);
  }

  #clear(): void {
    this.#next = this.#next.filter(this.#isCurrent);
    this.#size = this.#next.length;
    for (const [span, things] of this.#spans) {
      const current = things.filter(this.#isCurrent);
      this.#size += current.length;
      if (current.length > 0) this.#spans.set(span, current);
      else {
        this.#spans.delete(span);
        this.#ahead.splice(this.#ahead.indexOf(span), 1);
      }
    }
    this.#void = 0;
  }
}
