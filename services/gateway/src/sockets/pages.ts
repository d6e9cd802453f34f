import type { Wire } from './port.js';

/** Pages of histories on their way to one client: one after the other, each once the one before has left. */
export class Pages {
  private last: Promise<void> = Promise.resolve();
  constructor(private readonly wire: Wire) {}

  /** As SocketPort's sendPage. */
  send(frame: () => string | undefined): Promise<void> {
    const turn = this.last.then(() => this.sendNow(frame));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private sendNow(frame: () => string | undefined): Promise<void> {
    const text = this.wire.open ? frame() : undefined;
    if (text === undefined) return Promise.resolve();
    return new Promise((resolve) => this.wire.send(text, () => resolve()));
  }
}
