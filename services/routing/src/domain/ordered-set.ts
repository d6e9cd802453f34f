/** Negative when `a` comes first, positive when `b` does, 0 only for the same element. */
export type Compare<T> = (a: T, b: T) => number;

/** Elements a chunk holds before it is split, at least; in large sets twice the square root of their number. */
const CHUNK = 64;

/** Elements in order, with the number that they are sorted by first beside them. */
interface Chunk<T> {
  readonly keys: number[];
  readonly elements: T[];
}

// Chunks are short, and splice makes one more array at every call.
const insertAt = <T>({ keys, elements }: Chunk<T>, place: number, key: number, element: T): void => {
  keys.push(key);
  elements.push(element);
  for (let i = keys.length - 1; i > place; i--) {
    keys[i] = keys[i - 1]!;
    elements[i] = elements[i - 1]!;
  }
  keys[place] = key;
  elements[place] = element;
};

const removeAt = <T>({ keys, elements }: Chunk<T>, place: number): void => {
  const last = keys.length - 1;
  for (let i = place; i < last; i++) {
    keys[i] = keys[i + 1]!;
    elements[i] = elements[i + 1]!;
  }
  keys.pop();
  elements.pop();
};

/**
 * A set kept in order: insert, delete and has find their place by binary search, over chunks and then within one; rank
 * adds up as many sizes as there are chunks, about the square root of the elements. What elements are sorted by first is
 * a number and lies beside them, so that a search seldom touches an element. Neither key nor order of an element may
 * change while it is inside.
 */
export class OrderedSet<T> implements Iterable<T> {
  readonly #compare: Compare<T>;
  readonly #key: (element: T) => number;
  readonly #chunks: Chunk<T>[] = [];
  /** The last key of each chunk. */
  readonly #lasts: number[] = [];
  #size = 0;

  /** `compare` decides between elements with the same key only. */
  constructor(key: (element: T) => number, compare: Compare<T>) {
    this.#key = key;
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  /** The element that comes first; undefined when empty. */
  first(): T | undefined {
    return this.#chunks[0]?.elements[0];
  }

  /** False when it was there already. */
  add(element: T): boolean {
    const key = this.#key(element);
    if (this.#chunks.length === 0) {
      this.#chunks.push({ keys: [key], elements: [element] });
      this.#lasts.push(key);
      this.#size = 1;
      return true;
    }
    const at = Math.min(this.#chunkOf(key, element), this.#chunks.length - 1);
    const chunk = this.#chunks[at]!;
    const { keys, elements } = chunk;
    const place = this.#placeIn(chunk, key, element);
    if (place < keys.length && keys[place] === key && this.#compare(elements[place]!, element) === 0)
      return false;
    if (place === keys.length) this.#lasts[at] = key;
    insertAt(chunk, place, key, element);
    this.#size++;
    if (keys.length > CHUNK && keys.length > 2 * Math.sqrt(this.#size)) this.#split(at);
    return true;
  }

  /** False when it was not there. */
  delete(element: T): boolean {
    const key = this.#key(element);
    const at = this.#chunkOf(key, element);
    const chunk = this.#chunks[at];
    if (!chunk) return false;
    const { keys, elements } = chunk;
    const place = this.#placeIn(chunk, key, element);
    const found = elements[place];
    if (found === undefined || keys[place] !== key) return false;
    if (found !== element && this.#compare(found, element) !== 0) return false;
    if (keys.length === 1) {
      this.#chunks.splice(at, 1);
      this.#lasts.splice(at, 1);
    } else {
      removeAt(chunk, place);
      this.#lasts[at] = keys[keys.length - 1]!;
    }
    this.#size--;
    return true;
  }

  has(element: T): boolean {
    const key = this.#key(element);
    const chunk = this.#chunks[this.#chunkOf(key, element)];
    if (!chunk) return false;
    const place = this.#placeIn(chunk, key, element);
    const found = chunk.elements[place];
    return found !== undefined && chunk.keys[place] === key && this.#compare(found, element) === 0;
  }

  /** How many elements come before this one, whether or not it is inside. */
  rank(element: T): number {
    const key = this.#key(element);
    const at = this.#chunkOf(key, element);
    let before = 0;
    for (let i = 0; i < at; i++) before += this.#chunks[i]!.keys.length;
    const chunk = this.#chunks[at];
    return chunk ? before + this.#placeIn(chunk, key, element) : before;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const { elements } of this.#chunks) yield* elements;
  }

  #split(at: number): void {
    const { keys, elements } = this.#chunks[at]!;
    const half = keys.length >> 1;
    const upper = { keys: keys.splice(half), elements: elements.splice(half) };
    this.#chunks.splice(at + 1, 0, upper);
    this.#lasts.splice(at, 1, keys[half - 1]!, upper.keys[upper.keys.length - 1]!);
  }

  /** Index of the first chunk whose last element does not come before this one; the number of chunks if none. */
  #chunkOf(key: number, element: T): number {
    const lasts = this.#lasts;
    let low = 0;
    let high = lasts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = lasts[middle]!;
      if (last < key || (last === key && this.#lastIsBefore(middle, element))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #lastIsBefore(chunk: number, element: T): boolean {
    const { elements } = this.#chunks[chunk]!;
    return this.#compare(elements[elements.length - 1]!, element) < 0;
  }

  #placeIn({ keys, elements }: Chunk<T>, key: number, element: T): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = keys[middle]!;
      if (other < key || (other === key && this.#compare(elements[middle]!, element) < 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
