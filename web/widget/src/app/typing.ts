const SEND_EVERY_MS = 1_000;
const SHOW_MS = 5_000;
const LONGEST_PREVIEW = 500;

/** Typing in both directions: ours is sent at most once a second, theirs ends by itself after 5 s. */
export class Typing {
  #sentAt = 0;
  #later: ReturnType<typeof setTimeout> | undefined;
  #hide: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly send: (typing: boolean, preview: string) => void,
    private readonly show: (name: string | undefined) => void,
  ) {}

  /** The visitor changed the text of the composer. */
  typed(text: string): void {
    clearTimeout(this.#later);
    if (!text) return this.stop();
    const wait = Math.max(0, this.#sentAt + SEND_EVERY_MS - Date.now());
    this.#later = setTimeout(() => {
      this.#sentAt = Date.now();
      this.send(true, text.slice(0, LONGEST_PREVIEW));
    }, wait);
  }

  stop(): void {
    clearTimeout(this.#later);
    if (this.#sentAt === 0) return;
    this.#sentAt = 0;
    this.send(false, '');
  }

  /** The agent of that name types; undefined: does not any more. */
  heard(name: string | undefined): void {
    clearTimeout(this.#hide);
    this.show(name);
    if (name !== undefined) this.#hide = setTimeout(() => this.show(undefined), SHOW_MS);
  }
}
