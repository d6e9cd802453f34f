/** Negative when `a` comes first, positive when `b` does, 0 only for the same element. */
export type Compare<T> = (a: T, b: T) => number;

/** Elements a chunk holds before it is split; moving half of them costs less than a microsecond. */
const CHUNK = 256;

/**
 * A set kept in order: insert, delete and rank find their place by binary search over chunks of at most 256, so
 * their cost grows with the logarithm of the size. Elements must not change their order while they are inside.
 */
export class OrderedSet<T> implements Iterable<T> {
  readonly #compare: Compare<T>;
  #chunks: T[][] = [];
  #size = 0;

  constructor(compare: Compare<T>) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  /** The element that comes first; undefined when empty. */
  first(): T | undefined {
    return this.#chunks[0]?.[0];
  }

  /** False when it was there already. */
  add(element: T): boolean {
    if (this.#chunks.length === 0) {
      this.#chunks.push([element]);
      this.#size = 1;
      return true;
    }
    const at = Math.min(this.#chunkOf(element), this.#chunks.length - 1);
    const chunk = this.#chunks[at]!;
    const place = this.#placeIn(chunk, element);
    if (place < chunk.length && this.#compare(chunk[place]!, element) === 0) return false;
    chunk.splice(place, 0, element);
    if (chunk.length > CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK >> 1));
    this.#size++;
    return true;
  }

  /** False when it was not there. */
  delete(element: T): boolean {
    const at = this.#chunkOf(element);
    const chunk = this.#chunks[at];
    if (!chunk) return false;
    const place = this.#placeIn(chunk, element);
    if (place >= chunk.length || this.#compare(chunk[place]!, element) !== 0) return false;
    chunk.splice(place, 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
    this.#size--;
    return true;
  }

  has(element: T): boolean {
    const chunk = this.#chunks[this.#chunkOf(element)];
    if (!chunk) return false;
    const place = this.#placeIn(chunk, element);
    return place < chunk.length && this.#compare(chunk[place]!, element) === 0;
  }

  /** How many elements come before this one, whether or not it is inside. */
  rank(element: T): number {
    const at = this.#chunkOf(element);
    let before = 0;
    for (let i = 0; i < at; i++) before += this.#chunks[i]!.length;
    const chunk = this.#chunks[at];
    return chunk ? before + this.#placeIn(chunk, element) : before;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** Index of the first chunk whose last element does not come before this one; the number of chunks if none. */
  #chunkOf(element: T): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const chunk = this.#chunks[middle]!;
      if (this.#compare(chunk[chunk.length - 1]!, element) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #placeIn(chunk: readonly T[], element: T): number {
    let low = 0;
    let high = chunk.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(chunk[middle]!, element) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
