import type { ClientFrame } from './gen/parley/gateway/v1/frames.js';
import type { Runtime } from './runtime.js';

/** A conversation's receipts are sent at most this often, ms; the last one always follows. */
const EVERY_MS = 500;

/** Tells the other side how far a conversation has reached this client. Live only: lost when offline. */
export class Receipts {
  readonly #due = new Map<string, number>();

  constructor(
    private readonly runtime: Runtime,
    private readonly send: (frame: ClientFrame) => boolean,
  ) {}

  /** Events up to this version are here. */
  arrived(conversationId: string, version: number): void {
    const waits = this.#due.has(conversationId);
    this.#due.set(conversationId, version);
    if (waits) return;
    this.runtime.setTimer(() => {
      const receivedVersion = this.#due.get(conversationId) ?? version;
      this.#due.delete(conversationId);
      this.send({ typing: { conversationId, receivedVersion } });
    }, EVERY_MS);
  }
}
