/** A map that forgets what was put in longest ago. */
export class Lru<V> {
  readonly #entries = new Map<string, V>();

  constructor(private readonly most: number) {}

  /** Takes the value out. */
  take(key: string): V | undefined {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    return value;
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.most) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}
